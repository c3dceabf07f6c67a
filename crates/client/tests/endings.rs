//! How rooms and connections end: closed, expired, failed, lost, or with a Registry that is away.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Created, Disconnected, Error, Idle, Joined};
use registry_client::error::{ErrorKind, TimeoutError, WebRtcError};
use registry_client::event::Event;
use registry_client::testing::{IceFate, Pair, PairConfig};

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> Pair {
    Pair::new(PairConfig::default())
}

fn with_registry(registry: registry_core::Config) -> Pair {
    Pair::new(PairConfig { registry, ..PairConfig::default() })
}

#[test]
fn a_host_that_nobody_joins_is_told_when_the_room_has_expired() {
    let mut pair = pair();
    pair.create().unwrap();
    let outcome = pair.world.block_on(SECOND * 400, pair.host.start_connection()).unwrap();
    let error = outcome.unwrap_err();
    let expires_at = pair.host.room_info().unwrap().expires_at;
    assert_eq!(error.kind, ErrorKind::Timeout(TimeoutError::RoomExpired { at: Some(expires_at) }));
    assert!(error.to_string().contains("expired at") && error.to_string().contains("new room"), "{error}");
    assert_eq!(pair.host.connection_state(), Error);
}

#[test]
fn a_room_that_expires_before_the_start_is_noticed_too() {
    let mut pair = pair();
    pair.create().unwrap();
    pair.world.run_for(SECOND * 200);
    assert_eq!(pair.host.connection_state(), Created);
    assert_eq!(pair.host.errors().last().unwrap().kind.code(), "room_expired");
    let refused = pair.world.block_on(SECOND, pair.host.start_connection()).unwrap().unwrap_err();
    assert_eq!(refused.kind.code(), "room_gone");
    assert_eq!(pair.host.connection_state(), Created);
}

#[test]
fn a_guest_is_told_that_the_host_closed_the_room() {
    let mut pair = pair();
    pair.meet().unwrap();
    let starting = pair.guest.start_connection();
    pair.world.run_for(SECOND * 5);
    let closing = pair.host.close_room();
    pair.world.block_on(SECOND, closing).unwrap();
    let error = pair.world.block_on(SECOND * 30, starting).unwrap().unwrap_err();
    assert_eq!(error.kind.code(), "not_found");
    assert!(error.to_string().contains("the host closed it"), "{error}");
}

#[test]
fn closing_leaves_nothing_behind_on_either_side() {
    for host_closes in [true, false] {
        let mut pair = Pair::connected();
        let (closer, other) = if host_closes { (&pair.host, &pair.guest) } else { (&pair.guest, &pair.host) };
        pair.world.block_on(SECOND, closer.close_room()).unwrap();
        pair.world.run_for(SECOND);
        assert_eq!((closer.connection_state(), other.connection_state()), (Idle, Disconnected));
        assert_eq!(other.errors().last().unwrap().kind, ErrorKind::WebRtc(WebRtcError::PeerLeft));
        assert_eq!((closer.room_info(), closer.count("cleanup:complete")), (None, 1));
        pair.world.block_on(SECOND, other.close_room()).unwrap();
        pair.world.run_for(SECOND);
        assert_eq!(pair.world.leftovers(), (0, 0), "timers and tasks");
        assert_eq!(pair.ether.open.get(), 0);
        let log = pair.network.log();
        let made = log.iter().filter(|exchange| exchange.path == "/rooms").count();
        let closed: Vec<_> = log.iter().filter(|exchange| exchange.path.ends_with("/close")).collect();
        assert!(closed.iter().all(|exchange| exchange.client == "host"), "the guest may not");
        assert_eq!(closed.len(), made, "the host closes the standby room too");
    }
}

#[test]
fn closing_in_the_middle_of_anything_settles_what_is_pending_and_leaves_nothing() {
    for after_ms in (0..900).step_by(7) {
        let mut pair = pair();
        pair.meet().unwrap();
        let starting = futures::future::join(pair.host.start_connection(), pair.guest.start_connection());
        pair.world.run_for(Duration::from_millis(after_ms));
        let closing = futures::future::join(pair.host.close_room(), pair.guest.close_room());
        let (started, _) = pair.world.block_on(SECOND * 20, futures::future::join(starting, closing)).expect("it ends");
        for outcome in [started.0, started.1] {
            assert!(outcome.is_ok() || outcome.is_err_and(|error| error.kind.code() == "closed"));
        }
        pair.world.run_for(SECOND * 20);
        assert_eq!(pair.states(), (Idle, Idle));
        assert_eq!((pair.world.leftovers(), pair.ether.open.get()), ((0, 0), 0), "after {after_ms} ms");
    }
}

#[test]
fn dropping_a_client_ends_everything_it_began() {
    let mut pair = Pair::connected();
    let (host, ether) = (pair.host.clone(), std::rc::Rc::clone(&pair.ether));
    let Pair { host: first, guest, .. } = &pair;
    assert_eq!((first.connection_state(), guest.connection_state()), (Connected, Connected));
    pair.host = pair.guest.clone();
    drop(host);
    pair.world.run_for(SECOND * 400);
    assert_eq!(pair.guest.connection_state(), Error, "it has looked for its host for as long as it may");
    assert_eq!((pair.world.leftovers(), ether.open.get()), ((0, 0), 0));
}

#[test]
fn a_second_room_follows_the_first() {
    let mut pair = Pair::connected();
    for _ in 0..3 {
        let closing = futures::future::join(pair.host.close_room(), pair.guest.close_room());
        pair.world.block_on(SECOND, closing).unwrap();
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
    }
    assert!(pair.ether.violations.borrow().is_empty(), "{:?}", pair.ether.violations);
}

#[test]
fn ice_that_fails_is_an_error_with_diagnostics_and_the_host_closes_the_room() {
    let mut pair = pair();
    pair.ether.fate.set(IceFate::Fails);
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Error, Error));
    pair.world.run_for(SECOND * 20);
    let error = pair.host.errors().pop().unwrap();
    assert_eq!(error.kind, ErrorKind::WebRtc(WebRtcError::IceFailed));
    assert_eq!(error.diagnostics.phase.as_str(), "connecting");
    assert_eq!(error.diagnostics.rtc.connection_state.unwrap().as_str(), "failed");
    assert_eq!(error.diagnostics.room_status.as_deref(), Some("paired"));
    assert!(pair.network.log().iter().any(|exchange| exchange.path.ends_with("/close")));
    let closed = |event: &Event| matches!(event, Event::Snapshot { status, .. } if status == "closed");
    assert!(pair.host.trace().events().iter().any(|entry| closed(&entry.event)));
    assert_eq!((pair.world.leftovers(), pair.ether.open.get()), ((0, 0), 0));
}

#[test]
fn a_connection_that_hangs_ends_at_its_deadline() {
    let mut pair = pair();
    pair.ether.fate.set(IceFate::Hangs);
    pair.meet().unwrap();
    let begun = pair.world.elapsed();
    assert_eq!(pair.connect(), (Error, Error));
    let took = pair.world.elapsed() - begun;
    assert!((30..36).contains(&took.as_secs()), "{took:?}");
    assert_eq!(pair.host.count("connection:timeout"), 1);
}

#[test]
fn a_registry_that_is_down_for_a_while_delays_the_handshake_and_no_more() {
    for down_after_ms in [0, 50, 300, 600] {
        let mut pair = pair();
        pair.meet().unwrap();
        let both = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
        pair.world.run_for(Duration::from_millis(down_after_ms));
        pair.network.down.set(true);
        pair.world.run_for(SECOND * 20);
        pair.network.down.set(false);
        let outcome = pair.world.block_on(SECOND * 60, both).expect("it ends");
        assert!(outcome.is_ok(), "down after {down_after_ms} ms: {outcome:?}");
    }
}

#[test]
fn a_registry_that_stays_down_is_given_up_when_the_room_has_expired() {
    let mut pair = pair();
    pair.meet().unwrap();
    pair.network.down.set(true);
    assert_eq!(pair.connect(), (Error, Error));
    for client in [&pair.host, &pair.guest] {
        assert_eq!(client.errors().last().unwrap().kind.code(), "room_expired");
    }
    assert!((290..330).contains(&pair.world.elapsed().as_secs()), "{:?}", pair.world.elapsed());
}

#[test]
fn a_registry_with_short_lives_ends_the_wait_early() {
    let ttl = registry_core::Config::default().ttl;
    let mut pair = with_registry(registry_core::Config {
        ttl: registry_core::Ttl { joined_ms: 4000, ..ttl },
        ..registry_core::Config::default()
    });
    pair.meet().unwrap();
    let error = pair.world.block_on(SECOND * 30, pair.guest.start_connection()).unwrap().unwrap_err();
    assert_eq!(error.kind.code(), "room_expired");
    assert!(pair.world.elapsed() < SECOND * 8, "{:?}", pair.world.elapsed());
    assert_eq!(pair.host.connection_state(), Created);
    assert_ne!(pair.guest.connection_state(), Joined);
}

#[test]
fn leaving_the_page_closes_the_hosts_room() {
    let mut pair = pair();
    pair.create().unwrap();
    pair.host.leave();
    pair.world.run_for(SECOND);
    assert_eq!(pair.host.connection_state(), Idle);
    assert!(
        pair.network.log().iter().any(|exchange| exchange.path.ends_with("/close") && exchange.status == Some(204))
    );
}

#[test]
fn closing_again_waits_for_the_first_close() {
    let mut pair = pair();
    pair.create().unwrap();
    let (first, second) = (pair.host.close_room(), pair.host.close_room());
    pair.world.block_on(SECOND * 20, second).expect("an end");
    assert_eq!(pair.network.live_rooms(), 0, "the Registry has been told");
    pair.world.block_on(SECOND, first).expect("an end");
}
