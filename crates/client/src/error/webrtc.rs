//! What can go wrong with the peer connection.

use std::time::Duration;

use thiserror::Error;

use crate::text::{counted, seconds};

/// A failure of the peer connection or the data channel.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WebRtcError {
    /// There is no WebRTC here.
    #[error(
        "this browser has no WebRTC, or it is switched off: allow it in the browser's settings and extensions, or use a current Chromium, Firefox or Safari ({0})"
    )]
    Unsupported(String),
    /// The ICE settings were refused.
    #[error("the STUN or TURN settings were refused: check their addresses and credentials ({0})")]
    BadConfiguration(String),
    /// The browser makes no further peer connection.
    #[error(
        "the browser has too many peer connections open: close other tabs of this site, or reload this page, and start again ({0})"
    )]
    TooManyConnections(String),
    /// The browser made no peer connection for another reason.
    #[error("the browser could not make a peer connection: start again, reload the page, or restart the browser ({0})")]
    NoPeerConnection(String),
    /// A step of the negotiation failed.
    #[error("the browser failed while {step}: {reason}")]
    Negotiation {
        /// The step.
        step: NegotiationStep,
        /// The browser's words.
        reason: String,
    },
    /// ICE found no path between the peers.
    #[error(
        "no network path between the peers was found: check that both can reach a STUN server, or set a TURN server as relay"
    )]
    IceFailed,
    /// The other side closed the connection on purpose.
    #[error("the peer has left: make a new room to meet again")]
    PeerLeft,
    /// The other side does not answer.
    #[error("the peer has not answered for {}: its network or its page may be gone", seconds(*.0))]
    PeerSilent(Duration),
    /// The other side left, or its connection broke for good.
    #[error("the connection to the peer is lost: it left or its network failed; make a new room to meet again")]
    PeerLost,
    /// ICE has not healed within the grace period; it may still.
    #[error("the connection to the peer has been interrupted for {}: it may heal by itself; check both networks", seconds(*.0))]
    Interrupted(Duration),
    /// The data channel closed before it was open.
    #[error("the data channel closed before it was open: start again in a new room")]
    ChannelClosed,
    /// The answer in the room is not the one that was applied.
    #[error(
        "a second, different answer appeared in the room and was not applied: somebody else may hold the guest's token"
    )]
    ConflictingAnswer,
    /// The buffer is full, and the message was not accepted.
    #[error(
        "the message was not accepted, and no other was dropped for it: {} of {} in all {} for the peer already; send less, or again when some are delivered",
        counted(*messages, "message"),
        counted(*bytes, "byte"),
        if *messages == 1 { "waits" } else { "wait" }
    )]
    BufferFull {
        /// How many messages it holds.
        messages: usize,
        /// Their bytes.
        bytes: usize,
    },
    /// The message is too large for the buffer, or for a peer that takes no parts of messages.
    #[error(
        "the message was not accepted: it has {}, and this peer can be sent {limit} at most; split it",
        counted(*bytes, "byte")
    )]
    MessageTooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size.
        limit: usize,
    },
    /// The other side acknowledges more messages than it was sent.
    #[error(
        "the peer says that it has received {}, but was sent {sent}: its side of the durable connection is faulty",
        counted(*delivered as usize, "message")
    )]
    Overstated {
        /// What it says that it has received.
        delivered: u64,
        /// How many were sent to it.
        sent: u64,
    },
    /// The message could not be handed to the data channel.
    #[error("the message could not be sent: {0}")]
    SendFailed(String),
}

/// A step of the offer/answer negotiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NegotiationStep {
    /// `createOffer`
    #[error("making the offer")]
    CreateOffer,
    /// `createAnswer`, with the offer as remote description
    #[error("answering the offer")]
    CreateAnswer,
    /// `setLocalDescription`
    #[error("applying its own description")]
    SetLocalDescription,
    /// `setRemoteDescription`
    #[error("applying the peer's description")]
    SetRemoteDescription,
    /// `createDataChannel`
    #[error("making the data channel")]
    CreateDataChannel,
}

impl WebRtcError {
    /// Whether doing the same again may succeed.
    pub(crate) fn retryable(&self) -> bool {
        matches!(self, Self::TooManyConnections(_) | Self::NoPeerConnection(_) | Self::BufferFull { .. })
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "webrtc_unsupported",
            Self::BadConfiguration(_) => "bad_ice_servers",
            Self::TooManyConnections(_) => "too_many_connections",
            Self::NoPeerConnection(_) => "no_peer_connection",
            Self::Negotiation { .. } => "negotiation_failed",
            Self::IceFailed => "ice_failed",
            Self::PeerLeft => "peer_left",
            Self::PeerSilent(_) => "peer_silent",
            Self::PeerLost => "peer_lost",
            Self::Interrupted(_) => "interrupted",
            Self::ChannelClosed => "channel_closed",
            Self::ConflictingAnswer => "conflicting_answer",
            Self::BufferFull { .. } => "buffer_full",
            Self::MessageTooLarge { .. } => "message_too_large",
            Self::Overstated { .. } => "bad_acknowledgement",
            Self::SendFailed(_) => "send_failed",
        }
    }
}
