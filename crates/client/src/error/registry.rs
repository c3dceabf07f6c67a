//! Errors of calls to the Registry.

use std::time::Duration;

use registry_protocol::{ErrorCode, ParseIdError};
use thiserror::Error;

use super::{ErrorKind, TimeoutError};
use crate::types::operation::Operation;

/// The client's own code for a response that is not one of a Registry.
pub const MALFORMED_ANSWER: &str = "malformed_answer";
/// The client's own code for a room whose status is `closed`; for a room that is gone a Registry responds with `not_found`.
pub const ROOM_CLOSED: &str = "room_closed";

fn unexpected(operation: Operation, status: u16, reason: &str) -> String {
    format!("unexpected response with status {status} while {operation}: {reason}. Is this the URL of a Registry?")
}

/// An error response of the Registry.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{}", self.describe())]
pub struct ApiError {
    /// The call.
    pub operation: Operation,
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: ErrorCode,
    /// The Registry's message; may be empty.
    pub message: String,
    /// Whether retrying the call may succeed.
    pub retryable: bool,
    /// How long to wait before retrying.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    fn describe(&self) -> String {
        let Self { operation, status, .. } = self;
        let wait = self.retry_after.map_or_else(
            || "try again in a moment".to_owned(),
            |after| format!("try again in {} s", after.as_secs() + u64::from(after.subsec_nanos() > 0)),
        );
        match (&self.code, operation) {
            (ErrorCode::BadUsername, _) => ParseIdError::UserName.to_string(),
            (ErrorCode::BadJoinCode, _) if *status == 400 => ParseIdError::JoinCode.to_string(),
            (ErrorCode::BadJoinCode, _) => "the join code is wrong: ask the host for the right one".into(),
            (ErrorCode::NotFound, Operation::JoinRoom | Operation::GetPublicRoomInfo) => {
                "there is no such room: check the room code. If the room has expired, the host has to create a new one"
                    .into()
            }
            (ErrorCode::NotFound, Operation::CreateRoom) => {
                "there is no Registry at this URL: check the Registry URL in the settings".into()
            }
            (ErrorCode::NotFound, _) => {
                "the room is gone: the host closed it, or the Registry no longer has it. Create a new room".into()
            }
            (ErrorCode::Other(code), _) if code == ROOM_CLOSED => {
                "the host closed the room: create a new one to meet again".into()
            }
            (ErrorCode::NotOpen, Operation::ReplaceJoinCode) => {
                "somebody has joined with the join code: it admits nobody else, and needs no replacement".into()
            }
            (ErrorCode::NotOpen, _) => {
                "the room is taken: somebody else has joined it. Ask the host to create a new room".into()
            }
            (ErrorCode::AlreadyPaired, _) => {
                "the room already holds the offer and answer of another connection: create a new room".into()
            }
            (ErrorCode::Forbidden, _) => {
                format!("the Registry rejected the access token while {operation}: create or join a room again")
            }
            (ErrorCode::RateLimited, _) => format!("the Registry asked to slow down while {operation}: {wait}"),
            (ErrorCode::Retry, _) => format!("the Registry is overloaded while {operation}: {wait}"),
            (ErrorCode::InternalError, _) => format!("the Registry failed while {operation}: {wait}"),
            (ErrorCode::Other(code), _) if code == MALFORMED_ANSWER => unexpected(*operation, *status, &self.message),
            _ if *status >= 500 && self.message.is_empty() => {
                format!("the Registry failed while {operation} (status {status}): {wait}")
            }
            (code, _) if self.message.is_empty() => {
                format!("the Registry rejected the request while {operation} (status {status}, {})", code.as_str())
            }
            _ => format!("the Registry rejected the request while {operation} (status {status}): {}", self.message),
        }
    }
}

/// The Registry could not be reached.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the Registry cannot be reached while {operation}: check its URL, that it is running, and that it allows this page's origin ({reason})"
)]
pub struct NetworkError {
    /// The call.
    pub operation: Operation,
    /// The browser's message.
    pub reason: String,
}

/// Why one call of a [`RegistryClient`](crate::interfaces::registry::RegistryClient) failed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RequestError {
    /// The Registry responded with an error.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The Registry could not be reached.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The Registry did not respond in time.
    #[error("{0}")]
    Timeout(#[from] TimeoutError),
    /// The response is not what the call expects.
    #[error("{}", unexpected(*.operation, *.status, .reason))]
    Malformed {
        /// The call.
        operation: Operation,
        /// The HTTP status of the response.
        status: u16,
        /// What is wrong with it, without any of its content.
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
    /// Whether retrying the call may succeed.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable,
            Self::Network(_) | Self::Timeout(_) | Self::Malformed { .. } => true,
        }
    }

    /// How long to wait before retrying, if the Registry said so.
    pub fn retry_after(&self) -> Option<Duration> {
        if let Self::Api(error) = self { error.retry_after } else { None }
    }

    /// The Registry's error code, if it responded with one.
    pub fn code(&self) -> Option<&ErrorCode> {
        if let Self::Api(error) = self { Some(&error.code) } else { None }
    }
}
