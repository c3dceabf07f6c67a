//! Devices whose clocks are wrong: what expires when, by the Registry's clock.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use futures::FutureExt;
use registry_client::ConnectionState::{Connected, Created};
use registry_client::testing::{Pair, PairConfig};
use registry_client::{RoomLife, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);
const TEN_MINUTES_MS: f64 = 600_000.0;

/// Both devices are so many milliseconds ahead.
fn ahead(ms: f64) -> Pair {
    let pair = Pair::new(PairConfig::default());
    pair.devices.iter().for_each(|device| device.ahead_ms.set(ms));
    pair
}

#[test]
fn a_host_is_told_of_the_end_of_its_room_when_it_ends_and_not_before() {
    for ms in [-TEN_MINUTES_MS, 0.0, TEN_MINUTES_MS] {
        let mut pair = ahead(ms);
        pair.create().unwrap();
        pair.world.run_for(SECOND * 179);
        let asked = pair.network.log().iter().filter(|exchange| exchange.method == "GET").count();
        assert_eq!((asked, pair.host.errors().len()), (0, 0), "{ms} ms ahead");
        pair.world.run_for(SECOND * 5);
        assert_eq!(
            pair.host.errors().last().map(|error| error.kind.code().to_owned()).as_deref(),
            Some("room_expired")
        );
        assert_eq!(pair.host.connection_state(), Created);
    }
}

#[test]
fn a_room_that_the_host_closes_has_not_expired() {
    for ms in [-TEN_MINUTES_MS, TEN_MINUTES_MS] {
        let mut pair = ahead(ms);
        pair.meet().unwrap();
        let starting = pair.guest.start_connection();
        pair.world.run_for(SECOND * 5);
        drop(pair.host.close_room());
        let error = pair.world.block_on(SECOND * 30, starting).unwrap().unwrap_err();
        assert_eq!(error.kind.code(), "not_found", "{ms} ms ahead");
    }
}

#[test]
fn a_reload_goes_on_whatever_time_the_device_believes_it_is() {
    for ms in [-TEN_MINUTES_MS, TEN_MINUTES_MS] {
        for host in [true, false] {
            let mut pair = ahead(ms);
            pair.meet().unwrap();
            assert_eq!(pair.connect(), (Connected, Connected));
            pair.world.run_for(SECOND * 5);
            pair.reload(host);
            let client = if host { pair.host.clone() } else { pair.guest.clone() };
            let resumed = pair.world.block_on(SECOND * 30, client.resume().expect("it was saved"));
            assert_eq!(resumed.expect("it ends"), Ok(()), "{ms} ms ahead, host: {host}");
        }
    }
}

#[test]
fn a_page_that_comes_back_too_late_is_told_soon_and_leaves_no_room() {
    for host in [true, false] {
        let mut pair = ahead(0.0);
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND * 5);
        pair.reload(host);
        // Its room has expired, but not for so long that its device could be sure of it.
        pair.world.run_for(SECOND * 1000);
        let client = if host { pair.host.clone() } else { pair.guest.clone() };
        let resumed = pair.world.block_on(SECOND * 2, client.resume().expect("it was saved")).expect("it ends");
        assert_eq!(resumed.unwrap_err().kind.code(), "peer_lost", "host: {host}");
        pair.world.run_for(SECOND);
        let log = pair.network.log();
        let sent = |path: &str| log.iter().filter(|one| one.at > SECOND * 300 && one.path.ends_with(path)).count();
        assert!(sent("/close") >= sent("/rooms"), "what nobody can come to is closed");
    }
}

/// How long the room lives on, in seconds, as far as the client knows.
fn left(pair: &Pair, client: &WebRtcRegistryClient) -> Option<f64> {
    match client.room_life() {
        RoomLife::Until(due) => Some(due.as_secs_f64() - pair.world.elapsed().as_secs_f64()),
        RoomLife::Unknown | RoomLife::Over => None,
    }
}

/// Asserts that about so many seconds are left. A `Date` is up to one second old.
#[track_caller]
fn assert_left(pair: &Pair, client: &WebRtcRegistryClient, expected: f64) {
    let left = left(pair, client);
    assert!(left.is_some_and(|left| (expected - 1.0..expected + 1.2).contains(&left)), "{left:?}, not {expected}");
}

#[test]
fn the_rooms_life_is_counted_by_the_registrys_clock() {
    for ms in [-TEN_MINUTES_MS, -60_000.0, 0.0, 60_000.0, TEN_MINUTES_MS] {
        for dates in [true, false] {
            let mut pair = ahead(ms);
            pair.network.dates.set(dates);
            let room = pair.create().unwrap();
            assert_left(&pair, &pair.host, 180.0);
            pair.world.run_for(SECOND * 60);
            assert_left(&pair, &pair.host, 120.0);
            pair.join(&room).unwrap();
            assert_left(&pair, &pair.guest, 300.0);
            assert_eq!(pair.connect(), (Connected, Connected));
            assert_left(&pair, &pair.host, 600.0);
        }
    }
}

#[test]
fn a_wall_clock_that_is_set_changes_nothing() {
    for dates in [true, false] {
        let mut pair = ahead(0.0);
        pair.network.dates.set(dates);
        pair.create().unwrap();
        for ms in [TEN_MINUTES_MS, -TEN_MINUTES_MS, 3_600_000.0] {
            pair.devices[0].ahead_ms.set(ms);
            pair.host.wake();
            pair.world.run_for(SECOND * 20);
        }
        assert_left(&pair, &pair.host, 120.0);
        assert_eq!(pair.host.errors(), []);
    }
}

#[test]
fn a_registry_with_other_times_to_live_is_believed() {
    for (open_ms, seconds) in [(60_000, 60.0), (900_000, 900.0)] {
        for dates in [true, false] {
            let ttl = registry_core::Ttl { open_ms, ..registry_core::Config::default().ttl };
            let registry = registry_core::Config { ttl, ..registry_core::Config::default() };
            let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
            pair.devices[0].ahead_ms.set(TEN_MINUTES_MS);
            pair.network.dates.set(dates);
            pair.create().unwrap();
            if dates {
                assert_left(&pair, &pair.host, seconds);
            }
            // Without a `Date` this shows when the room is read.
            drop(pair.host.start_connection());
            pair.world.run_for(SECOND * 10);
            assert_left(&pair, &pair.host, seconds - 10.0);
        }
    }
}

#[test]
fn a_room_that_lives_longer_than_was_thought_is_not_over() {
    let ttl = registry_core::Ttl { open_ms: 900_000, ..registry_core::Config::default().ttl };
    let registry = registry_core::Config { ttl, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
    pair.create().unwrap();
    pair.world.run_for(SECOND * 200);
    assert_left(&pair, &pair.host, 700.0);
    assert_eq!(pair.host.errors(), []);
    pair.world.run_for(SECOND * 705);
    assert_eq!((pair.host.room_life(), pair.host.errors().len()), (RoomLife::Over, 1));
}

#[test]
fn a_registry_whose_clock_is_set_is_believed_again() {
    let mut pair = ahead(0.0);
    pair.network.dates.set(true);
    pair.create().unwrap();
    // Its clock was an hour fast.
    pair.network.behind_ms.set(3_600_000);
    pair.host.close_room().now_or_never();
    pair.world.run_for(SECOND);
    pair.meet().unwrap();
    assert_left(&pair, &pair.guest, 300.0);
    assert_eq!(pair.connect(), (Connected, Connected));
    assert_left(&pair, &pair.host, 600.0);
}

#[test]
fn a_device_that_has_slept_asks_at_once() {
    let mut pair = ahead(0.0);
    pair.create().unwrap();
    pair.world.run_for(SECOND * 10);
    pair.devices[0].fall_asleep();
    pair.world.run_for(SECOND * 400);
    pair.devices[0].wake_up();
    pair.host.wake();
    pair.world.run_for(SECOND);
    assert_eq!((pair.host.room_life(), pair.host.errors().len()), (RoomLife::Over, 1));
}

#[test]
fn what_is_not_known_of_the_rooms_life_is_not_told() {
    for extended in [true, false] {
        let registry = registry_core::Config { extended, ..registry_core::Config::default() };
        let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
        assert_eq!(pair.host.room_life(), RoomLife::Unknown);
        pair.meet().unwrap();
        drop(pair.guest.start_connection());
        pair.world.run_for(SECOND * 100);
        assert_left(&pair, &pair.guest, 200.0);
        drop(pair.host.start_connection());
        pair.world.run_for(SECOND * 10);
        assert_eq!(pair.states(), (Connected, Connected));
        let (host, guest) = (left(&pair, &pair.host), left(&pair, &pair.guest));
        assert!(host.is_some_and(|left| (589.0..591.0).contains(&left)), "{host:?}");
        // What waits for news sees its own answer; at a Registry of the base contract nobody tells the guest.
        assert!(if extended { guest == host } else { guest.is_none() }, "{guest:?}");
        drop(pair.host.close_room());
        pair.world.run_for(SECOND);
        assert_eq!(pair.host.room_life(), RoomLife::Unknown);
    }
}
