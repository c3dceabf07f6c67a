//! Whenever a client is closed, no room of its own stays at the Registry.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Idle};
use registry_client::testing::{Faults, Pair, PairConfig};

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

/// Every request takes its time.
fn slow(seed: u64) -> Pair {
    let faults = Faults { delay: MS * 700, ..Faults::default() };
    Pair::new(PairConfig { seed, faults, ..PairConfig::default() })
}

#[test]
fn one_that_is_closed_while_its_room_is_being_made_closes_that_room() {
    for seed in 0..60 {
        let mut pair = slow(seed);
        let creating = pair.host.create_room("HostUser");
        pair.world.run_for(MS * 25 * u32::try_from(seed).unwrap());
        let closing = pair.host.close_room();
        assert_eq!(pair.host.connection_state(), Idle, "at once");
        assert!(pair.world.block_on(MS, creating).is_some(), "whoever waits for the room is told at once");
        assert!(pair.world.block_on(SECOND * 5, closing).is_some(), "it ends");
        assert_eq!(pair.network.live_rooms(), 0, "seed {seed}: when closing is done the room is closed");
        assert_eq!(pair.host.count("cleanup:complete"), 1);
        pair.world.run_for(SECOND);
        assert_eq!((pair.world.leftovers(), pair.host.room_info()), ((0, 0), None));
    }
}

#[test]
fn a_room_that_is_made_after_that_is_not_the_one_that_was_given_up() {
    for seed in 0..20 {
        let mut pair = slow(seed);
        let first = pair.host.create_room("First");
        pair.world.run_for(MS * 200);
        let closing = pair.host.close_room();
        let second = pair.host.create_room("Second");
        let ((first, second), ()) = pair
            .world
            .block_on(SECOND * 10, futures::future::join(futures::future::join(first, second), closing))
            .unwrap();
        assert_eq!(first.unwrap_err().kind.code(), "closed");
        assert_eq!(second.unwrap().host_user_name.unwrap().as_str(), "Second");
        pair.world.run_for(SECOND * 3);
        assert_eq!(pair.network.live_rooms(), 1, "seed {seed}");
        pair.world.block_on(SECOND * 5, pair.host.close_room()).unwrap();
        assert_eq!(pair.network.live_rooms(), 0, "seed {seed}");
    }
}

#[test]
fn a_page_that_is_left_while_its_room_is_being_made_closes_that_room() {
    for seed in 0..20 {
        let mut pair = slow(seed);
        drop(pair.host.create_room("HostUser"));
        pair.world.run_for(MS * 200);
        pair.host.leave();
        pair.world.run_for(SECOND * 5);
        let log = pair.network.log();
        let closed = log.iter().find(|exchange| exchange.path.ends_with("/close"));
        assert!(closed.is_none_or(|exchange| exchange.keepalive), "as far as possible it outlives the page");
        assert_eq!((pair.network.live_rooms(), pair.world.leftovers()), (0, (0, 0)), "seed {seed}");
    }
}

#[test]
fn closing_waits_no_longer_than_requests_may_take() {
    let mut pair = slow(1);
    pair.network.faults.borrow_mut().delay = SECOND * 60;
    drop(pair.host.create_room("HostUser"));
    pair.world.run_for(SECOND);
    let begun = pair.world.elapsed();
    pair.world.block_on(SECOND * 60, pair.host.close_room()).expect("it ends");
    assert!(pair.world.elapsed() - begun <= SECOND * 20, "{:?}", pair.world.elapsed() - begun);
    assert_eq!((pair.host.connection_state(), pair.world.leftovers()), (Idle, (0, 0)));
}

#[test]
fn one_that_is_closed_while_it_joins_leaves_nothing_of_its_own() {
    for after in (0..30).map(|n| MS * 50 * n) {
        let mut pair = slow(7);
        let room = pair.create().unwrap();
        let joining = pair.guest.join_room(room.code.as_str(), room.join_code.unwrap().as_str(), "GuestUser");
        pair.world.run_for(after);
        let closing = pair.guest.close_room();
        let (joined, ()) = pair.world.block_on(SECOND * 5, futures::future::join(joining, closing)).expect("it ends");
        assert!(joined.is_ok() || joined.is_err_and(|error| error.kind.code() == "closed"));
        pair.world.run_for(SECOND * 5);
        assert_eq!((pair.guest.connection_state(), pair.guest.room_info()), (Idle, None));
        pair.world.block_on(SECOND * 5, pair.host.close_room()).unwrap();
        assert_eq!((pair.world.leftovers(), pair.network.live_rooms()), ((0, 0), 0), "after {after:?}");
    }
}

#[test]
fn one_that_is_closed_while_its_standby_room_is_being_made_closes_that_too() {
    for seed in 0..40 {
        let faults = Faults { delay: MS * 700, ..Faults::default() };
        // There the peers cannot meet again in the same room.
        let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
        let mut pair = Pair::new(PairConfig { seed, faults, registry, ..PairConfig::default() });
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        let host = pair.host.clone();
        // That of the application's room is the first.
        let made = || host.trace().events().iter().filter(|one| asks_for_a_room(&one.event)).count() == 2;
        assert!(pair.world.run_until(SECOND * 10, made), "a standby room is asked for");
        pair.world.run_for(MS * 30 * u32::try_from(seed).unwrap());
        pair.world.block_on(SECOND * 5, pair.host.close_room()).expect("it ends");
        assert_eq!(pair.network.live_rooms(), 0, "seed {seed}: when closing is done all rooms are closed");
        pair.world.block_on(SECOND * 5, pair.guest.close_room()).expect("it ends");
        pair.world.run_for(SECOND);
        assert_eq!((pair.world.leftovers(), pair.ether.open.get()), ((0, 0), 0));
    }
}

fn asks_for_a_room(event: &registry_client::event::Event) -> bool {
    use registry_client::event::Event;
    matches!(event, Event::Request { operation, .. } if operation.to_string() == "creating the room")
}
