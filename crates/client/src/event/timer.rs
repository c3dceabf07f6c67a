//! The deadlines of a client.

use serde::{Deserialize, Serialize};
use strum::{EnumCount, EnumIter, IntoStaticStr};

/// Every deadline there is.
#[repr(usize)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumCount, EnumIter, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum Timer {
    /// Creating or joining is repeated.
    Admission,
    /// The room should have expired by now: ask.
    RoomExpiry,
    /// Posting offer or answer is repeated.
    PostDescription,
    /// The next candidate may be posted.
    PostCandidate,
    /// The room is polled.
    RoomPoll,
    /// The other side's candidates are polled.
    CandidatePoll,
    /// Both descriptions are known, and the data channel should be open by now.
    Connection,
    /// All candidates should be gathered by now.
    Gathering,
    /// ICE should have healed by now.
    DisconnectedGrace,
    /// An ICE restart over the control channel should be done by now.
    Restart,
    /// The next attempt to reconnect begins.
    Reconnect,
    /// The peer should have come to the fallback room by now.
    Attempt,
    /// The peer should have greeted by now.
    Greeting,
    /// The peer is asked whether it is there.
    Heartbeat,
    /// What was received is acknowledged.
    Acknowledge,
    /// The oldest message that waits has waited for too long.
    BufferExpiry,
    /// The next fallback room is made, or something about one is tried again.
    Standby,
    /// The room is closed, whether or not all is delivered that was accepted before.
    Close,
    /// The selected pair of candidates is asked for again.
    SelectedPair,
}

as_str!(Timer);

impl Timer {
    /// Whether it belongs to one attempt at a handshake; the others outlive it.
    pub(crate) fn is_of_an_attempt(self) -> bool {
        match self {
            Self::Admission
            | Self::RoomExpiry
            | Self::PostDescription
            | Self::PostCandidate
            | Self::RoomPoll
            | Self::CandidatePoll
            | Self::Connection
            | Self::Gathering
            | Self::Attempt => true,
            Self::DisconnectedGrace
            | Self::Restart
            | Self::Reconnect
            | Self::Greeting
            | Self::Heartbeat
            | Self::Acknowledge
            | Self::BufferExpiry
            | Self::Standby
            | Self::Close
            | Self::SelectedPair => false,
        }
    }
}
