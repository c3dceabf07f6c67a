//! A client for a WebRTC signalling *Registry*: it makes or joins a room, exchanges offer, answer and candidates by
//! HTTP, and hands the application an open data channel.
//!
//! Everything outside is injected through the traits of [`interfaces`];
//! the adapters for a browser are in `browser`, those for tests in `testing` (feature `testing`). The protocol itself
//! is a pure state machine; [`WebRtcRegistryClient`] is what applications use.
//!
//! In a browser, a host is a few lines:
//!
//! ```
//! # #[cfg(target_family = "wasm")]
//! async fn host() -> Result<(), registry_client::Error> {
//!     use registry_client::{ClientConfig, WebRtcRegistryClient, browser};
//!
//!     let config = ClientConfig { registry_api_url: "https://registry.example.com".into(), ..Default::default() };
//!     let client = WebRtcRegistryClient::new(config, browser::dependencies());
//!     let room = client.create_room("Alice").await?; // the guest joins with `room.code` and `room.join_code`
//!     client.start_connection().await?; // done when the data channel is open
//!     client.send_message(serde_json::json!({"text": "hello"}))?;
//!     Ok(())
//! }
//! ```
//!
//! In a test, two whole clients meet through a real Registry in the same process, on virtual time:
//!
//! ```
//! # #[cfg(feature = "testing")] {
//! use std::time::Duration;
//! use registry_client::{ConnectionState, testing::Pair};
//!
//! let mut pair = Pair::connected();
//! pair.host.send_message(serde_json::json!("ping")).unwrap();
//! assert!(pair.world.run_until(Duration::from_secs(1), || pair.guest.count("message") == 1));
//! # assert_eq!(pair.guest.connection_state(), ConnectionState::Connected);
//! # }
//! ```
//!
//! # Features
//!
//! - `testing`: mocks of every interface, a pair of clients on one faulty network, and virtual time. Off by default.
//!
//! # Rust version
//!
//! Rust 1.91 or newer. A newer minimum is a change of the minor version.

#[macro_use]
pub mod text;

#[cfg(target_family = "wasm")]
pub mod browser;
pub mod check;
pub mod client;
pub mod config;
pub mod error;
pub mod event;
pub mod faults;
pub mod interfaces;
pub mod json;
mod machine;
mod runner;
pub mod settings;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trace;
pub mod types;

pub use client::WebRtcRegistryClient;
pub use config::{ClientConfig, Dependencies};
pub use error::{Diagnostics, Error, ErrorKind};
pub use event::{Event, Timer, TraceEvent};
pub use interfaces::state::{ConnectionState, Role, RoomInfo, RoomLife};
pub use interfaces::store::SessionStore;
pub use registry_protocol as protocol;
pub use settings::Settings;
pub use trace::{Subscription, Trace};
pub use types::sending::{BufferLevels, SendOutcome};
