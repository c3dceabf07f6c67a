//! The browser adapters: web-sys and gloo behind the client's interfaces.
//!
//! Every JavaScript closure and timer is owned by a struct and dropped with it. Values from JavaScript are not trusted: one
//! that is missing or odd becomes an error or is left out, and nothing here panics on it.

mod channel;
mod clock;
mod http;
pub mod js;
mod lifecycle;
mod peer;
mod places;
mod probe;
mod random;
mod spawner;
mod stats;
mod store;
pub mod values;
mod webrtc;

use std::rc::Rc;

use crate::config::Dependencies;
use crate::interfaces::state::MemoryStateManager;

pub use channel::BrowserDataChannel;
pub use clock::BrowserClock;
pub use http::FetchHttpClient;
pub use lifecycle::Lifecycle;
pub use peer::BrowserPeerConnection;
pub use places::LockedPlaces;
pub use probe::probe;
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
        ice_servers: None,
        state: Rc::new(MemoryStateManager::default()),
        clock: Rc::new(BrowserClock::default()),
        spawner: Rc::new(LocalSpawner),
        seed: seed(),
        store: None,
        interpose: None,
        places: Some(Rc::new(LockedPlaces)),
    }
}
