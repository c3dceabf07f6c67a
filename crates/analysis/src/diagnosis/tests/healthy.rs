//! Handshakes in which nothing is wrong: nothing is found in them, at any moment.

use std::time::Duration;

use registry_client::testing::{Faults, PairConfig};
use registry_client::{ConnectionState, Settings};
use registry_core::Config;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Nothing is found in any part of a trace from its beginning, neither when its last event has happened nor right before the
/// next one.
fn nothing_is_ever_found(client: &WebRtcRegistryClient, what: &str) {
    let events = client.trace().events();
    for (n, entry) in events.iter().enumerate() {
        let next = events.get(n + 1).map_or(entry.at_ms, |next| next.at_ms);
        let track = Track::new(events[..=n].to_vec());
        for now_ms in [entry.at_ms, next] {
            let found = findings(&track, now_ms);
            assert!(found.is_empty(), "{what}: {} after {:?}\n{found:#?}", now_ms, entry.event);
        }
    }
}

fn both(pair: &Pair, what: &str) {
    assert_eq!(pair.states(), (ConnectionState::Connected, ConnectionState::Connected), "{what}");
    nothing_is_ever_found(&pair.host, what);
    nothing_is_ever_found(&pair.guest, what);
}

fn config(base: bool) -> PairConfig {
    PairConfig { registry: Config { extended: !base, ..Config::default() }, ..PairConfig::default() }
}

#[test]
fn both_start_at_once_or_one_after_the_other() {
    for base in [false, true] {
        for (host_waits, guest_waits) in [(0, 0), (6, 0), (0, 6)] {
            let mut pair = Pair::new(config(base));
            pair.meet().unwrap();
            let (host, guest) = if host_waits > 0 {
                let guest = pair.guest.start_connection();
                pair.world.run_for(SECOND * host_waits);
                (pair.host.start_connection(), guest)
            } else {
                let host = pair.host.start_connection();
                pair.world.run_for(SECOND * guest_waits);
                (host, pair.guest.start_connection())
            };
            pair.world.block_on(SECOND * 60, futures::future::join(host, guest)).unwrap().0.unwrap();
            pair.world.run_for(SECOND * 30);
            both(&pair, &format!("base {base}, host {host_waits}, guest {guest_waits}"));
        }
    }
}

#[test]
fn a_network_that_is_slow_or_repeats_and_reorders() {
    for seed in 0..10 {
        let faults = Faults { delay: Duration::from_millis(800), duplicate: 0.2, ..Faults::default() };
        let mut pair = Pair::new(PairConfig { seed, faults, ..config(seed % 2 == 1) });
        pair.meet().unwrap();
        pair.connect();
        both(&pair, &format!("seed {seed}"));
    }
}

#[test]
fn peers_that_implement_only_the_specification() {
    let mut pair = Pair::new(PairConfig::default());
    pair.ether.plain.set(true);
    pair.meet().unwrap();
    pair.connect();
    pair.host.send_message(serde_json::json!("hello")).unwrap();
    pair.world.run_for(SECOND * 60);
    both(&pair, "plain");
}

#[test]
fn an_hour_of_messages() {
    let mut pair = Pair::connected();
    for n in 0..60 {
        pair.host.send_message(serde_json::json!(n)).unwrap();
        pair.guest.send_message(serde_json::json!(n)).unwrap();
        pair.world.run_for(SECOND * 60);
    }
    both(&pair, "an hour");
}

#[test]
fn a_connection_that_comes_back() {
    for (reload, cut) in [(None, true), (Some(true), false), (Some(false), false)] {
        let mut pair = Pair::connected();
        pair.world.run_for(SECOND * 5);
        if cut {
            pair.host.cut();
        }
        if let Some(host) = reload {
            pair.reload(host);
            let client = if host { pair.host.clone() } else { pair.guest.clone() };
            let resumed = client.resume().unwrap();
            pair.world.block_on(SECOND * 60, resumed).unwrap().unwrap();
        }
        pair.world.run_for(SECOND * 30);
        assert!(causes(&pair, &pair.host).is_empty() && causes(&pair, &pair.guest).is_empty());
        both(&pair, &format!("reload {reload:?}, cut {cut}"));
    }
}

#[test]
fn a_path_that_was_away_for_long_leaves_nothing() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 5);
    pair.ether.cut();
    pair.world.run_for(SECOND * 25);
    assert_eq!(causes(&pair, &pair.host), [Cause::PeerGone]);
    pair.ether.heal();
    pair.world.run_for(SECOND * 60);
    assert_eq!(pair.states(), (ConnectionState::Connected, ConnectionState::Connected));
    assert!(causes(&pair, &pair.host).is_empty() && causes(&pair, &pair.guest).is_empty());
}

#[test]
fn a_room_that_is_closed_in_the_end() {
    for host_closes in [true, false] {
        let mut pair = Pair::connected();
        let closing = if host_closes { pair.host.close_room() } else { pair.guest.close_room() };
        pair.world.block_on(SECOND * 10, closing).unwrap();
        pair.world.run_for(SECOND * 20);
        nothing_is_ever_found(&pair.host, "closed");
        nothing_is_ever_found(&pair.guest, "closed");
    }
}

#[test]
fn a_clock_that_is_set_wrong_a_little_is_no_finding() {
    let mut pair = Pair::new(PairConfig { settings: Settings::default(), ..PairConfig::default() });
    pair.network.behind_ms.set(20_000);
    pair.network.dates.set(true);
    pair.meet().unwrap();
    pair.connect();
    both(&pair, "20 s");
}
