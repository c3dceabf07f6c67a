//! The states of the WebRTC standard, by its words.

words! {
    /// `RTCPeerConnectionState`
    pub enum PeerConnectionState {
        /// Nothing has begun.
        New = "new",
        /// ICE or DTLS is at work.
        Connecting = "connecting",
        /// Packets flow.
        Connected = "connected",
        /// Packets have stopped; they may come back.
        Disconnected = "disconnected",
        /// ICE has given up.
        Failed = "failed",
        /// Closed on this side.
        Closed = "closed",
    }
}
words! {
    /// `RTCIceConnectionState`
    pub enum IceConnectionState {
        /// Nothing has begun.
        New = "new",
        /// Candidate pairs are being checked.
        Checking = "checking",
        /// A pair works.
        Connected = "connected",
        /// A pair is selected and checking is over.
        Completed = "completed",
        /// The pair has stopped working; it may come back.
        Disconnected = "disconnected",
        /// No pair works.
        Failed = "failed",
        /// Closed on this side.
        Closed = "closed",
    }
}
words! {
    /// `RTCIceGatheringState`
    pub enum IceGatheringState {
        /// Not begun.
        New = "new",
        /// Candidates are being gathered.
        Gathering = "gathering",
        /// All have been gathered.
        Complete = "complete",
    }
}
words! {
    /// `RTCSignalingState`
    pub enum SignalingState {
        /// No negotiation is under way.
        Stable = "stable",
        /// This side has offered.
        HaveLocalOffer = "have-local-offer",
        /// The other side has offered.
        HaveRemoteOffer = "have-remote-offer",
        /// This side has answered provisionally.
        HaveLocalPranswer = "have-local-pranswer",
        /// The other side has answered provisionally.
        HaveRemotePranswer = "have-remote-pranswer",
        /// Closed on this side.
        Closed = "closed",
    }
}
words! {
    /// `RTCDataChannelState`
    pub enum DataChannelState {
        /// Being set up.
        Connecting = "connecting",
        /// Messages can be sent.
        Open = "open",
        /// Being closed.
        Closing = "closing",
        /// Closed.
        Closed = "closed",
    }
}
