use registry_protocol::{EpochMs, ErrorCode, RoomStatus};

use super::*;
use crate::error::{ApiError, NetworkError};
use crate::machine::fixtures::{code, context, join_code, requests, token};

fn name() -> UserName {
    UserName::parse("Alice").unwrap()
}

fn busy(retry_after: Option<Duration>) -> RequestError {
    RequestError::Api(ApiError {
        operation: Operation::CreateRoom,
        status: 429,
        code: ErrorCode::RateLimited,
        message: String::new(),
        retryable: true,
        retry_after,
    })
}

#[test]
fn making_a_room_is_repeated_while_the_registry_asks_for_that_and_not_for_ever() {
    let mut cx = context();
    let mut admission = Admission::create(1, name());
    admission.begin(&mut cx);
    let mut later = 0;
    while matches!(admission.on_created(&mut cx, Err(busy(None))), Admitted::Later) {
        assert!(cx.is_set(Timer::Admission));
        later += 1;
    }
    assert_eq!(later, cx.settings.admission_retries);
}

#[test]
fn a_registry_that_wants_too_long_a_pause_or_does_not_answer_is_an_error() {
    let mut cx = context();
    let unreachable = RequestError::Network(NetworkError { operation: Operation::CreateRoom, reason: "away".into() });
    for error in [busy(Some(LONGEST_PAUSE + Duration::from_secs(1))), unreachable] {
        let mut admission = Admission::create(1, name());
        admission.begin(&mut cx);
        assert!(matches!(admission.on_created(&mut cx, Err(error)), Admitted::Failed(_)));
    }
}

#[test]
fn an_answer_about_a_room_that_is_being_made_is_taken_once() {
    let mut cx = context();
    let mut admission = Admission::create(1, name());
    admission.begin(&mut cx);
    let [(number, Request::CreateRoom { .. })] = requests(&mut cx)[..] else { panic!("one request") };
    assert!(!admission.take_making(number + 1));
    assert!(admission.take_making(number));
    assert!(!admission.take_making(number) && admission.disown_making().is_none());
}

#[test]
fn a_guest_joins_whether_or_not_the_hosts_name_is_known() {
    for known in [true, false] {
        let mut cx = context();
        let mut admission = Admission::join(1, code("ABCD2345"), join_code(), name());
        admission.begin(&mut cx);
        assert!(matches!(requests(&mut cx)[..], [(_, Request::GetPublicRoomInfo { .. })]));
        let info = if known {
            Ok(PublicRoomInfo { host_user_name: name(), status: RoomStatus::Open, expires_at: EpochMs(1) })
        } else {
            Err(busy(None))
        };
        admission.on_public_room_info(&mut cx, info);
        assert!(matches!(requests(&mut cx)[..], [(_, Request::JoinRoom { .. })]));
        let response =
            RoomJoinResponse { guest_token: token(), expires_at: EpochMs(1), exchange: false, version: None };
        let Admitted::Room(room, _) = admission.on_joined(&mut cx, Ok(response)) else { panic!("it is in the room") };
        assert_eq!((room.role, room.host_user_name.is_some()), (Role::Guest, known));
    }
}
