//! What can go wrong with a call of the Registry.

use std::time::Duration;

use registry_protocol::{ErrorCode, ParseIdError};
use thiserror::Error;

use super::{ErrorKind, TimeoutError};
use crate::types::operation::Operation;

/// The code for an answer that makes no sense: not the Registry's, but the client's own.
pub const MALFORMED_ANSWER: &str = "malformed_answer";
/// The code for a room that says of itself that it is closed: the client's own, as a Registry answers no more with one.
pub const ROOM_CLOSED: &str = "room_closed";

fn senseless(operation: Operation, status: u16, reason: &str) -> String {
    format!(
        "the Registry's answer of status {status} while {operation} makes no sense: check that the address is a Registry's ({reason})"
    )
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
            |after| format!("try again in {} s", after.as_secs() + u64::from(after.subsec_nanos() > 0)),
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
            (ErrorCode::NotFound, _) => {
                "the room is gone: the host closed it, or the Registry has forgotten it; make a new room".into()
            }
            (ErrorCode::Other(code), _) if code == ROOM_CLOSED => {
                "the host closed the room: make a new room to meet in".into()
            }
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
            (ErrorCode::Other(code), _) if code == MALFORMED_ANSWER => senseless(*operation, *status, &self.message),
            _ if *status >= 500 && self.message.is_empty() => {
                format!("the Registry failed while {operation} with status {status}: {wait}")
            }
            (code, _) if self.message.is_empty() => {
                format!("the Registry refused {operation} with status {status} ({})", code.as_str())
            }
            _ => format!("the Registry refused {operation} with status {status}: {}", self.message),
        }
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

/// Why one call of a [`RegistryClient`](crate::interfaces::registry::RegistryClient) has no result.
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
    #[error("{}", senseless(*.operation, *.status, .reason))]
    Malformed {
        /// The call.
        operation: Operation,
        /// The HTTP status of the answer.
        status: u16,
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
            RequestError::Malformed { operation, status, reason } => Self::Api(ApiError {
                operation,
                status,
                code: ErrorCode::Other(MALFORMED_ANSWER.into()),
                message: reason,
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
