//! The peer connection and its data channel. Specification: *WebRTCManager Interface*.

mod config;

use std::any::Any;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use registry_protocol::{IceCandidate, SessionDescription};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr};

use crate::error::WebRtcError;
use crate::json::Json;

pub use crate::types::pair::{CandidateEnd, CandidatePair};
pub use crate::types::rtc::{
    DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, RtcStates, SignalingState,
};

/// One entry of `RTCConfiguration.iceServers`.
///
/// It does not serialize, because its password is a secret, and errors of deserializing never repeat a value.
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

/// The configuration of a peer connection (`RTCConfiguration`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerConfig {
    /// STUN and TURN servers.
    pub ice_servers: Vec<IceServer>,
    /// Which candidates ICE may use.
    pub ice_transport_policy: IceTransportPolicy,
}

/// Gives the STUN and TURN servers of a connection, whose credentials may expire.
pub trait IceServerSource {
    /// The servers for the connection that is made or restarted next. The error says why there are none, without secrets.
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>>;
}

/// Where the STUN and TURN servers come from.
#[derive(Clone)]
pub enum IceServers {
    /// The same for every connection.
    Fixed(Vec<IceServer>),
    /// Asked for before each connection, and before each restart of ICE.
    Asked(Rc<dyn IceServerSource>),
}

/// An event of a data channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// It is open.
    Open,
    /// It is closed for good.
    Close,
    /// It failed; `Close` follows.
    Error(String),
    /// A text message was received.
    Message(String),
    /// A binary message was received.
    Binary(Vec<u8>),
    /// The buffered amount has fallen to the threshold (`bufferedamountlow`).
    BufferedAmountLow,
}

/// Diagnostics of a handshake, which do not drive it.
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
        /// The URL of the server.
        url: String,
        /// STUN error code (RFC 8489, section 14.8), or 701 if the server could not be reached.
        code: u16,
        /// The browser's message.
        text: String,
    },
    /// Another candidate pair was selected (`selectedcandidatepairchange`).
    SelectedPairChanged,
    /// `icecandidate` with the URL of the STUN or TURN server that provided the candidate: that server works.
    IceServerAnswered {
        /// The URL of the server.
        url: String,
        /// The candidate (`candidate-attribute`, RFC 8839, section 5.1).
        candidate: Option<String>,
        /// How the browser reaches the TURN server: `udp`, `tcp` or `tls` (`RTCIceCandidate.relayProtocol`).
        relay_protocol: Option<String>,
    },
}

/// The SCTP stream identifier of the control channel (RFC 8832): far from those that browsers assign, and below the 256
/// streams that all of them open initially.
pub const CONTROL_CHANNEL_ID: u16 = 200;
/// The label of the control channel.
pub const CONTROL_CHANNEL_LABEL: &str = "registry-control";

/// A callback that is owned by its receiver.
pub type Callback<T> = Box<dyn Fn(T)>;

/// The outcome of a negotiation step; the error is the browser's message.
pub type RtcFuture<T> = LocalBoxFuture<'static, Result<T, String>>;

/// A peer connection, as kept by a state manager.
///
/// Dropping the last reference does not close it; `close` does, and no callback is called after that.
pub trait PeerConnection {
    /// Closes the connection and its channels, and drops all callbacks.
    fn close(&self);
    /// The largest message that the peer accepts, in bytes, if known (RFC 8841, section 6).
    fn max_message_size(&self) -> Option<usize> {
        None
    }
    /// The implementation's own object, for downcasting.
    fn as_any(&self) -> &dyn Any;
}

/// An ordered and reliable data channel.
pub trait DataChannel {
    /// Its label.
    fn label(&self) -> String;
    /// Its current state.
    fn ready_state(&self) -> DataChannelState;
    /// Sends a text message.
    ///
    /// # Errors
    /// The browser's message: not open, too large, or its queue is full.
    fn send(&self, text: &str) -> Result<(), String>;
    /// Sends a binary message.
    ///
    /// # Errors
    /// As for [`send`](Self::send), or that the channel does not support it.
    fn send_binary(&self, bytes: &[u8]) -> Result<(), String> {
        let _ = bytes;
        Err("this channel takes text only".to_owned())
    }
    /// Number of bytes that are queued and not yet sent.
    fn buffered_amount(&self) -> usize;
    /// Sets the threshold for [`ChannelEvent::BufferedAmountLow`], in bytes.
    fn set_buffered_amount_low(&self, bytes: usize) {
        let _ = bytes;
    }
    /// Sets the only listener; earlier events are not repeated.
    fn on_event(&self, callback: Callback<ChannelEvent>);
    /// Closes the channel and drops the listener.
    fn close(&self);
    /// The implementation's own object, for downcasting.
    fn as_any(&self) -> &dyn Any;
}

/// Creates one peer connection at a time and negotiates with it (RFC 8829, JSEP).
///
/// 1. All methods but `create_peer_connection` refer to the peer connection that was created last.
/// 2. Callbacks that are set after `create_peer_connection` belong to that peer connection; none is called after its
///    `close`, and none from inside one of these methods.
/// 3. `create_answer` first applies the offer as remote description.
/// 4. Dropping a future stops waiting for the step, but not necessarily the step itself.
pub trait WebRtcManager {
    /// Creates a peer connection.
    ///
    /// # Errors
    /// With the browser's message: [`Unsupported`](WebRtcError::Unsupported), [`BadConfiguration`](WebRtcError::BadConfiguration),
    /// [`TooManyConnections`](WebRtcError::TooManyConnections) or, for any other reason,
    /// [`NoPeerConnection`](WebRtcError::NoPeerConnection).
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError>;
    /// Creates an offer.
    fn create_offer(&self) -> RtcFuture<SessionDescription>;
    /// Applies `offer` and creates the answer.
    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription>;
    /// Applies the local description, which starts candidate gathering.
    fn set_local_description(&self, description: SessionDescription) -> RtcFuture<()>;
    /// Applies the remote description.
    fn set_remote_description(&self, description: SessionDescription) -> RtcFuture<()>;
    /// Adds a remote candidate.
    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()>;
    /// Creates an ordered and reliable data channel.
    ///
    /// # Errors
    /// The browser's message.
    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String>;
    /// Creates the control channel of durable connections, pre-negotiated (`negotiated: true`) with [`CONTROL_CHANNEL_ID`].
    /// `None` from a manager that does not support it: then no connection is durable.
    ///
    /// # Errors
    /// The browser's message.
    fn create_control_channel(&self) -> Result<Option<Rc<dyn DataChannel>>, String> {
        Ok(None)
    }
    /// Sets what the next restart of ICE uses (`RTCPeerConnection.setConfiguration`). A manager that cannot, or whose browser
    /// refuses, goes on with what it has.
    fn set_configuration(&self, config: &PeerConfig) {
        let _ = config;
    }
    /// Makes the next offer restart ICE; returns whether that is supported.
    fn restart_ice(&self) -> bool {
        false
    }
    /// Sets the callback for local candidates; `None` marks the end of candidates.
    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>);
    /// Sets the callback for changes of `connectionState`.
    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>);
    /// Sets the callback for data channels that the peer creates.
    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>);
    /// Sets the callback for diagnostics; a manager that has none ignores it.
    fn on_diagnostic(&self, callback: Callback<RtcDiagnostic>) {
        drop(callback);
    }
    /// The selected candidate pair, if known.
    fn selected_pair(&self) -> LocalBoxFuture<'static, Option<CandidatePair>> {
        Box::pin(std::future::ready(None))
    }
    /// The entries of the statistics (`RTCPeerConnection.getStats`), as a JSON array; `None` if there are none. Those of data
    /// channels may have a `bufferedAmount`, in bytes, which browsers do not report there.
    fn statistics(&self) -> LocalBoxFuture<'static, Option<Json>> {
        Box::pin(std::future::ready(None))
    }
    /// Whether [`RtcDiagnostic::SelectedPairChanged`] reports every change of that pair; if not, it is polled.
    fn announces_pairs(&self) -> bool {
        false
    }
}
