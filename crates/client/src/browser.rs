//! The adapters for a browser: web-sys and gloo behind the interfaces that a client needs from outside.
//!
//! Every JavaScript closure and timer is owned by a struct and goes with it. What the browser hands over is read, never
//! trusted: a missing or odd value is an error in words or left out, and nothing here panics on it.

mod channel;
mod clock;
mod http;
pub mod js;
mod lifecycle;
mod peer;
mod random;
pub mod read;
mod spawner;
mod stats;
mod store;
mod webrtc;

use std::rc::Rc;

use crate::config::Dependencies;
use crate::interfaces::state::MemoryStateManager;

pub use channel::BrowserDataChannel;
pub use clock::BrowserClock;
pub use http::FetchHttpClient;
pub use lifecycle::Lifecycle;
pub use peer::BrowserPeerConnection;
pub use random::seed;
pub use spawner::LocalSpawner;
pub use store::TabStore;
pub use webrtc::BrowserWebRtcManager;

/// All that a client needs from outside, from the browser; replace single fields to inject others.
pub fn dependencies() -> Dependencies {
    Dependencies {
        http: Rc::new(FetchHttpClient),
        registry: None,
        webrtc: Rc::new(BrowserWebRtcManager::default()),
        state: Rc::new(MemoryStateManager::default()),
        clock: Rc::new(BrowserClock::default()),
        spawner: Rc::new(LocalSpawner),
        seed: seed(),
        store: None,
    }
}
