//! The states of the WebRTC standard, by its words.

use crate::describe::{Describe, Members};

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

/// What a peer connection said last about itself; `None` where it has said nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtcStates {
    /// `connectionState`
    pub connection_state: Option<PeerConnectionState>,
    /// `iceConnectionState`
    pub ice_connection_state: Option<IceConnectionState>,
    /// `iceGatheringState`
    pub ice_gathering_state: Option<IceGatheringState>,
    /// `signalingState`
    pub signaling_state: Option<SignalingState>,
    /// The data channel's `readyState`
    pub data_channel_state: Option<DataChannelState>,
}

impl Describe for RtcStates {
    fn describe(&self, to: &mut dyn Members) {
        to.text("connectionState", self.connection_state.map(PeerConnectionState::as_str));
        to.text("iceConnectionState", self.ice_connection_state.map(IceConnectionState::as_str));
        to.text("iceGatheringState", self.ice_gathering_state.map(IceGatheringState::as_str));
        to.text("signalingState", self.signaling_state.map(SignalingState::as_str));
        to.text("dataChannelState", self.data_channel_state.map(DataChannelState::as_str));
    }
}
