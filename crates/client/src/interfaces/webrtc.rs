//! The peer connection and its data channel. Specification: *WebRTCManager Interface*.

mod config;

use std::any::Any;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use registry_protocol::{IceCandidate, SessionDescription};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr};

use crate::error::WebRtcError;

pub use crate::types::pair::{CandidateEnd, CandidatePair};
pub use crate::types::rtc::{
    DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, RtcStates, SignalingState,
};

/// One entry of `RTCConfiguration.iceServers`.
///
/// It does not serialize, since its password is a secret, and what it cannot be read from is never repeated.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct IceServer {
    /// `stun:`, `stuns:`, `turn:` and `turns:` URLs (RFC 7064, RFC 7065); in JSON one of them or an array.
    #[serde(deserialize_with = "config::urls")]
    pub urls: Vec<String>,
    /// User name for a TURN server.
    #[serde(default, deserialize_with = "config::username")]
    pub username: Option<String>,
    /// Password for a TURN server: a secret.
    #[serde(default, deserialize_with = "config::credential")]
    pub credential: Option<String>,
}

impl std::fmt::Debug for IceServer {
    /// Prints only the URLs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IceServer({:?})", self.urls)
    }
}

/// Which candidates ICE may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum IceTransportPolicy {
    /// Any.
    #[default]
    All,
    /// Only those of a TURN server.
    Relay,
}

as_str!(IceTransportPolicy);

/// What a peer connection is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerConfig {
    /// STUN and TURN servers.
    pub ice_servers: Vec<IceServer>,
    /// Which candidates ICE may use.
    pub ice_transport_policy: IceTransportPolicy,
}

/// What a data channel says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// It is open.
    Open,
    /// It is closed for good.
    Close,
    /// It failed; `Close` follows.
    Error(String),
    /// A text message came.
    Message(String),
    /// A message came that is no text.
    Binary(Vec<u8>),
    /// What the channel had to send has become little.
    BufferedAmountLow,
}

/// What helps to understand a handshake but does not drive it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RtcDiagnostic {
    /// `iceconnectionstatechange`
    IceConnectionState(IceConnectionState),
    /// `icegatheringstatechange`
    IceGatheringState(IceGatheringState),
    /// `signalingstatechange`
    SignalingState(SignalingState),
    /// `icecandidateerror`: a STUN or TURN server could not be used.
    IceCandidateError {
        /// The server.
        url: String,
        /// STUN error code, or 701 when the server could not be reached.
        code: u16,
        /// The browser's words.
        text: String,
    },
    /// Another pair of candidates carries the connection.
    SelectedPairChanged,
    /// `icecandidate`, where the browser says from which STUN or TURN server the candidate is: that server can be used.
    IceServerAnswered {
        /// The server.
        url: String,
    },
}

/// The stream of the control channel: far from those that browsers give out by themselves, and below the 256 that all
/// of them have from the beginning.
pub const CONTROL_CHANNEL_ID: u16 = 200;
/// The label of the control channel.
pub const CONTROL_CHANNEL_LABEL: &str = "registry-control";

/// A callback that the receiver owns.
pub type Callback<T> = Box<dyn Fn(T)>;

/// The outcome of a step of the negotiation; the error is the browser's words.
pub type RtcFuture<T> = LocalBoxFuture<'static, Result<T, String>>;

/// A peer connection as a state manager keeps it.
///
/// Dropping the last reference does not close it; `close` does, and after it no callback comes any more.
pub trait PeerConnection {
    /// Closes the connection and its channels, and drops all callbacks.
    fn close(&self);
    /// The largest message that the other side takes, in bytes, where it is known.
    fn max_message_size(&self) -> Option<usize> {
        None
    }
    /// The host's own object, for whoever knows what it is.
    fn as_any(&self) -> &dyn Any;
}

/// An ordered and reliable data channel.
pub trait DataChannel {
    /// Its label.
    fn label(&self) -> String;
    /// Its state now.
    fn ready_state(&self) -> DataChannelState;
    /// Hands a text message over.
    ///
    /// # Errors
    /// The browser's words: not open, too large, or its queue is full.
    fn send(&self, text: &str) -> Result<(), String>;
    /// Hands a binary message over.
    ///
    /// # Errors
    /// As of [`send`](Self::send); a channel that cannot do this says so.
    fn send_binary(&self, bytes: &[u8]) -> Result<(), String> {
        let _ = bytes;
        Err("this channel takes text only".to_owned())
    }
    /// Bytes handed over and not yet sent.
    fn buffered_amount(&self) -> usize;
    /// From now on says [`ChannelEvent::BufferedAmountLow`] when no more than `bytes` are left to be sent.
    fn set_buffered_amount_low(&self, bytes: usize) {
        let _ = bytes;
    }
    /// Sets the one listener; events that came before are not repeated.
    fn on_event(&self, callback: Callback<ChannelEvent>);
    /// Closes the channel and drops the listener.
    fn close(&self);
    /// The host's own object, for whoever knows what it is.
    fn as_any(&self) -> &dyn Any;
}

/// Makes one peer connection at a time and negotiates with it.
///
/// 1. All calls but `create_peer_connection` are about the peer connection that was made last.
/// 2. Callbacks that are set after `create_peer_connection` belong to that peer connection; none comes after its
///    `close`. They are never called from inside one of these methods.
/// 3. `create_answer` applies the offer as remote description first.
/// 4. Dropping a future gives up the wait, not necessarily the step.
pub trait WebRtcManager {
    /// Makes a peer connection.
    ///
    /// # Errors
    /// With the browser's words: [`Unsupported`](WebRtcError::Unsupported), [`BadConfiguration`](WebRtcError::BadConfiguration),
    /// [`TooManyConnections`](WebRtcError::TooManyConnections) or, for any other reason,
    /// [`NoPeerConnection`](WebRtcError::NoPeerConnection).
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError>;
    /// Makes an offer.
    fn create_offer(&self) -> RtcFuture<SessionDescription>;
    /// Applies `offer` and makes the answer.
    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription>;
    /// Applies this side's description, which begins the gathering of candidates.
    fn set_local_description(&self, description: SessionDescription) -> RtcFuture<()>;
    /// Applies the other side's description.
    fn set_remote_description(&self, description: SessionDescription) -> RtcFuture<()>;
    /// Applies a candidate of the other side.
    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()>;
    /// Makes an ordered and reliable data channel.
    ///
    /// # Errors
    /// The browser's words.
    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String>;
    /// Makes the control channel, pre-negotiated (`negotiated: true`) with [`CONTROL_CHANNEL_ID`], on which durable peers talk to each other; `None` from a manager that
    /// cannot: then every peer is taken for one that knows only the specification.
    ///
    /// # Errors
    /// The browser's words.
    fn create_control_channel(&self) -> Result<Option<Rc<dyn DataChannel>>, String> {
        Ok(None)
    }
    /// Makes the next offer restart ICE; says whether that can be done.
    fn restart_ice(&self) -> bool {
        false
    }
    /// Says each local candidate, and `None` at their end.
    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>);
    /// Says each new `connectionState`.
    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>);
    /// Says each data channel that the other side made.
    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>);
    /// Says what else is known; a manager that knows no more leaves it out.
    fn on_diagnostic(&self, callback: Callback<RtcDiagnostic>) {
        drop(callback);
    }
    /// The selected candidate pair, where it can be known.
    fn selected_pair(&self) -> LocalBoxFuture<'static, Option<CandidatePair>> {
        Box::pin(std::future::ready(None))
    }
    /// Whether [`RtcDiagnostic::SelectedPairChanged`] tells of each change of that pair; else it is asked for now and then.
    fn announces_pairs(&self) -> bool {
        false
    }
}
