//! `startConnection` while a connection is lost: try now, within the recovery that is under way, and nothing beside it.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Connecting, Disconnected, Error};
use registry_client::error::{ErrorKind, StateError, WebRtcError};
use registry_client::testing::{Pair, PairConfig};
use registry_client::{Settings, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);

/// Two that are connected and have a standby room.
fn durable(settings: Settings) -> Pair {
    connected(Pair::new(PairConfig { settings, ..PairConfig::default() }))
}

fn connected(mut pair: Pair) -> Pair {
    pair.meet().expect("they meet");
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.world.run_for(SECOND * 4);
    pair
}

/// The path is cut, and one side has noticed.
fn lost(settings: Settings, host: bool) -> (Pair, WebRtcRegistryClient) {
    let mut pair = durable(settings);
    pair.ether.cut();
    let client = side(&pair, host);
    let one = client.clone();
    assert!(pair.world.run_until(SECOND * 10, || one.connection_state() == Disconnected));
    (pair, client)
}

fn side(pair: &Pair, host: bool) -> WebRtcRegistryClient {
    if host { pair.host.clone() } else { pair.guest.clone() }
}

fn expect_sound(pair: &mut Pair) {
    pair.world.run_for(SECOND * 30);
    assert_eq!(pair.states(), (Connected, Connected));
    assert_eq!((pair.ether.open.get(), &*pair.ether.violations.borrow()), (2, &Vec::<String>::new()));
    for client in [&pair.host, &pair.guest] {
        let errors: Vec<_> = client.errors().iter().map(ToString::to_string).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn what_heals_is_back_as_soon_as_if_nobody_had_touched_it() {
    for host in [true, false] {
        for pause in [0, 1, 2, 3, 4] {
            let (mut pair, client) = lost(Settings::default(), host);
            pair.world.run_for(SECOND * pause);
            let starting = client.start_connection();
            pair.ether.heal();
            let healed = pair.world.elapsed();
            let outcome = pair.world.block_on(SECOND * 30, starting).expect("it ends");
            assert_eq!(outcome, Ok(()), "host: {host}, after {pause} s");
            let (one, two) = (pair.host.clone(), pair.guest.clone());
            let both = || [&one, &two].iter().all(|client| client.connection_state() == Connected);
            assert!(pair.world.run_until(SECOND * 30, both));
            let took = pair.world.elapsed() - healed;
            assert!(took < SECOND * 4, "host: {host}, after {pause} s: {took:?}");
            expect_sound(&mut pair);
        }
    }
}

#[test]
fn it_skips_the_grace() {
    let settings = Settings { disconnected_grace: SECOND * 60, ..Settings::default() };
    for host in [true, false] {
        let (mut pair, client) = lost(settings.clone(), host);
        // The old path never works again, but another does.
        pair.world.run_for(SECOND * 3);
        let starting = [pair.host.start_connection(), pair.guest.start_connection()];
        assert_eq!((client.connection_state(), client.count("reconnect:attempting")), (Connecting, 1));
        pair.ether.heal();
        for starting in starting {
            assert_eq!(pair.world.block_on(SECOND * 3, starting), Some(Ok(())));
        }
        expect_sound(&mut pair);
    }
}

#[test]
fn while_the_other_side_can_be_heard_it_restarts_ice_over_the_control_channel() {
    let settings = Settings {
        disconnected_grace: SECOND * 60,
        ping_timeout: SECOND,
        ping_interval: SECOND / 4,
        ..Settings::default()
    };
    for host in [true, false] {
        let (mut pair, client) = lost(settings.clone(), host);
        let starting = client.start_connection();
        assert_eq!((client.connection_state(), client.count("reconnect:attempting")), (Disconnected, 0));
        pair.ether.heal();
        assert_eq!(pair.world.block_on(SECOND * 4, starting), Some(Ok(())), "host: {host}");
        expect_sound(&mut pair);
    }
}

#[test]
fn it_ends_the_pause_between_two_attempts() {
    let settings = Settings {
        reconnect_timeout: SECOND * 10,
        reconnect_backoff_base: SECOND * 600,
        reconnect_backoff_max: SECOND * 600,
        ..Settings::default()
    };
    for host in [true, false] {
        let (mut pair, client) = lost(settings.clone(), host);
        pair.network.down.set(true);
        pair.world.run_for(SECOND * 60);
        pair.network.down.set(false);
        pair.ether.heal();
        assert_eq!((pair.states(), client.count("reconnect:attempting")), ((Disconnected, Disconnected), 1));
        let both = futures::future::join(pair.host.start_connection(), pair.guest.start_connection());
        assert_eq!(pair.states(), (Connecting, Connecting));
        assert_eq!(pair.world.block_on(SECOND * 10, both), Some((Ok(()), Ok(()))));
        assert_eq!(client.count("reconnect:attempting"), 2);
        expect_sound(&mut pair);
    }
}

#[test]
fn every_call_within_one_recovery_has_its_outcome() {
    for host in [true, false] {
        let (mut pair, client) = lost(Settings::default(), host);
        let mut calls = vec![client.start_connection(), client.start_connection()];
        pair.world.run_for(SECOND * 8);
        assert_eq!(client.connection_state(), Connecting);
        calls.push(client.start_connection());
        assert_eq!((client.connection_state(), client.count("reconnect:attempting")), (Connecting, 1));
        pair.ether.heal();
        let outcomes = pair.world.block_on(SECOND * 60, futures::future::join_all(calls));
        assert_eq!(outcomes, Some(vec![Ok(()); 3]));
        expect_sound(&mut pair);
    }
}

#[test]
fn it_is_rejected_when_the_recovery_gives_up_or_is_ended() {
    let settings = Settings { max_reconnect_attempts: 1, reconnect_timeout: SECOND * 10, ..Settings::default() };
    for host in [true, false] {
        let (mut pair, client) = lost(settings.clone(), host);
        let outcome = pair.world.block_on(SECOND * 60, client.start_connection()).expect("it ends");
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::WebRtc(WebRtcError::PeerLost));
        assert_eq!(client.connection_state(), Error);

        let (mut pair, client) = lost(Settings::default(), host);
        let starting = client.start_connection();
        pair.world.run_for(SECOND);
        drop(client.close_room());
        let outcome = pair.world.block_on(SECOND, starting).expect("it ends");
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::State(StateError::Closed));
    }
}

#[test]
fn where_there_is_no_way_back_it_is_refused_and_the_old_path_may_still_heal() {
    let plain = || {
        let pair = Pair::new(PairConfig::default());
        pair.ether.plain.set(true);
        connected(pair)
    };
    let given_up = || durable(Settings { reconnect_enabled: false, ..Settings::default() });
    for mut pair in [plain(), given_up()] {
        pair.ether.cut();
        pair.world.run_for(SECOND * 8);
        assert_eq!(pair.states(), (Disconnected, Disconnected));
        for client in [pair.host.clone(), pair.guest.clone()] {
            let refused = pair.world.block_on(SECOND, client.start_connection()).expect("at once").unwrap_err();
            let expected = StateError::InvalidTransition { from: Disconnected, to: Connecting };
            assert_eq!(refused.kind, ErrorKind::State(expected));
            assert!(refused.to_string().contains("create a new one"), "{refused}");
        }
        assert_eq!(pair.ether.open.get(), 2);
        pair.ether.heal();
        pair.world.run_for(SECOND * 4);
        assert_eq!(pair.states(), (Connected, Connected));
        assert!(pair.ether.violations.borrow().is_empty(), "{:?}", pair.ether.violations);
    }
}
