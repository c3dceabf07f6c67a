//! A client for a WebRTC signalling *Registry*: it makes or joins a room, exchanges offer, answer and candidates by
//! HTTP, and hands the application an open data channel.
//!
//! Everything outside is injected through the traits of [`http`], [`registry`], [`webrtc`], [`state`] and [`clock`];
//! the adapters for a browser are in `browser`, those for tests in `testing` (feature `testing`). The protocol itself
//! is a pure machine in [`room`]; [`WebRtcRegistryClient`] is what applications use.

#[cfg(target_family = "wasm")]
pub mod browser;
pub mod client;
pub mod clock;
mod durable;
pub mod error;
pub mod event;
pub mod http;
pub mod registry;
pub mod room;
pub mod settings;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trace;
pub mod webrtc;

pub use client::{BufferLevels, ClientConfig, Dependencies, SendOutcome, SessionStore, WebRtcRegistryClient};
pub use error::{Diagnostics, Error, ErrorKind};
pub use event::{Event, TraceEvent};
pub use registry_protocol as protocol;
pub use settings::Settings;
pub use state::{ConnectionState, Role, RoomInfo};
pub use trace::{Subscription, Trace};
