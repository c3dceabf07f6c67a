//! The client's errors, whose messages say what to do. Specification: *Error Handling*.

mod recorded;
mod registry;
mod webrtc;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use registry_protocol::{EpochMs, ParseIdError};
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::text::seconds;
use crate::types::operation::Operation;
use crate::types::rtc::RtcStates;
use crate::types::state::{ConnectionState, Role};

pub use recorded::{RecordedError, RecordedKind};
pub use registry::{ApiError, MALFORMED_ANSWER, NetworkError, ROOM_CLOSED, RequestError};
pub use webrtc::{NegotiationStep, WebRtcError};

/// An error with its diagnostics. Cheap to clone: clones share their content.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{}", .0.kind)]
pub struct Error(Arc<ErrorReport>);

/// The content of an [`struct@Error`].
#[derive(Debug, PartialEq)]
pub struct ErrorReport {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What was known when it happened.
    pub diagnostics: Diagnostics,
}

impl Error {
    /// Creates an error of this kind.
    pub fn new(kind: impl Into<ErrorKind>, diagnostics: Diagnostics) -> Self {
        Self(Arc::new(ErrorReport { kind: kind.into(), diagnostics }))
    }
}

impl Deref for Error {
    type Target = ErrorReport;

    fn deref(&self) -> &ErrorReport {
        &self.0
    }
}

impl Serialize for Error {
    /// `{kind, code, message, retryable, diagnostics}`
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Report<'a> {
            kind: &'static str,
            code: &'a str,
            message: String,
            retryable: bool,
            diagnostics: &'a Diagnostics,
        }
        let ErrorReport { kind, diagnostics } = &**self;
        Report {
            kind: kind.name(),
            code: kind.code(),
            message: self.to_string(),
            retryable: kind.retryable(),
            diagnostics,
        }
        .serialize(serializer)
    }
}

/// What went wrong, by the kinds of the specification.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The Registry responded with an error.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The peer connection or its data channel failed.
    #[error(transparent)]
    WebRtc(#[from] WebRtcError),
    /// The call is not allowed in the current state.
    #[error(transparent)]
    State(#[from] StateError),
    /// The Registry could not be reached.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A deadline passed.
    #[error(transparent)]
    Timeout(#[from] TimeoutError),
    /// An error of any kind that was read from a recorded trace.
    #[error(transparent)]
    Recorded(#[from] RecordedError),
}

/// A call that is not allowed in the current state. It had no effect.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The state machine has no such transition.
    #[error("cannot go from {from} to {to}: {}", advice(*from, *to))]
    InvalidTransition {
        /// The current state.
        from: ConnectionState,
        /// The requested state.
        to: ConnectionState,
    },
    /// A message was sent before the data channel was open, or after it closed.
    #[error("cannot send while {0}: wait until the state is connected")]
    NotConnected(ConnectionState),
    /// A message was sent after `closeRoom` was called.
    #[error("the room is being closed: messages accepted earlier are still delivered, but no new ones are accepted")]
    Closing,
    /// `closeRoom` ended the operation.
    #[error("the room was closed before this completed")]
    Closed,
    /// The page was reloaded while the connection could not be resumed.
    #[error("the page was reloaded before the connection could survive that, so it has ended: create a new room")]
    NotResumable,
    /// `startConnection` was called without a room, such as after joining one has failed.
    #[error("there is no room to connect in: create one, or join one; if that has failed, try it again first")]
    NoRoom,
    /// The room that `startConnection` would use is gone.
    #[error("the room is gone: close it and create a new one")]
    RoomGone,
    /// There is no room of which the join code could be replaced.
    #[error(
        "there is no room that a guest can still join: only the host has a join code to replace, until a guest has joined"
    )]
    NoOpenRoom,
    /// The Registry lacks the extension that the call needs.
    #[error("this Registry cannot replace a join code: close the room and create a new one")]
    NotSupported,
    /// An argument is malformed.
    #[error(transparent)]
    BadArgument(#[from] ParseIdError),
}

impl ConnectionState {
    /// Checks a transition.
    ///
    /// # Errors
    /// [`StateError::InvalidTransition`], naming both states.
    pub fn check(self, next: Self) -> Result<(), StateError> {
        if self.may_become(next) { Ok(()) } else { Err(StateError::InvalidTransition { from: self, to: next }) }
    }
}

fn advice(from: ConnectionState, to: ConnectionState) -> &'static str {
    use ConnectionState::{Connected, Connecting, Creating, Disconnected, Idle, Joining};
    match (from, to) {
        (Idle, Connecting) => "create or join a room first",
        (Creating | Joining, _) => "wait until the room is ready, or close it",
        (Connecting, Connecting) => "the connection is already being established",
        (Connected, Connecting) => "the peers are already connected",
        (Disconnected, Connecting) => {
            "the connection may still recover by itself; if it does not, close this room and create a new one"
        }
        (_, Creating | Joining) => "close the current room first",
        _ => "there is no such transition",
    }
}

/// A deadline passed.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TimeoutError {
    /// The Registry did not respond in time.
    #[error("the Registry did not respond within {} while {operation}: check that it is running", seconds(*.after))]
    Request {
        /// The call.
        operation: Operation,
        /// The deadline.
        after: Duration,
    },
    /// Both descriptions were known, but the data channel did not open in time.
    #[error(
        "no connection within {} after the exchange of offer and answer: a firewall may be blocking it. Configure a TURN server, and try again in a new room",
        seconds(*.after)
    )]
    Connection {
        /// The deadline.
        after: Duration,
    },
    /// The peer did not appear during an attempt to reconnect.
    #[error("the peer did not join the fallback room within {}", seconds(*.after))]
    Reconnect {
        /// The deadline.
        after: Duration,
    },
    /// The room expired before both peers were in it.
    #[error("the room expired{} before the peers had met: create a new room and share its codes again", .at.map(clock_time).unwrap_or_default())]
    RoomExpired {
        /// When, by the Registry's clock.
        at: Option<EpochMs>,
    },
}

fn clock_time(at: EpochMs) -> String {
    let seconds = at.0 / 1000;
    format!(" at {:02}:{:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
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
            Self::Recorded(error) => error.kind.as_str(),
        }
    }

    /// The code, for programs: the Registry's, or one of the client's own.
    pub fn code(&self) -> &str {
        match self {
            Self::Api(error) => error.code.as_str(),
            Self::WebRtc(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Recorded(error) => &error.code,
            Self::Network(_) => "network_unreachable",
            Self::Timeout(TimeoutError::Request { .. }) => "request_timeout",
            Self::Timeout(TimeoutError::Connection { .. }) => "connection_timeout",
            Self::Timeout(TimeoutError::Reconnect { .. }) => "reconnect_timeout",
            Self::Timeout(TimeoutError::RoomExpired { .. }) => "room_expired",
        }
    }

    /// Whether retrying may succeed.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable,
            Self::Network(_) | Self::Timeout(TimeoutError::Request { .. }) => true,
            Self::WebRtc(error) => error.retryable(),
            Self::Recorded(error) => error.retryable,
            _ => false,
        }
    }
}

impl StateError {
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidTransition { .. } => "invalid_transition",
            Self::NotConnected(_) => "not_connected",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::NotResumable => "not_resumable",
            Self::NoRoom => "no_room",
            Self::RoomGone => "room_gone",
            Self::NoOpenRoom => "no_open_room",
            Self::NotSupported => "not_supported",
            Self::BadArgument(_) => "bad_argument",
        }
    }
}

/// What was known when an error happened. Specification: *Validation and Recovery*.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// The state in which it happened.
    pub phase: ConnectionState,
    /// How long it had been in that state, in milliseconds.
    pub phase_ms: f64,
    /// This side's role, once there is a room.
    pub role: Option<Role>,
    /// The room's status in the last snapshot: `open`, `joined`, `paired` or `closed`.
    pub room_status: Option<String>,
    /// The last known states of the peer connection.
    #[serde(flatten)]
    pub rtc: RtcStates,
}
