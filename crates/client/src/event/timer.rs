//! The deadlines of a client.

words! {
    /// Every deadline there is.
    #[repr(usize)]
    pub enum Timer {
        /// Creating or joining is repeated.
        Admission = "admission",
        /// The room should have expired by now: ask.
        RoomExpiry = "roomExpiry",
        /// Posting offer or answer is repeated.
        PostDescription = "postDescription",
        /// The next candidate may be posted.
        PostCandidate = "postCandidate",
        /// The room is polled.
        RoomPoll = "roomPoll",
        /// The other side's candidates are polled.
        CandidatePoll = "candidatePoll",
        /// Both descriptions are known, and the data channel should be open by now.
        Connection = "connection",
        /// All candidates should be gathered by now.
        Gathering = "gathering",
        /// ICE should have healed by now.
        DisconnectedGrace = "disconnectedGrace",
        /// An ICE restart over the control channel should be done by now.
        Restart = "restart",
        /// The next attempt to reconnect begins.
        Reconnect = "reconnect",
        /// The peer should have come to the standby room by now.
        Attempt = "attempt",
        /// The peer should have greeted by now.
        Greeting = "greeting",
        /// The peer is asked whether it is there.
        Heartbeat = "heartbeat",
        /// The peer is told what was delivered.
        Acknowledge = "acknowledge",
        /// The oldest message that waits has waited for too long.
        BufferExpiry = "bufferExpiry",
        /// The next standby room is made, or something about one is tried again.
        Standby = "standby",
        /// The room is closed, whether or not all is delivered that was accepted before.
        Close = "close",
        /// The selected pair of candidates is asked for again.
        SelectedPair = "selectedPair",
    }
}

impl Timer {
    pub(crate) const ALL: [Self; 19] = [
        Self::Admission,
        Self::RoomExpiry,
        Self::PostDescription,
        Self::PostCandidate,
        Self::RoomPoll,
        Self::CandidatePoll,
        Self::Connection,
        Self::Gathering,
        Self::DisconnectedGrace,
        Self::Restart,
        Self::Reconnect,
        Self::Attempt,
        Self::Greeting,
        Self::Heartbeat,
        Self::Acknowledge,
        Self::BufferExpiry,
        Self::Standby,
        Self::Close,
        Self::SelectedPair,
    ];

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
