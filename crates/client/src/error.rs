//! What can go wrong, in words that help. Specification: *Error Handling*.

mod registry;
mod webrtc;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use registry_protocol::{EpochMs, ParseIdError};
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::text::seconds;
use crate::types::operation::Operation;
use crate::types::rtc::RtcStates;
use crate::types::state::{ConnectionState, Role};

pub use registry::{ApiError, MALFORMED_ANSWER, NetworkError, ROOM_CLOSED, RequestError};
pub use webrtc::{NegotiationStep, WebRtcError};

/// An error with what was known when it happened. A clone is the same one, shared.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{}", .0.kind)]
pub struct Error(Arc<ErrorReport>);

/// What an [`struct@Error`] says.
#[derive(Debug, PartialEq)]
pub struct ErrorReport {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What was known then.
    pub diagnostics: Diagnostics,
}

impl Error {
    /// An error of this kind, with what is known.
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
    /// A message was sent after `closeRoom` was called.
    #[error("the room is being closed: what was accepted before is still delivered, and no more is accepted")]
    Closing,
    /// `closeRoom` ended what was awaited.
    #[error("the room was closed before this was done")]
    Closed,
    /// The page was reloaded when there was no way back to the peer.
    #[error(
        "the page was reloaded when there was no way back to the peer yet, so the connection has ended: make a new room"
    )]
    NotResumable,
    /// The room that `startConnection` would use is gone.
    #[error("the room is gone: close it and make a new one")]
    RoomGone,
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
        (Creating | Joining, _) => "wait until the room is there, or close it",
        (Connecting, Connecting) => "the connection is being made already",
        (Connected, Connecting) => "the peers are connected already",
        (Disconnected, Connecting) => {
            "the connection may still heal by itself; if it does not, close this room, which has been used, and make a new one"
        }
        (_, Creating | Joining) => "close the present room first",
        _ => "the state machine has no such step",
    }
}

/// Something took longer than it may.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum TimeoutError {
    /// The Registry did not answer in time.
    #[error("the Registry did not answer within {} while {operation}: check that it runs", seconds(*.after))]
    Request {
        /// The call.
        operation: Operation,
        /// How long was waited.
        after: Duration,
    },
    /// Both descriptions were known, but the data channel did not open in time.
    #[error(
        "no connection within {} after both descriptions were known: a firewall may be in between; set a TURN server as relay, and start again in a new room",
        seconds(*.after)
    )]
    Connection {
        /// How long was waited.
        after: Duration,
    },
    /// An attempt to reconnect found nobody.
    #[error("the peer did not come to the standby room within {}", seconds(*.after))]
    Reconnect {
        /// How long was waited.
        after: Duration,
    },
    /// The room expired while this side waited for the other.
    #[error("the room expired{} before the two sides had met: make a new room and share its codes again", .at.map(clock_time).unwrap_or_default())]
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
            Self::Timeout(TimeoutError::Reconnect { .. }) => "reconnect_timeout",
            Self::Timeout(TimeoutError::RoomExpired { .. }) => "room_expired",
        }
    }

    /// Whether doing the same again may succeed.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable,
            Self::Network(_) | Self::Timeout(TimeoutError::Request { .. }) => true,
            Self::WebRtc(error) => error.retryable(),
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
