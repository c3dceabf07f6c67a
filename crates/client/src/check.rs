//! Whether a connection could be made from here: what a check does before there is a peer.
//!
//! Each part opens peer connections of its own, takes at most the time that it is given, and closes what it has opened, also if
//! its future is dropped. A part only observes: what that means is for the caller to say.

mod gather;
mod loopback;
mod nat;

use std::rc::Rc;

use crate::interfaces::webrtc::PeerConnection;

pub use gather::{Gathering, ServerError, gather};
pub use loopback::{Loopback, LoopbackError, LoopbackStep, loopback};
pub use nat::{Nat, nat};

/// A peer connection that is closed when it is dropped.
struct Opened(Rc<dyn PeerConnection>);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.close();
    }
}
