//! Errors of the peer connection.

use std::time::Duration;

use thiserror::Error;

use crate::text::{counted, seconds};

/// A failure of the peer connection or the data channel.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WebRtcError {
    /// The browser has no WebRTC.
    #[error(
        "this browser has no WebRTC, or it is disabled: enable it in the browser's settings and extensions, or use a current Chromium, Firefox or Safari ({0})"
    )]
    Unsupported(String),
    /// The browser rejected the ICE settings.
    #[error("the browser rejected the STUN or TURN settings: check the URLs and credentials ({0})")]
    BadConfiguration(String),
    /// The application's function for the STUN and TURN servers gave none.
    #[error("the application's function for the STUN and TURN servers gave none: {0}")]
    NoIceServers(String),
    /// The browser has reached its limit of peer connections.
    #[error(
        "the browser has too many peer connections open: close other tabs of this site or reload this page, then try again ({0})"
    )]
    TooManyConnections(String),
    /// The browser could not create a peer connection for another reason.
    #[error("the browser could not create a peer connection: try again, reload the page, or restart the browser ({0})")]
    NoPeerConnection(String),
    /// A step of the negotiation failed.
    #[error("the browser failed while {step}: {reason}")]
    Negotiation {
        /// The step.
        step: NegotiationStep,
        /// The browser's message.
        reason: String,
    },
    /// ICE found no path between the peers.
    #[error(
        "no network path to the peer was found: check that both peers can reach a STUN server, or configure a TURN server"
    )]
    IceFailed,
    /// The peer closed the connection deliberately.
    #[error("the peer has left: create a new room to meet again")]
    PeerLeft,
    /// The peer does not respond.
    #[error("the peer has not responded for {}: its network may be down, or its page closed", seconds(*.0))]
    PeerSilent(Duration),
    /// The peer left, or the connection broke for good.
    #[error("the connection to the peer is lost: it left, or the network failed. Create a new room to meet again")]
    PeerLost,
    /// ICE has not recovered within the grace period; it still may.
    #[error("the connection to the peer has been interrupted for {}: it may recover by itself. Check both networks", seconds(*.0))]
    Interrupted(Duration),
    /// The data channel closed before it was open.
    #[error("the data channel closed before it had opened: try again in a new room")]
    ChannelClosed,
    /// The answer in the room is not the one that was applied.
    #[error(
        "a second, different answer appeared in the room and was ignored: somebody else may have the guest's token"
    )]
    ConflictingAnswer,
    /// The host has replaced its offer while this side was answering it.
    #[error(
        "the host replaced its offer while it was being answered, so the answer was not posted: ask the host for a new room"
    )]
    OfferReplaced,
    /// The buffer is full, and the message was not accepted.
    #[error(
        "the message was not accepted, and no other was dropped for it, because the buffer is full: {} ({} in total) {} to be delivered. Try again when some have been",
        counted(*messages, "message"),
        counted(*bytes, "byte"),
        if *messages == 1 { "is waiting" } else { "are waiting" }
    )]
    BufferFull {
        /// How many messages it holds.
        messages: usize,
        /// Their total size in bytes.
        bytes: usize,
    },
    /// The message is too large for the buffer, or for a peer that does not support splitting messages.
    #[error(
        "the message was not accepted: it has {}, and this peer takes at most {limit}. Split it",
        counted(*bytes, "byte")
    )]
    MessageTooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The largest size in bytes.
        limit: usize,
    },
    /// The peer acknowledged more messages than it was sent.
    #[error(
        "the peer acknowledged {}, but was sent only {sent}: it violates the protocol of durable connections",
        counted(*delivered as usize, "message")
    )]
    Overstated {
        /// How many it acknowledged.
        delivered: u64,
        /// How many were sent to it.
        sent: u64,
    },
    /// The message could not be handed to the data channel.
    #[error("the message could not be sent: {0}")]
    SendFailed(String),
}

/// A step of the offer/answer negotiation (RFC 8829, JSEP).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NegotiationStep {
    /// `createOffer`
    #[error("creating the offer")]
    CreateOffer,
    /// `createAnswer`, with the offer as remote description
    #[error("creating the answer")]
    CreateAnswer,
    /// `setLocalDescription`
    #[error("setting the local description")]
    SetLocalDescription,
    /// `setRemoteDescription`
    #[error("setting the remote description")]
    SetRemoteDescription,
    /// `createDataChannel`
    #[error("creating the data channel")]
    CreateDataChannel,
}

impl WebRtcError {
    /// Whether retrying may succeed.
    pub(crate) fn retryable(&self) -> bool {
        matches!(
            self,
            Self::NoIceServers(_) | Self::TooManyConnections(_) | Self::NoPeerConnection(_) | Self::BufferFull { .. }
        )
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "webrtc_unsupported",
            Self::BadConfiguration(_) => "bad_ice_servers",
            Self::NoIceServers(_) => "no_ice_servers",
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
            Self::OfferReplaced => "offer_replaced",
            Self::BufferFull { .. } => "buffer_full",
            Self::MessageTooLarge { .. } => "message_too_large",
            Self::Overstated { .. } => "bad_acknowledgement",
            Self::SendFailed(_) => "send_failed",
        }
    }
}
