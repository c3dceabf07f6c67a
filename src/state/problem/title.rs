//! Error titles: who or what is at fault.

use registry_client::ErrorKind;
use registry_client::error::{ApiError, MALFORMED_ANSWER, ROOM_CLOSED, StateError, TimeoutError, WebRtcError};
use registry_client::interfaces::registry::Operation;
use registry_client::protocol::ErrorCode;

/// The title of an error of this kind.
pub(super) fn title(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Api(error) => api_title(error),
        ErrorKind::WebRtc(error) => webrtc_title(error),
        ErrorKind::State(StateError::BadArgument(_)) => "Check your input",
        ErrorKind::State(StateError::NoRoom) => "There is no room",
        ErrorKind::State(StateError::RoomGone) => "The room is gone",
        ErrorKind::State(StateError::NotResumable) => "The connection could not be resumed",
        ErrorKind::State(_) => "Not possible right now",
        ErrorKind::Network(_) => "The Registry cannot be reached",
        ErrorKind::Timeout(TimeoutError::RoomExpired { .. }) => "The room has expired",
        ErrorKind::Timeout(_) => "Timed out",
        _ => "Something went wrong",
    }
}

/// The title of an error response.
fn api_title(error: &ApiError) -> &'static str {
    match (&error.code, error.operation) {
        (ErrorCode::NotFound, Operation::CreateRoom) => "No Registry at this URL",
        (ErrorCode::NotFound, Operation::JoinRoom | Operation::GetPublicRoomInfo) => "No such room",
        (ErrorCode::NotFound, _) => "The room is gone",
        (ErrorCode::NotOpen, Operation::ReplaceJoinCode) => "Somebody has joined",
        (ErrorCode::Other(code), _) if code == ROOM_CLOSED => "The host closed the room",
        (ErrorCode::Other(code), _) if code == MALFORMED_ANSWER => "Unexpected response",
        (ErrorCode::RateLimited | ErrorCode::Retry, _) => "The Registry is busy",
        _ if error.status >= 500 => "The Registry reported an error",
        _ => "The Registry refused the request",
    }
}

/// Why the connection ended, or could not be established.
fn webrtc_title(error: &WebRtcError) -> &'static str {
    match error {
        WebRtcError::Unsupported(_) => "This browser has no WebRTC",
        WebRtcError::BadConfiguration(_) => "Invalid STUN or TURN settings",
        WebRtcError::TooManyConnections(_) => "Too many open connections",
        WebRtcError::PeerLeft => "Your peer has left",
        WebRtcError::PeerSilent(_) => "Your peer is not responding",
        WebRtcError::PeerLost => "Connection lost",
        WebRtcError::Interrupted(_) => "Connection interrupted",
        WebRtcError::ConflictingAnswer => "Someone else has already answered",
        WebRtcError::OfferReplaced => "The host has started again",
        WebRtcError::BufferFull { .. } | WebRtcError::MessageTooLarge { .. } | WebRtcError::SendFailed(_) => {
            "Message not sent"
        }
        _ => "Connection failed",
    }
}
