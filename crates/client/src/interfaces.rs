//! What the client needs from outside, as traits that can be injected: each trait's doc comment is its contract.
//!
//! Adapters for a browser are in `browser`, test doubles in `testing`.

pub mod clock;
pub mod http;
pub mod places;
pub mod registry;
pub mod state;
pub mod store;
pub mod webrtc;
