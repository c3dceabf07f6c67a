//! The headings of errors: who or what is at fault.

use registry_client::ErrorKind;
use registry_client::error::{ApiError, MALFORMED_ANSWER, ROOM_CLOSED, StateError, TimeoutError, WebRtcError};
use registry_client::interfaces::registry::Operation;
use registry_client::protocol::ErrorCode;

/// A heading for an error of this kind.
pub(super) fn title(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Api(error) => api_title(error),
        ErrorKind::WebRtc(error) => webrtc_title(error),
        ErrorKind::State(StateError::BadArgument(_)) => "Please check what you entered",
        ErrorKind::State(StateError::RoomGone) => "The room is gone",
        ErrorKind::State(StateError::NotResumable) => "The connection ended with the reload",
        ErrorKind::State(_) => "Not possible now",
        ErrorKind::Network(_) => "The Registry cannot be reached",
        ErrorKind::Timeout(TimeoutError::RoomExpired { .. }) => "The room expired",
        ErrorKind::Timeout(_) => "It took too long",
        _ => "Something failed",
    }
}

/// What the Registry's answer means: a refusal is only one of the things that it can be.
fn api_title(error: &ApiError) -> &'static str {
    match (&error.code, error.operation) {
        (ErrorCode::NotFound, Operation::CreateRoom) => "There is no Registry",
        (ErrorCode::NotFound, Operation::JoinRoom | Operation::GetPublicRoomInfo) => "There is no such room",
        (ErrorCode::NotFound, _) => "The room is gone",
        (ErrorCode::Other(code), _) if code == ROOM_CLOSED => "The host closed the room",
        (ErrorCode::Other(code), _) if code == MALFORMED_ANSWER => "The answer makes no sense",
        (ErrorCode::RateLimited | ErrorCode::Retry, _) => "The Registry is busy",
        _ if error.status >= 500 => "The Registry failed",
        _ => "The Registry refused",
    }
}

/// Who or what ended the connection, or kept it from coming about.
fn webrtc_title(error: &WebRtcError) -> &'static str {
    match error {
        WebRtcError::Unsupported(_) => "There is no WebRTC here",
        WebRtcError::BadConfiguration(_) => "The STUN or TURN settings were refused",
        WebRtcError::TooManyConnections(_) => "Too many connections are open",
        WebRtcError::PeerLeft => "The other side has left",
        WebRtcError::PeerSilent(_) => "The other side does not answer",
        WebRtcError::PeerLost => "The connection is lost",
        WebRtcError::Interrupted(_) => "The connection is interrupted",
        WebRtcError::ConflictingAnswer => "Somebody else has answered",
        WebRtcError::BufferFull { .. } | WebRtcError::MessageTooLarge { .. } | WebRtcError::SendFailed(_) => {
            "The message was not sent"
        }
        _ => "The connection failed",
    }
}
