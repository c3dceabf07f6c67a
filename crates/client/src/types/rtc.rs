//! The states of the WebRTC standard (W3C *WebRTC: Real-Time Communication in Browsers*), under its names.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

/// `RTCPeerConnectionState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PeerConnectionState {
    /// Nothing has begun.
    New,
    /// ICE or DTLS is at work.
    Connecting,
    /// Packets flow.
    Connected,
    /// Packets have stopped; they may come back.
    Disconnected,
    /// ICE has given up.
    Failed,
    /// Closed on this side.
    Closed,
}

/// `RTCIceConnectionState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum IceConnectionState {
    /// Nothing has begun.
    New,
    /// Candidate pairs are being checked.
    Checking,
    /// A pair works.
    Connected,
    /// A pair is selected and checking is over.
    Completed,
    /// The pair has stopped working; it may come back.
    Disconnected,
    /// No pair works.
    Failed,
    /// Closed on this side.
    Closed,
}

/// `RTCIceGatheringState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum IceGatheringState {
    /// Not begun.
    New,
    /// Candidates are being gathered.
    Gathering,
    /// All have been gathered.
    Complete,
}

/// `RTCSignalingState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum SignalingState {
    /// No negotiation is under way.
    Stable,
    /// This side has offered.
    HaveLocalOffer,
    /// The other side has offered.
    HaveRemoteOffer,
    /// This side has answered provisionally.
    HaveLocalPranswer,
    /// The other side has answered provisionally.
    HaveRemotePranswer,
    /// Closed on this side.
    Closed,
}

/// `RTCDataChannelState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum DataChannelState {
    /// Being set up.
    Connecting,
    /// Messages can be sent.
    Open,
    /// Being closed.
    Closing,
    /// Closed.
    Closed,
}

as_str!(PeerConnectionState, IceConnectionState, IceGatheringState, SignalingState, DataChannelState);

/// What a peer connection said last about itself; `None` where it has said nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
