//! What becomes of a message, and how much is on its way.

use serde::Serialize;
use strum::IntoStaticStr;

/// What happened to an accepted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum SendOutcome {
    /// It was handed to the data channel.
    Sent,
    /// It was buffered until the data channel has room, or the connection is restored.
    Buffered,
}

as_str!(SendOutcome);

/// How much is waiting or unacknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BufferLevels {
    /// Number of messages waiting for the data channel.
    pub waiting: usize,
    /// Number of messages that were sent and not acknowledged. Always 0 if the peer does not support durable connections, because
    /// such a peer never acknowledges.
    pub unacknowledged: usize,
    /// Total size of both, in bytes.
    pub bytes: usize,
}
