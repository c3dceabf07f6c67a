//! What becomes of a message, and how much is on its way.

use crate::describe::{Describe, Members};

words! {
    /// What became of a message.
    pub enum SendOutcome {
        /// It was handed to the data channel.
        Sent = "sent",
        /// It waits: for the data channel to have room, or for the connection to come back.
        Buffered = "buffered",
    }
}

/// How much is on its way to the peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BufferLevels {
    /// Messages that wait to be handed to the data channel.
    pub waiting: usize,
    /// Messages that were handed over and of which the peer has not said yet that it has them. A peer that knows only the
    /// specification never says so, and then none is counted.
    pub unacknowledged: usize,
    /// The bytes of both.
    pub bytes: usize,
}

impl Describe for BufferLevels {
    fn describe(&self, to: &mut dyn Members) {
        to.count("waiting", self.waiting as u64);
        to.count("unacknowledged", self.unacknowledged as u64);
        to.count("bytes", self.bytes as u64);
    }
}
