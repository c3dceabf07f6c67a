use registry_protocol::EpochMs;

use super::*;
use crate::error::NetworkError;
use crate::machine::fixtures::{code, context, join_code, requests, token};
use crate::types::operation::Operation;

fn unreachable() -> RequestError {
    RequestError::Network(NetworkError { operation: Operation::CloseRoom, reason: "away".into() })
}

#[test]
fn a_command_to_close_has_its_outcome_when_everything_is_done() {
    let mut cx = context();
    let mut ending = Ending::default();
    ending.await_steps(7, 2);
    ending.on_step(&mut cx, Some(7));
    ending.on_step(&mut cx, Some(8));
    ending.on_step(&mut cx, None);
    assert!(cx.take_effects().is_empty());
    ending.on_step(&mut cx, Some(7));
    assert_eq!(cx.take_effects(), [Effect::Record(Event::CleanupComplete), Effect::Settle(7, Ok(()))]);
}

#[test]
fn a_room_that_could_not_be_closed_is_reported_once_and_only_to_who_asked() {
    let mut ending = Ending::default();
    ending.await_steps(7, 3);
    assert!(ending.on_close_failed(None, unreachable()).is_none());
    assert!(ending.on_close_failed(Some(7), unreachable()).is_some());
    assert!(ending.on_close_failed(Some(7), unreachable()).is_none());
}

#[test]
fn a_room_that_nobody_needs_any_more_is_closed_when_it_is_there() {
    let mut cx = context();
    let mut ending = Ending::default();
    assert_eq!(ending.disown([3, 4], Some(7), true), 2);
    ending.await_steps(7, 2);
    let made = RoomCreationResponse {
        code: code("ABCD2345"),
        owner_token: token(),
        join_code: join_code(),
        expires_at: EpochMs(1),
        exchange: false,
    };
    ending.on_unwanted_made(&mut cx, 3, Ok(made));
    assert!(matches!(requests(&mut cx)[..], [(_, Request::CloseRoom { keepalive: true, command: Some(7), .. })]));
    ending.on_unwanted_made(&mut cx, 4, Err(unreachable()));
    ending.on_step(&mut cx, Some(7));
    assert!(cx.take_effects().contains(&Effect::Settle(7, Ok(()))));
}
