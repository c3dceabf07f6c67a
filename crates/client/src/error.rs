//! What can go wrong, in words that help. Specification: *Error Handling*.

use std::time::Duration;

use registry_protocol::{EpochMs, ErrorCode, ParseIdError};
use serde::Serialize;
use thiserror::Error;

use crate::registry::Operation;
use crate::state::{ConnectionState, Role};
use crate::webrtc::RtcStates;

/// An error with what was known when it happened.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{kind}")]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What was known then.
    pub diagnostics: Box<Diagnostics>,
}

/// What went wrong: a variant for each kind that the specification lists.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The Registry answered, and its answer was an error.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The peer connection or its data channel failed.
    #[error(transparent)]
    WebRtc(#[from] WebRtcError),
    /// The call does not fit the present state.
    #[error(transparent)]
    State(#[from] StateError),
    /// The Registry could not be reached.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Something took longer than it may.
    #[error(transparent)]
    Timeout(#[from] TimeoutError),
}

/// The Registry's refusal of a call.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{}", self.describe())]
pub struct ApiError {
    /// The call.
    pub operation: Operation,
    /// The HTTP status.
    pub status: u16,
    /// The Registry's code for the reason.
    pub code: ErrorCode,
    /// The Registry's own words; may be empty.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// When it may.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    fn describe(&self) -> String {
        let Self { operation, status, .. } = self;
        let wait = self.retry_after.map_or_else(
            || "wait a moment and try again".to_owned(),
            |after| format!("try again in {} s", after.as_secs_f64().ceil()),
        );
        match (&self.code, operation) {
            (ErrorCode::BadUsername, _) => ParseIdError::UserName.to_string(),
            (ErrorCode::BadJoinCode, _) if *status == 400 => ParseIdError::JoinCode.to_string(),
            (ErrorCode::BadJoinCode, _) => "the join code is wrong: ask the host for it again".into(),
            (ErrorCode::NotFound, Operation::JoinRoom | Operation::GetPublicRoomInfo) => {
                "there is no such room: check the room code; it may also have expired, then the host must make a new one"
                    .into()
            }
            (ErrorCode::NotFound, Operation::CreateRoom) => {
                "there is no Registry at this address: check the Registry URL in the settings".into()
            }
            (ErrorCode::NotFound, _) => "the room is gone: the host closed it, or it expired; make a new room".into(),
            (ErrorCode::NotOpen, _) => {
                "the room is taken: somebody has joined it already; ask the host for a new room".into()
            }
            (ErrorCode::AlreadyPaired, _) => {
                "the room already holds the descriptions of another handshake: make a new room".into()
            }
            (ErrorCode::Forbidden, _) => {
                format!("the Registry refused the access token while {operation}: make or join a room again")
            }
            (ErrorCode::RateLimited, _) => format!("the Registry asks to slow down while {operation}: {wait}"),
            (ErrorCode::Retry, _) => format!("the Registry is too busy for {operation}: {wait}"),
            (ErrorCode::InternalError, _) => format!("the Registry failed while {operation}: {wait}"),
            (code, _) if self.message.is_empty() => {
                format!("the Registry refused {operation} with status {status} ({})", code.as_str())
            }
            _ => format!("the Registry refused {operation} with status {status}: {}", self.message),
        }
    }
}

/// A failure of the peer connection or the data channel.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WebRtcError {
    /// There is no WebRTC here.
    #[error("this browser has no WebRTC: use a current Chromium, Firefox or Safari ({0})")]
    Unsupported(String),
    /// The ICE settings were refused.
    #[error("the STUN or TURN settings were refused: check their addresses and credentials ({0})")]
    BadConfiguration(String),
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
    /// The other side left, or its connection broke for good.
    #[error("the connection to the peer is lost: it left or its network failed; make a new room to meet again")]
    PeerLost,
    /// ICE has not healed within the grace period; it may still.
    #[error("the connection to the peer has been interrupted for {} s: it may heal by itself; check both networks", .0.as_secs_f64())]
    Interrupted(Duration),
    /// The data channel closed before it was open.
    #[error("the data channel closed before it was open: start again in a new room")]
    ChannelClosed,
    /// The answer in the room is not the one that was applied.
    #[error(
        "a second, different answer appeared in the room and was not applied: somebody else may hold the guest's token"
    )]
    ConflictingAnswer,
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

/// A call that does not fit the present state; it changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The state machine has no such transition.
    #[error("cannot go from {from} to {to}: {}", advice(*from, *to))]
    InvalidTransition {
        /// The present state.
        from: ConnectionState,
        /// The state asked for.
        to: ConnectionState,
    },
    /// A message was sent before the data channel was open, or after it closed.
    #[error("cannot send while {0}: wait until the state is connected")]
    NotConnected(ConnectionState),
    /// `closeRoom` ended what was awaited.
    #[error("the room was closed before this was done")]
    Closed,
    /// The room that `startConnection` would use is gone.
    #[error("the room is gone: close it and make a new one")]
    RoomGone,
    /// An argument is malformed.
    #[error(transparent)]
    BadArgument(#[from] ParseIdError),
}

fn advice(from: ConnectionState, to: ConnectionState) -> &'static str {
    use ConnectionState::{Connected, Connecting, Creating, Disconnected, Idle, Joining};
    match (from, to) {
        (Idle, Connecting) => "create or join a room first",
        (Creating | Joining, _) => "wait until the room is there, or close it",
        (Connecting, Connecting) => "the connection is being made already",
        (Connected, Connecting) => "the peers are connected already",
        (Disconnected, Connecting) => "this room has been used; close it and make a new one",
        (_, Creating | Joining) => "close the present room first",
        _ => "the state machine has no such step",
    }
}

/// No answer from the Registry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the Registry cannot be reached while {operation}: check its address, that it runs, and that it allows this page's origin ({reason})"
)]
pub struct NetworkError {
    /// The call.
    pub operation: Operation,
    /// The host's words.
    pub reason: String,
}

/// Something took longer than it may.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TimeoutError {
    /// The Registry did not answer in time.
    #[error("the Registry did not answer within {} s while {operation}: check that it runs", .after.as_secs_f64())]
    Request {
        /// The call.
        operation: Operation,
        /// How long was waited.
        after: Duration,
    },
    /// Both descriptions were known, but the data channel did not open in time.
    #[error(
        "no connection within {} s after both descriptions were known: a firewall may be in between; set a TURN server as relay, and start again in a new room",
        .after.as_secs_f64()
    )]
    Connection {
        /// How long was waited.
        after: Duration,
    },
    /// The room expired while this side waited for the other.
    #[error("the room expired{} before the peer came: make a new room and share its codes again", .at.map(clock_time).unwrap_or_default())]
    RoomExpired {
        /// When, by the Registry's clock.
        at: Option<EpochMs>,
    },
}

fn clock_time(at: EpochMs) -> String {
    let seconds = at.0 / 1000;
    format!(" at {:02}:{:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

/// Why one call of a [`RegistryClient`](crate::registry::RegistryClient) has no result.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RequestError {
    /// The Registry refused.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The Registry could not be reached.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The Registry did not answer in time.
    #[error("{0}")]
    Timeout(#[from] TimeoutError),
    /// The Registry answered with something that is not of the call's shape.
    #[error(
        "the Registry's answer while {operation} makes no sense: check that the address is a Registry's ({reason})"
    )]
    Malformed {
        /// The call.
        operation: Operation,
        /// What is wrong with it; never holds the answer itself.
        reason: String,
    },
}

impl From<RequestError> for ErrorKind {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Api(error) => Self::Api(error),
            RequestError::Network(error) => Self::Network(error),
            RequestError::Timeout(error) => Self::Timeout(error),
            RequestError::Malformed { operation, ref reason } => Self::Api(ApiError {
                operation,
                status: 200,
                code: ErrorCode::Other("malformed_answer".into()),
                message: format!("the answer makes no sense; check that the address is a Registry's ({reason})"),
                retryable: true,
                retry_after: None,
            }),
        }
    }
}

impl RequestError {
    /// Whether the same call may succeed later.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable,
            Self::Network(_) | Self::Timeout(_) | Self::Malformed { .. } => true,
        }
    }

    /// When the Registry wants to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        if let Self::Api(error) = self { error.retry_after } else { None }
    }

    /// The Registry's code, if it answered with one.
    pub fn code(&self) -> Option<&ErrorCode> {
        if let Self::Api(error) = self { Some(&error.code) } else { None }
    }
}

impl ErrorKind {
    /// The specification's name for the kind: `api`, `webrtc`, `state`, `network` or `timeout`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Api(_) => "api",
            Self::WebRtc(_) => "webrtc",
            Self::State(_) => "state",
            Self::Network(_) => "network",
            Self::Timeout(_) => "timeout",
        }
    }

    /// For programs: the Registry's code, or one of the client's own.
    pub fn code(&self) -> &str {
        match self {
            Self::Api(error) => error.code.as_str(),
            Self::WebRtc(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Network(_) => "network_unreachable",
            Self::Timeout(TimeoutError::Request { .. }) => "request_timeout",
            Self::Timeout(TimeoutError::Connection { .. }) => "connection_timeout",
            Self::Timeout(TimeoutError::RoomExpired { .. }) => "room_expired",
        }
    }

    /// Whether doing the same again may succeed.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable,
            Self::Network(_) | Self::Timeout(TimeoutError::Request { .. }) => true,
            _ => false,
        }
    }
}

impl WebRtcError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "webrtc_unsupported",
            Self::BadConfiguration(_) => "bad_ice_servers",
            Self::Negotiation { .. } => "negotiation_failed",
            Self::IceFailed => "ice_failed",
            Self::PeerLost => "peer_lost",
            Self::Interrupted(_) => "interrupted",
            Self::ChannelClosed => "channel_closed",
            Self::ConflictingAnswer => "conflicting_answer",
            Self::SendFailed(_) => "send_failed",
        }
    }
}

impl StateError {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidTransition { .. } => "invalid_transition",
            Self::NotConnected(_) => "not_connected",
            Self::Closed => "closed",
            Self::RoomGone => "room_gone",
            Self::BadArgument(_) => "bad_argument",
        }
    }
}

/// What was known when an error happened. Specification: *Validation and Recovery*.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// The state in which it happened.
    pub phase: ConnectionState,
    /// How long that state had lasted, in milliseconds.
    pub phase_ms: f64,
    /// This side's role, once there is a room.
    pub role: Option<Role>,
    /// The room's status in the last snapshot: `open`, `joined`, `paired` or `closed`.
    pub room_status: Option<String>,
    /// What the peer connection said last.
    #[serde(flatten)]
    pub rtc: RtcStates,
}
