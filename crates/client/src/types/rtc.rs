//! The states of the WebRTC standard (W3C *WebRTC: Real-Time Communication in Browsers*), under its names.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// `RTCPeerConnectionState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PeerConnectionState {
    /// Not started.
    New,
    /// ICE or DTLS is being established.
    Connecting,
    /// Packets flow.
    Connected,
    /// The connection is interrupted; it may recover.
    Disconnected,
    /// ICE or DTLS has failed.
    Failed,
    /// Closed locally.
    Closed,
}

/// `RTCIceConnectionState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum IceConnectionState {
    /// Not started.
    New,
    /// Candidate pairs are being checked.
    Checking,
    /// A pair works.
    Connected,
    /// A pair is selected and checking is over.
    Completed,
    /// The pair stopped working; it may recover.
    Disconnected,
    /// No pair works.
    Failed,
    /// Closed locally.
    Closed,
}

/// `RTCIceGatheringState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum IceGatheringState {
    /// Not started.
    New,
    /// Candidates are being gathered.
    Gathering,
    /// All have been gathered.
    Complete,
}

/// `RTCSignalingState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum SignalingState {
    /// No negotiation is under way.
    Stable,
    /// A local offer is pending.
    HaveLocalOffer,
    /// A remote offer is pending.
    HaveRemoteOffer,
    /// A local provisional answer is pending.
    HaveLocalPranswer,
    /// A remote provisional answer is pending.
    HaveRemotePranswer,
    /// Closed locally.
    Closed,
}

/// `RTCDataChannelState`
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, Serialize, Deserialize)]
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

/// The last known states of a peer connection; `None` where unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
