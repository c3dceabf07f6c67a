//! Errors as the page shows them, and the remedies it offers.

mod title;

use registry_client::error::{StateError, TimeoutError, WebRtcError};
use registry_client::interfaces::registry::Operation;
use registry_client::protocol::ErrorCode;
use registry_client::{ConnectionState, Error, ErrorKind, Role};

use crate::format;
use title::title;

/// An error as the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The error itself.
    pub error: Error,
    /// What the page offers to do about it.
    pub remedy: Option<Remedy>,
    /// Whether it is shown in the chat.
    pub in_chat: bool,
}

/// What the button in an error box does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Creates a room again.
    CreateAgain,
    /// Joins again.
    JoinAgain,
    /// Starts the connection again.
    StartAgain,
    /// Closes the room, if there still is one, and creates a new one; a guest becomes its host.
    NewRoom,
    /// Closes the room, which leads back to the form.
    Leave,
}

impl Remedy {
    /// The text on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::CreateAgain | Self::JoinAgain | Self::StartAgain => "Try again",
            Self::NewRoom => "Create a new room",
            Self::Leave => "Leave this room",
        }
    }
}

impl Problem {
    /// The error as shown in this role; `None` for what the user did on purpose.
    pub fn new(error: &Error, role: Option<Role>) -> Option<Self> {
        if matches!(error.kind, ErrorKind::State(StateError::Closed)) {
            return None;
        }
        let in_chat = matches!(
            error.kind,
            ErrorKind::State(StateError::NotConnected(_))
                | ErrorKind::WebRtc(
                    WebRtcError::SendFailed(_) | WebRtcError::BufferFull { .. } | WebRtcError::MessageTooLarge { .. }
                )
        );
        Some(Self { error: error.clone(), remedy: remedy(error, role), in_chat })
    }

    /// The title: who or what is at fault.
    pub fn title(&self) -> &'static str {
        title(&self.error.kind)
    }

    /// What happened and what to do.
    pub fn message(&self) -> String {
        let message = format::sentence(&self.error.to_string());
        let unknown = matches!(self.error.kind, ErrorKind::Network(_) | ErrorKind::Timeout(_));
        if unknown && self.is_about_join_code() {
            return format!("{message} The join code may have been replaced all the same: replace it again.");
        }
        message
    }

    /// Whether replacing the join code has failed, for which the page has a button of its own.
    pub fn is_about_join_code(&self) -> bool {
        asked(&self.error.kind) == Some(Operation::ReplaceJoinCode)
    }

    /// Diagnostics, as names and values.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let known = &self.error.diagnostics;
        let rtc = &known.rtc;
        let rows = [
            ("code", Some(self.error.kind.code().to_owned())),
            ("kind", Some(self.error.kind.name().to_owned())),
            ("phase", Some(format!("{} for {}", known.phase, format::duration(known.phase_ms)))),
            ("role", known.role.map(|role| role.as_str().to_owned())),
            ("room", known.room_status.clone()),
            ("connection", rtc.connection_state.map(|state| state.as_str().to_owned())),
            ("ICE", rtc.ice_connection_state.map(|state| state.as_str().to_owned())),
            ("gathering", rtc.ice_gathering_state.map(|state| state.as_str().to_owned())),
            ("signalling", rtc.signaling_state.map(|state| state.as_str().to_owned())),
            ("data channel", rtc.data_channel_state.map(|state| state.as_str().to_owned())),
            ("retryable", Some(if self.error.kind.retryable() { "yes" } else { "no" }.to_owned())),
        ];
        rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The call to the Registry that has failed.
fn asked(kind: &ErrorKind) -> Option<Operation> {
    match kind {
        ErrorKind::Api(api) => Some(api.operation),
        ErrorKind::Network(network) => Some(network.operation),
        ErrorKind::Timeout(TimeoutError::Request { operation, .. }) => Some(*operation),
        _ => None,
    }
}

fn remedy(error: &Error, role: Option<Role>) -> Option<Remedy> {
    match &error.kind {
        ErrorKind::Api(api) if api.operation == Operation::ReplaceJoinCode && api.code == ErrorCode::NotFound => {
            Some(fresh(role))
        }
        kind if asked(kind) == Some(Operation::ReplaceJoinCode) => None,
        ErrorKind::Api(api) => match api.operation {
            Operation::CreateRoom => api.retryable.then_some(Remedy::CreateAgain),
            Operation::JoinRoom => api.retryable.then_some(Remedy::JoinAgain),
            _ if api.retryable && api.code != ErrorCode::NotFound => Some(Remedy::StartAgain),
            _ => Some(fresh(role)),
        },
        ErrorKind::Network(network) => Some(again(network.operation)),
        ErrorKind::Timeout(TimeoutError::Request { operation, .. }) => Some(again(*operation)),
        ErrorKind::Timeout(_) | ErrorKind::State(StateError::NoRoom | StateError::RoomGone) => Some(fresh(role)),
        ErrorKind::State(StateError::InvalidTransition { from: ConnectionState::Disconnected, .. }) => {
            Some(fresh(role))
        }
        ErrorKind::WebRtc(
            WebRtcError::Unsupported(_) | WebRtcError::BadConfiguration(_) | WebRtcError::SendFailed(_),
        ) => None,
        ErrorKind::WebRtc(WebRtcError::TooManyConnections(_) | WebRtcError::NoPeerConnection(_)) => {
            Some(Remedy::StartAgain)
        }
        // The peers need a new room, and either of them can create it.
        ErrorKind::WebRtc(WebRtcError::PeerLeft | WebRtcError::PeerLost)
        | ErrorKind::State(StateError::NotResumable) => Some(Remedy::NewRoom),
        ErrorKind::WebRtc(_) => Some(fresh(role)),
        _ => None,
    }
}

fn again(operation: Operation) -> Remedy {
    match operation {
        Operation::CreateRoom => Remedy::CreateAgain,
        Operation::JoinRoom | Operation::GetPublicRoomInfo => Remedy::JoinAgain,
        _ => Remedy::StartAgain,
    }
}

fn fresh(role: Option<Role>) -> Remedy {
    if role == Some(Role::Host) { Remedy::NewRoom } else { Remedy::Leave }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use registry_client::error::{ApiError, MALFORMED_ANSWER, NetworkError, ROOM_CLOSED};
    use registry_client::protocol::ParseIdError;

    use super::*;

    fn problem(kind: ErrorKind, role: Role) -> Option<Problem> {
        Problem::new(&Error::new(kind, registry_client::error::Diagnostics::default()), Some(role))
    }

    fn api(operation: Operation, code: ErrorCode, retryable: bool) -> ErrorKind {
        ErrorKind::Api(ApiError { operation, status: 400, code, message: String::new(), retryable, retry_after: None })
    }

    fn remedy_of(kind: ErrorKind, role: Role) -> Option<Remedy> {
        problem(kind, role).and_then(|problem| problem.remedy)
    }

    #[test]
    fn closing_on_purpose_is_not_a_problem() {
        assert_eq!(problem(StateError::Closed.into(), Role::Host), None);
    }

    #[test]
    fn retryable_failures_can_be_retried() {
        let unreachable = |operation| ErrorKind::Network(NetworkError { operation, reason: "x".into() });
        for (operation, remedy) in [
            (Operation::CreateRoom, Remedy::CreateAgain),
            (Operation::JoinRoom, Remedy::JoinAgain),
            (Operation::GetRoom, Remedy::StartAgain),
        ] {
            assert_eq!(remedy_of(unreachable(operation), Role::Host), Some(remedy));
            assert_eq!(remedy_of(api(operation, ErrorCode::RateLimited, true), Role::Host), Some(remedy));
        }
    }

    #[test]
    fn a_join_code_is_replaced_again_by_its_own_button() {
        let operation = Operation::ReplaceJoinCode;
        let unreachable = ErrorKind::Network(NetworkError { operation, reason: "x".into() });
        let limited = api(operation, ErrorCode::RateLimited, true);
        let joined = api(operation, ErrorCode::NotOpen, false);
        let problems = [unreachable.clone(), limited, joined].map(|kind| problem(kind, Role::Host).unwrap());
        assert!(problems.iter().all(|problem| problem.is_about_join_code() && problem.remedy.is_none()));
        assert!(problem(unreachable, Role::Host).unwrap().message().contains("replace it again"));
        assert_eq!(remedy_of(api(operation, ErrorCode::NotFound, false), Role::Host), Some(Remedy::NewRoom));
    }

    #[test]
    fn wrong_input_is_corrected_not_retried() {
        assert_eq!(remedy_of(api(Operation::JoinRoom, ErrorCode::BadJoinCode, false), Role::Guest), None);
        assert_eq!(remedy_of(StateError::BadArgument(ParseIdError::UserName).into(), Role::Host), None);
    }

    #[test]
    fn a_room_that_is_used_up_is_left_as_fits_the_role() {
        for kind in [
            TimeoutError::RoomExpired { at: None }.into(),
            WebRtcError::IceFailed.into(),
            TimeoutError::Connection { after: Duration::from_secs(30) }.into(),
            api(Operation::GetRoom, ErrorCode::NotFound, false),
        ] {
            let kind: ErrorKind = kind;
            assert_eq!(remedy_of(kind.clone(), Role::Host), Some(Remedy::NewRoom), "{kind}");
            assert_eq!(remedy_of(kind, Role::Guest), Some(Remedy::Leave));
        }
    }

    #[test]
    fn either_can_create_a_new_room_when_the_other_is_gone() {
        for kind in [WebRtcError::PeerLeft.into(), WebRtcError::PeerLost.into(), StateError::NotResumable.into()] {
            let kind: ErrorKind = kind;
            for role in [Role::Host, Role::Guest] {
                assert_eq!(remedy_of(kind.clone(), role), Some(Remedy::NewRoom), "{kind}");
            }
        }
    }

    #[test]
    fn a_message_that_cannot_be_sent_is_reported_in_the_chat() {
        let unsent = problem(WebRtcError::SendFailed("full".into()).into(), Role::Host).unwrap();
        assert!(unsent.in_chat && unsent.remedy.is_none());
        assert_eq!(unsent.message(), "The message could not be sent: full.");
        assert!(!problem(WebRtcError::IceFailed.into(), Role::Host).unwrap().in_chat);
    }

    #[test]
    fn a_title_says_who_is_at_fault() {
        let code = |code: &str| ErrorCode::Other(code.to_owned());
        let failed = ErrorKind::Api(ApiError {
            operation: Operation::GetRoom,
            status: 502,
            code: code("http_502"),
            message: String::new(),
            retryable: true,
            retry_after: None,
        });
        for (kind, title) in [
            (WebRtcError::PeerLeft.into(), "Your peer has left"),
            (WebRtcError::PeerLost.into(), "Connection lost"),
            (WebRtcError::IceFailed.into(), "Connection failed"),
            (WebRtcError::Unsupported(String::new()).into(), "This browser has no WebRTC"),
            (WebRtcError::BadConfiguration(String::new()).into(), "Invalid STUN or TURN settings"),
            (WebRtcError::TooManyConnections(String::new()).into(), "Too many open connections"),
            (WebRtcError::SendFailed(String::new()).into(), "Message not sent"),
            (TimeoutError::RoomExpired { at: None }.into(), "The room has expired"),
            (StateError::NoRoom.into(), "There is no room"),
            (StateError::RoomGone.into(), "The room is gone"),
            (api(Operation::GetRoom, code(ROOM_CLOSED), false), "The host closed the room"),
            (api(Operation::GetRoom, ErrorCode::NotFound, false), "The room is gone"),
            (api(Operation::JoinRoom, ErrorCode::NotFound, false), "No such room"),
            (api(Operation::CreateRoom, ErrorCode::NotFound, false), "No Registry at this URL"),
            (api(Operation::CreateRoom, code(MALFORMED_ANSWER), true), "Unexpected response"),
            (api(Operation::CreateRoom, ErrorCode::RateLimited, true), "The Registry is busy"),
            (api(Operation::JoinRoom, ErrorCode::BadJoinCode, false), "The Registry refused the request"),
            (failed, "The Registry reported an error"),
        ] {
            let kind: ErrorKind = kind;
            assert_eq!(problem(kind.clone(), Role::Guest).unwrap().title(), title, "{kind}");
        }
    }

    #[test]
    fn a_browser_without_connections_to_spare_can_retry_and_one_without_webrtc_cannot() {
        let of = |error: WebRtcError| remedy_of(error.into(), Role::Host);
        assert_eq!(of(WebRtcError::TooManyConnections(String::new())), Some(Remedy::StartAgain));
        assert_eq!(of(WebRtcError::NoPeerConnection(String::new())), Some(Remedy::StartAgain));
        assert_eq!(of(WebRtcError::Unsupported(String::new())), None);
    }

    #[test]
    fn details_leave_out_what_is_unknown() {
        let names: Vec<_> =
            problem(WebRtcError::IceFailed.into(), Role::Host).unwrap().details().iter().map(|(n, _)| *n).collect();
        assert_eq!(names, ["code", "kind", "phase", "retryable"]);
    }
}
