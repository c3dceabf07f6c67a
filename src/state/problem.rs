//! What went wrong, and what the page offers to do about it.

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
    /// What the page offers to do.
    pub remedy: Option<Remedy>,
    /// Whether it belongs beside the chat.
    pub in_chat: bool,
}

/// What a button beside an error does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Creates a room again.
    CreateAgain,
    /// Joins again.
    JoinAgain,
    /// Starts the connection again.
    StartAgain,
    /// Closes the room, if there still is one, and makes a new one; a guest becomes its host.
    NewRoom,
    /// Closes the room, which leads back to the form.
    Leave,
}

impl Remedy {
    /// What stands on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::CreateAgain | Self::JoinAgain | Self::StartAgain => "Try again",
            Self::NewRoom => "Make a new room",
            Self::Leave => "Leave this room",
        }
    }
}

impl Problem {
    /// The error as this page, in this role, shows it; `None` for what a person did on purpose.
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

    /// A heading: what or who is at fault, in words.
    pub fn title(&self) -> &'static str {
        title(&self.error.kind)
    }

    /// What happened and what to do.
    pub fn message(&self) -> String {
        format::sentence(&self.error.to_string())
    }

    /// What was known then, in rows of name and value.
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
            ("may succeed later", Some(if self.error.kind.retryable() { "yes" } else { "no" }.to_owned())),
        ];
        rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

fn remedy(error: &Error, role: Option<Role>) -> Option<Remedy> {
    match &error.kind {
        ErrorKind::Api(api) => match api.operation {
            Operation::CreateRoom => api.retryable.then_some(Remedy::CreateAgain),
            Operation::JoinRoom => api.retryable.then_some(Remedy::JoinAgain),
            _ if api.retryable && api.code != ErrorCode::NotFound => Some(Remedy::StartAgain),
            _ => Some(fresh(role)),
        },
        ErrorKind::Network(network) => Some(again(network.operation)),
        ErrorKind::Timeout(TimeoutError::Request { operation, .. }) => Some(again(*operation)),
        ErrorKind::Timeout(_) | ErrorKind::State(StateError::RoomGone) => Some(fresh(role)),
        ErrorKind::State(StateError::InvalidTransition { from: ConnectionState::Disconnected, .. }) => {
            Some(fresh(role))
        }
        ErrorKind::WebRtc(
            WebRtcError::Unsupported(_) | WebRtcError::BadConfiguration(_) | WebRtcError::SendFailed(_),
        ) => None,
        ErrorKind::WebRtc(WebRtcError::TooManyConnections(_) | WebRtcError::NoPeerConnection(_)) => {
            Some(Remedy::StartAgain)
        }
        // To meet again takes a new room, and it does not matter which of the two makes it.
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
    fn a_close_on_purpose_is_no_problem() {
        assert_eq!(problem(StateError::Closed.into(), Role::Host), None);
    }

    #[test]
    fn what_may_succeed_later_can_be_tried_again() {
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
    fn a_form_is_corrected_not_repeated() {
        assert_eq!(remedy_of(api(Operation::JoinRoom, ErrorCode::BadJoinCode, false), Role::Guest), None);
        assert_eq!(remedy_of(StateError::BadArgument(ParseIdError::UserName).into(), Role::Host), None);
    }

    #[test]
    fn a_used_up_room_is_left_in_the_way_of_the_role() {
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
    fn either_can_make_a_new_room_when_the_other_is_gone() {
        for kind in [WebRtcError::PeerLeft.into(), WebRtcError::PeerLost.into(), StateError::NotResumable.into()] {
            let kind: ErrorKind = kind;
            for role in [Role::Host, Role::Guest] {
                assert_eq!(remedy_of(kind.clone(), role), Some(Remedy::NewRoom), "{kind}");
            }
        }
    }

    #[test]
    fn a_message_that_cannot_go_is_told_beside_the_chat() {
        let unsent = problem(WebRtcError::SendFailed("full".into()).into(), Role::Host).unwrap();
        assert!(unsent.in_chat && unsent.remedy.is_none());
        assert_eq!(unsent.message(), "The message could not be sent: full.");
        assert!(!problem(WebRtcError::IceFailed.into(), Role::Host).unwrap().in_chat);
    }

    #[test]
    fn a_title_blames_whoever_it_was() {
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
            (WebRtcError::PeerLeft.into(), "The other side has left"),
            (WebRtcError::PeerLost.into(), "The connection is lost"),
            (WebRtcError::IceFailed.into(), "The connection failed"),
            (WebRtcError::Unsupported(String::new()).into(), "There is no WebRTC here"),
            (WebRtcError::BadConfiguration(String::new()).into(), "The STUN or TURN settings were refused"),
            (WebRtcError::TooManyConnections(String::new()).into(), "Too many connections are open"),
            (WebRtcError::SendFailed(String::new()).into(), "The message was not sent"),
            (TimeoutError::RoomExpired { at: None }.into(), "The room expired"),
            (StateError::RoomGone.into(), "The room is gone"),
            (api(Operation::GetRoom, code(ROOM_CLOSED), false), "The host closed the room"),
            (api(Operation::GetRoom, ErrorCode::NotFound, false), "The room is gone"),
            (api(Operation::JoinRoom, ErrorCode::NotFound, false), "There is no such room"),
            (api(Operation::CreateRoom, ErrorCode::NotFound, false), "There is no Registry"),
            (api(Operation::CreateRoom, code(MALFORMED_ANSWER), true), "The answer makes no sense"),
            (api(Operation::CreateRoom, ErrorCode::RateLimited, true), "The Registry is busy"),
            (api(Operation::JoinRoom, ErrorCode::BadJoinCode, false), "The Registry refused"),
            (failed, "The Registry failed"),
        ] {
            let kind: ErrorKind = kind;
            assert_eq!(problem(kind.clone(), Role::Guest).unwrap().title(), title, "{kind}");
        }
    }

    #[test]
    fn a_browser_that_makes_no_connection_now_can_be_asked_again_and_others_cannot() {
        let of = |error: WebRtcError| remedy_of(error.into(), Role::Host);
        assert_eq!(of(WebRtcError::TooManyConnections(String::new())), Some(Remedy::StartAgain));
        assert_eq!(of(WebRtcError::NoPeerConnection(String::new())), Some(Remedy::StartAgain));
        assert_eq!(of(WebRtcError::Unsupported(String::new())), None);
    }

    #[test]
    fn details_leave_out_what_was_not_known() {
        let names: Vec<_> =
            problem(WebRtcError::IceFailed.into(), Role::Host).unwrap().details().iter().map(|(n, _)| *n).collect();
        assert_eq!(names, ["code", "kind", "phase", "may succeed later"]);
    }
}
