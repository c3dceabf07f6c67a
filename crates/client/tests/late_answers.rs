//! Every answer of the Registry belongs to a room and an attempt; what comes when that is over changes nothing.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Disconnected};
use registry_client::event::Event;
use registry_client::testing::{Faults, Pair, PairConfig};
use registry_client::{RoomInfo, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);

/// Two in one room of a Registry that cannot wait.
fn met(seed: u64) -> Pair {
    let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { seed, registry, ..PairConfig::default() });
    pair.ether.most_candidates.set(2);
    pair.meet().expect("they meet");
    pair
}

/// Two that are connected and have a standby room.
fn durable(seed: u64) -> Pair {
    let mut pair = met(seed);
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.world.run_for(SECOND * 4);
    pair
}

/// From now on every request takes its time.
fn slow_down(pair: &Pair) {
    *pair.network.faults.borrow_mut() = Faults { delay: SECOND * 2, ..Faults::default() };
}

fn until_both_are(pair: &mut Pair, states: (registry_client::ConnectionState, registry_client::ConnectionState)) {
    let (host, guest) = (pair.host.clone(), pair.guest.clone());
    let there = || (host.connection_state(), guest.connection_state()) == states;
    assert!(pair.world.run_until(SECOND * 90, there), "{:?}", pair.states());
}

/// What a client shows of its room.
fn shown(client: &WebRtcRegistryClient) -> (Option<RoomInfo>, usize, Vec<String>) {
    let errors = client.errors().iter().map(ToString::to_string).collect();
    (client.room_info(), client.count("room:snapshot"), errors)
}

fn late(client: &WebRtcRegistryClient) -> usize {
    let events = client.trace().events();
    events
        .iter()
        .filter(|entry| matches!(&entry.event, Event::Stale { what, .. } if what == "answer of the Registry"))
        .count()
}

/// Lets everything that is under way come, and says how much of it came too late.
fn expect_unchanged(mut pair: Pair) -> usize {
    let clients = [pair.host.clone(), pair.guest.clone()];
    let before = clients.each_ref().map(shown);
    pair.world.run_for(SECOND * 8);
    assert_eq!(clients.each_ref().map(shown), before);
    assert_eq!(pair.states(), (Connected, Connected));
    clients.iter().map(late).sum()
}

#[test]
fn a_late_snapshot_of_the_standby_room_says_nothing_about_the_applications() {
    for (seed, who) in (0..60).zip([[true, false], [false, true], [true, true]].into_iter().cycle()) {
        let mut pair = durable(seed);
        slow_down(&pair);
        pair.ether.cut();
        until_both_are(&mut pair, (Disconnected, Disconnected));
        // They go to the standby room, and need not have gone.
        for (client, _) in [&pair.host, &pair.guest].into_iter().zip(who).filter(|(_, goes)| *goes) {
            client.network_changed();
        }
        pair.world.run_for(SECOND);
        pair.ether.heal();
        until_both_are(&mut pair, (Connected, Connected));
        expect_unchanged(pair);
    }
}

#[test]
fn a_slow_registry_delays_a_way_back_through_the_standby_room_and_no_more() {
    for seed in 0..30 {
        let mut pair = durable(seed);
        slow_down(&pair);
        pair.host.cut();
        let cut = pair.world.elapsed();
        until_both_are(&mut pair, (Connected, Connected));
        let took = pair.world.elapsed() - cut;
        assert!(took < SECOND * 30, "seed {seed}: {took:?}");
    }
}

#[test]
fn a_late_refusal_of_the_standby_room_says_nothing_about_the_applications() {
    let mut late = 0;
    for seed in 0..30 {
        let mut pair = durable(seed);
        slow_down(&pair);
        pair.host.cut();
        until_both_are(&mut pair, (Connected, Connected));
        pair.network.restart(registry_core::Config::default());
        late += expect_unchanged(pair);
    }
    assert!(late > 0, "some did come late");
}

#[test]
fn a_room_that_is_gone_is_no_news_to_who_is_connected() {
    let mut refused = 0;
    for seed in 0..30 {
        let mut pair = met(seed);
        slow_down(&pair);
        drop((pair.host.start_connection(), pair.guest.start_connection()));
        until_both_are(&mut pair, (Connected, Connected));
        pair.network.restart(registry_core::Config::default());
        pair.world.run_for(SECOND * 8);
        assert_eq!(pair.states(), (Connected, Connected));
        for client in [&pair.host, &pair.guest] {
            let errors: Vec<_> = client.errors().iter().map(ToString::to_string).collect();
            assert_eq!(errors, Vec::<String>::new(), "seed {seed}");
        }
        refused += pair.network.refusals(404);
    }
    assert!(refused > 0, "some were refused");
}

#[test]
fn the_end_of_a_standby_room_is_not_that_of_the_applications() {
    let mut pair = durable(1);
    pair.host.cut();
    until_both_are(&mut pair, (Connected, Connected));
    pair.world.run_for(SECOND * 4);
    // The application's room cannot be closed any more, but the standby room can.
    let room = pair.host.room_info().unwrap();
    let close = registry_core::Request::new("POST", format!("/rooms/{}/close", room.code.as_str()))
        .header("X-Registry-Version", "1")
        .header("X-Access-Token", room.token.as_str());
    assert_eq!(pair.network.handle(&close).status, 204);
    pair.world.run_for(SECOND * 20);
    drop(pair.guest.close_room());
    pair.world.run_for(SECOND * 5);
    let snapshots = pair.host.trace().events();
    let closed = |event: &Event| matches!(event, Event::Snapshot { status, .. } if status == "closed");
    assert_eq!(snapshots.iter().filter(|entry| closed(&entry.event)).count(), 0);
}
