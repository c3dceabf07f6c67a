//! The host replaces the join code of its room.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::error::{ApiError, ErrorKind, StateError};
use registry_client::testing::{Pair, PairConfig};
use registry_client::{Error, RoomInfo};

const SECOND: Duration = Duration::from_secs(1);

fn create(pair: &mut Pair) -> RoomInfo {
    let created = pair.host.create_room("HostUser");
    pair.world.block_on(SECOND, created).expect("it ends").expect("a room")
}

fn replace(pair: &mut Pair) -> Result<RoomInfo, Error> {
    let replaced = pair.host.replace_join_code();
    pair.world.block_on(SECOND * 60, replaced).expect("it ends")
}

fn join(pair: &mut Pair, room: &RoomInfo) -> Result<RoomInfo, Error> {
    let joined = pair.guest.join_room(room.code.as_str(), room.join_code.as_ref().unwrap().as_str(), "GuestUser");
    pair.world.block_on(SECOND * 60, joined).expect("it ends")
}

#[test]
fn a_guest_is_admitted_with_the_new_code_alone() {
    let mut pair = Pair::new(PairConfig::default());
    let old = create(&mut pair);
    let new = replace(&mut pair).unwrap();
    assert_eq!((&new.code, &new.token), (&old.code, &old.token));
    assert_ne!(new.join_code, old.join_code);
    assert_eq!(pair.host.room_info().as_ref(), Some(&new));
    assert_eq!(pair.host.count("room:join-code:replaced"), 1);
    assert!(!format!("{:?}", pair.host.trace().events()).contains(new.join_code.as_ref().unwrap().as_str()));
    assert_eq!(join(&mut pair, &old).unwrap_err().kind.code(), "bad_join_code");
    join(&mut pair, &new).unwrap();
    let both = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
    pair.world.block_on(SECOND * 60, both).expect("it ends").unwrap();
}

/// Others have guessed until everybody who shares their address is locked out.
#[test]
fn a_room_that_is_locked_is_open_again() {
    let mut pair = Pair::new(PairConfig::default());
    let room = create(&mut pair);
    let right = room.join_code.as_ref().unwrap().as_str();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let joined = pair.guest.join_room(room.code.as_str(), wrong, "GuestUser");
        pair.world.block_on(SECOND, joined).expect("it ends").unwrap_err();
    }
    assert_eq!(join(&mut pair, &room).unwrap_err().kind.code(), "rate_limited");
    let new = replace(&mut pair).unwrap();
    join(&mut pair, &new).unwrap();
}

#[test]
fn it_is_refused_where_there_is_no_room_that_a_guest_can_join() {
    let mut pair = Pair::new(PairConfig::default());
    let refused = |pair: &mut Pair| match &replace(pair).unwrap_err().kind {
        ErrorKind::State(StateError::NoOpenRoom) => true,
        other => panic!("{other:?}"),
    };
    assert!(refused(&mut pair), "there is none");
    let room = create(&mut pair);
    join(&mut pair, &room).unwrap();
    let guests = pair.guest.replace_join_code();
    let guests = pair.world.block_on(SECOND, guests).expect("it ends").unwrap_err();
    assert_eq!(guests.kind.code(), "no_open_room");
    // Here only the Registry knows.
    match &replace(&mut pair).unwrap_err().kind {
        ErrorKind::Api(ApiError { status: 409, .. }) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(pair.host.room_info().unwrap().join_code, room.join_code);
    let both = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
    pair.world.block_on(SECOND * 60, both).expect("it ends").unwrap();
    assert!(refused(&mut pair), "the guest is there");
}

#[test]
fn it_is_refused_by_a_registry_without_it() {
    let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
    let room = create(&mut pair);
    assert_eq!(replace(&mut pair).unwrap_err().kind.code(), "not_supported");
    join(&mut pair, &room).unwrap();
}

#[test]
fn it_ends_with_the_room() {
    let mut pair = Pair::new(PairConfig::default());
    create(&mut pair);
    let (replaced, closed) = (pair.host.replace_join_code(), pair.host.close_room());
    let both = futures::future::join(replaced, closed);
    let (replaced, ()) = pair.world.block_on(SECOND * 60, both).expect("both end");
    assert_eq!(replaced.unwrap_err().kind.code(), "closed");
    assert!(pair.host.room_info().is_none());
}

#[test]
fn whoever_asks_twice_gets_the_same_code_which_is_the_one_that_admits() {
    let mut pair = Pair::new(PairConfig::default());
    create(&mut pair);
    let both = futures::future::try_join(pair.host.replace_join_code(), pair.host.replace_join_code());
    let (first, second) = pair.world.block_on(SECOND, both).expect("both end").unwrap();
    assert_eq!((&first, pair.host.count("room:join-code:replaced")), (&second, 1));
    join(&mut pair, &first).unwrap();
}
