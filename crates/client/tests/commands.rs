//! Calls that come at the wrong moment or with the wrong arguments: typed errors, and nothing changes.
#![cfg(not(target_family = "wasm"))]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use registry_client::ConnectionState::{self, Connected, Connecting, Created, Creating, Idle, Joined};
use registry_client::error::{Error, ErrorKind, StateError};
use registry_client::testing::{Pair, PairConfig};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> Pair {
    Pair::new(PairConfig::default())
}

fn refusal<T: std::fmt::Debug>(outcome: Option<Result<T, Error>>) -> StateError {
    match outcome.expect("it ends at once").expect_err("it is refused").kind.clone() {
        ErrorKind::State(error) => error,
        other => panic!("not a state error: {other:?}"),
    }
}

fn invalid(from: ConnectionState, to: ConnectionState) -> StateError {
    StateError::InvalidTransition { from, to }
}

#[test]
fn starting_without_a_room_is_refused() {
    let mut pair = pair();
    let starting = pair.host.start_connection();
    assert_eq!(refusal(pair.world.block_on(SECOND, starting)), invalid(Idle, Connecting));
    assert_eq!(pair.host.connection_state(), Idle);
}

#[test]
fn starting_after_a_room_could_not_be_joined_says_that_there_is_none() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    let joining = pair.guest.join_room(room.code.as_str(), "000000", "Guest");
    assert!(pair.world.block_on(SECOND * 20, joining).unwrap().is_err());
    let starting = pair.guest.start_connection();
    assert_eq!(refusal(pair.world.block_on(SECOND, starting)), StateError::NoRoom);
    assert_eq!(pair.guest.connection_state(), ConnectionState::Error);
}

#[test]
fn starting_twice_is_refused_and_does_not_disturb_the_first() {
    let mut pair = pair();
    pair.meet().unwrap();
    let first = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
    let second = pair.host.start_connection();
    assert_eq!(refusal(pair.world.block_on(SECOND, second)), invalid(Connecting, Connecting));
    assert!(pair.world.block_on(SECOND * 30, first).unwrap().is_ok());
    let third = pair.host.start_connection();
    assert_eq!(refusal(pair.world.block_on(SECOND, third)), invalid(Connected, Connecting));
    assert_eq!(pair.states(), (Connected, Connected));
}

#[test]
fn a_room_in_a_room_is_refused() {
    let mut pair = pair();
    let room = pair.meet().unwrap();
    let creating = pair.host.create_room("Again");
    assert_eq!(refusal(pair.world.block_on(SECOND, creating)), invalid(Created, Creating));
    let joining = pair.guest.join_room(room.code.as_str(), "123456", "Again");
    assert_eq!(refusal(pair.world.block_on(SECOND, joining)), invalid(Joined, ConnectionState::Joining));
    assert_eq!(pair.states(), (Created, Joined));
}

#[test]
fn sending_before_the_channel_is_open_is_refused() {
    let mut pair = pair();
    pair.meet().unwrap();
    for _ in 0..2 {
        let error = pair.host.send_message(json!("early")).unwrap_err();
        let state = pair.host.connection_state();
        assert_eq!(error.kind, ErrorKind::State(StateError::NotConnected(state)));
        let _starting = pair.host.start_connection();
    }
    assert_eq!(pair.host.count("message:sent"), 0);
}

#[test]
fn malformed_arguments_never_reach_the_network() {
    let mut pair = pair();
    let calls = [
        pair.host.create_room("two words"),
        pair.host.create_room("<img src=x>"),
        pair.host.join_room("short", "123456", "Ann"),
        pair.host.join_room("ACDE2345", "12345", "Ann"),
        pair.host.join_room("ACDE2345", "123456", ""),
    ];
    for call in calls {
        assert!(matches!(refusal(pair.world.block_on(SECOND, call)), StateError::BadArgument(_)));
    }
    assert!(pair.network.log().is_empty());
    assert_eq!(pair.host.connection_state(), Idle);
}

#[test]
fn codes_are_taken_as_people_type_them() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    let typed = format!("  {} ", room.code.as_str().to_lowercase());
    let joining = pair.guest.join_room(&typed, room.join_code.unwrap().as_str(), "Ann");
    assert!(pair.world.block_on(SECOND, joining).unwrap().is_ok());
}

#[test]
fn what_the_registry_refuses_is_an_error_that_says_what_to_do() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    let wrong = if room.join_code.as_ref().unwrap().as_str() == "000000" { "000001" } else { "000000" };
    let cases =
        [(room.code.as_str(), wrong, "bad_join_code", "ask the host"), ("ZZZZZZZZ", wrong, "not_found", "room code")];
    for (code, join_code, expected, words) in cases {
        let joining = pair.guest.join_room(code, join_code, "Ann");
        let error = pair.world.block_on(SECOND, joining).unwrap().unwrap_err();
        assert_eq!((error.kind.name(), error.kind.code()), ("api", expected));
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(pair.guest.connection_state(), ConnectionState::Error);
    }
    pair.join(&room).unwrap();
    let closing = pair.guest.close_room();
    pair.world.block_on(SECOND, closing).unwrap();
    let error = pair.join(&room).unwrap_err();
    assert!(["not_open", "bad_join_code"].contains(&error.kind.code()), "{error:?}");
}

#[test]
fn a_registry_that_cannot_be_reached_is_a_network_error() {
    let mut pair = pair();
    pair.network.down.set(true);
    let error = pair.create().unwrap_err();
    assert_eq!((error.kind.name(), error.kind.retryable()), ("network", true));
    assert!(error.to_string().contains("check its URL"), "{error}");
    pair.network.down.set(false);
    pair.create().expect("the next try succeeds");
}

#[test]
fn a_registry_that_asks_to_come_again_is_asked_again() {
    let mut pair = pair();
    pair.network.faults.borrow_mut().too_many = 1.0;
    pair.network.faults.borrow_mut().until = Some(SECOND * 2);
    pair.create().expect("it succeeds when the Registry lets it");
    assert!(pair.host.count("retry:scheduled") >= 1);
}

#[test]
fn a_registry_that_refuses_for_ever_is_given_up() {
    let mut pair = pair();
    pair.network.faults.borrow_mut().too_many = 1.0;
    let error = pair.create().unwrap_err();
    assert_eq!((error.kind.name(), error.kind.code()), ("api", "rate_limited"));
    assert_eq!(pair.host.count("retry:scheduled"), 4);
}

#[test]
fn closing_is_idempotent_and_cancels_what_is_pending() {
    let mut pair = pair();
    let creating = pair.host.create_room("HostUser");
    let closing = futures::future::join(pair.host.close_room(), pair.host.close_room());
    let (created, _) = pair.world.block_on(SECOND, futures::future::join(creating, closing)).expect("it ends");
    assert_eq!(created.unwrap_err().kind, ErrorKind::State(StateError::Closed));
    assert_eq!((pair.host.connection_state(), pair.host.count("cleanup:complete")), (Idle, 1));
    pair.world.run_for(SECOND);
    assert_eq!(pair.world.leftovers(), (0, 0));
}

#[test]
fn listeners_may_call_the_client() {
    let mut pair = pair();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (states, host) = (Rc::clone(&seen), pair.host.clone());
    let _closes = pair.host.on_state_change(move |state| {
        states.borrow_mut().push(state);
        if state == Created {
            drop(host.close_room());
        }
    });
    // The room was there, and gone before anybody could ask for it.
    assert_eq!(pair.create().unwrap_err().kind, ErrorKind::State(StateError::Closed));
    assert_eq!(*seen.borrow(), [Creating, Created, Idle]);
}

#[test]
fn a_dropped_subscription_is_silent() {
    let mut pair = pair();
    let seen = Rc::new(RefCell::new(0));
    let count = Rc::clone(&seen);
    let subscription = pair.host.on_state_change(move |_| *count.borrow_mut() += 1);
    drop(subscription);
    pair.create().unwrap();
    assert_eq!(*seen.borrow(), 0);
}
