//! What becomes of a message, and how much is on its way.

use serde::Serialize;
use strum::IntoStaticStr;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum SendOutcome {
    /// It was handed to the data channel.
    Sent,
    /// It waits: for the data channel to have room, or for the connection to come back.
    Buffered,
}

as_str!(SendOutcome);

/// How much is on its way to the peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BufferLevels {
    /// Messages that wait to be handed to the data channel.
    pub waiting: usize,
    /// Messages that were handed over and of which the peer has not said yet that it has them. A peer that knows only the
    /// specification never says so, and then none is counted.
    pub unacknowledged: usize,
    /// The bytes of both.
    pub bytes: usize,
}
