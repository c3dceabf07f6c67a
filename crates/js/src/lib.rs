//! `WebRTCRegistryClient` for JavaScript and TypeScript: the specification's class under its own names, by wasm-bindgen,
//! with the interfaces that its caller may inject.
//!
//! For targets other than wasm the crate is empty.
#![cfg(target_family = "wasm")]

mod arguments;
mod class;
mod config;
mod error;
mod events;
mod expose;
mod inject;
mod inner;
mod registry;
mod state;
mod value;

pub use arguments::{read, refused};
pub use class::WebRtcRegistryClientJs;
pub use config::use_dependencies;
pub use error::{RegistryClientError, plain as failure};
pub use expose::{Exposed, expose};
pub use registry::RegistryClientJs;
pub use state::StateManagerJs;
pub use value::{message, to_json, with_messages as js_value};
