//! Two whole clients meet through a real Registry, on virtual time.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::Connected;
use registry_client::event::{CandidateStep, Event};
use registry_client::testing::{Pair, PairConfig};
use registry_client::{RoomInfo, Settings};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> Pair {
    Pair::new(PairConfig::default())
}

fn with_registry(registry: registry_core::Config) -> Pair {
    Pair::new(PairConfig { registry, ..PairConfig::default() })
}

/// At a Registry that cannot wait.
fn base() -> registry_core::Config {
    registry_core::Config { extended: false, ..registry_core::Config::default() }
}

#[test]
fn they_meet_connect_and_chat_both_ways() {
    let mut pair = Pair::connected();
    for (from, to) in [(&pair.host, &pair.guest), (&pair.guest, &pair.host)] {
        from.send_message(json!("ping")).unwrap();
        let before = to.count("message");
        assert!(pair.world.run_until(SECOND, || to.count("message") > before));
    }
    assert_eq!(pair.host.count("datachannel:open"), 1);
    assert_eq!(pair.guest.count("answer:posted"), 1);
    assert_eq!(pair.host.count("answer:processed"), 1);
    assert!(pair.host.errors().is_empty() && pair.guest.errors().is_empty());
    assert!(pair.ether.violations.borrow().is_empty());
}

#[test]
fn the_guest_learns_the_hosts_name() {
    let mut pair = pair();
    pair.meet().unwrap();
    let room = pair.guest.room_info().unwrap();
    assert_eq!(room.host_user_name.unwrap().as_str(), "HostUser");
}

#[test]
fn it_does_not_matter_who_starts_first_or_how_much_later_the_other_does() {
    for host_first in [true, false] {
        for pause in [0, 1, 60, 150] {
            let mut pair = pair();
            pair.meet().unwrap();
            let (first, second) = if host_first { (&pair.host, &pair.guest) } else { (&pair.guest, &pair.host) };
            let starting = first.start_connection();
            pair.world.run_for(SECOND * pause);
            let both = futures::future::try_join(starting, second.start_connection());
            let outcome = pair.world.block_on(SECOND * 60, both).expect("it ends");
            assert!(outcome.is_ok(), "host first: {host_first}, {pause} s: {outcome:?}");
            assert_eq!(pair.states(), (Connected, Connected));
            assert_eq!(pair.network.refusals(429), 0, "host first: {host_first}, {pause} s");
        }
    }
}

#[test]
fn a_host_that_starts_before_anybody_has_joined_waits() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    let waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 60);
    pair.join(&room).unwrap();
    let both = futures::future::try_join(waiting, pair.guest.start_connection());
    assert!(pair.world.block_on(SECOND * 30, both).unwrap().is_ok());
    assert_eq!(pair.network.refusals(429), 0);
}

#[test]
fn requests_end_with_the_handshake() {
    for (registry, polls) in [(base(), 1), (registry_core::Config::default(), 0)] {
        let settings = Settings { reconnect_enabled: false, ..Settings::default() };
        let mut pair = Pair::new(PairConfig { registry, settings, ..PairConfig::default() });
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND);
        let before = pair.network.log().len();
        assert_eq!(pair.network.waiting(), 0);
        pair.world.run_for(SECOND * 300);
        assert_eq!(pair.network.log().len(), before);
        assert_eq!(pair.host.count("room:polling:stopped"), 1);
        assert_eq!(pair.host.count("ice:polling:stopped"), polls);
    }
}

#[test]
fn no_secret_is_in_the_trace_or_in_an_error() {
    let mut pair = Pair::connected();
    let (host, guest) = (pair.host.room_info().unwrap(), pair.guest.room_info().unwrap());
    let wrong = pair.guest.create_room("Twice");
    assert!(pair.world.block_on(SECOND, wrong).unwrap().is_err());
    for client in [&pair.host, &pair.guest] {
        let events = client.trace().events();
        let lines =
            events.iter().map(|entry| format!("{entry:?} {}", registry_client::json::Json::of(&**entry).as_str()));
        let text: String = lines.collect();
        for secret in
            [host.token.as_str(), guest.token.as_str(), host.join_code.as_ref().unwrap().as_str(), "opensesame"]
        {
            assert!(!text.contains(secret));
        }
    }
}

#[test]
fn polls_of_one_kind_never_overlap_and_slow_down_while_nothing_happens() {
    let mut pair = with_registry(base());
    pair.create().unwrap();
    let _waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 60);
    let polls: Vec<_> = pair.network.log().into_iter().filter(|exchange| exchange.method == "GET").collect();
    let pauses: Vec<_> = polls.windows(2).map(|two| (two[1].at - two[0].at).as_millis()).collect();
    assert!(pauses[0] < 300 && pauses[pauses.len() - 1] > 1700, "{pauses:?}");
    assert!(polls.len() < 40, "{}", polls.len());
}

#[test]
fn coming_back_to_the_page_polls_at_once() {
    let mut pair = with_registry(base());
    pair.create().unwrap();
    let _waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 60);
    let before = pair.network.log().len();
    pair.host.wake();
    assert_eq!(pair.network.log().len(), before + 1);
}

#[test]
fn more_candidates_than_the_registry_takes_in_a_minute_are_spread_and_none_is_lost() {
    let settings = Settings { connection_timeout: SECOND * 150, ..Settings::default() };
    let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { seed: 5, settings, registry, ..PairConfig::default() });
    pair.ether.most_candidates.set(40);
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    let posts = pair.network.log().iter().filter(|exchange| exchange.path.ends_with("/candidate")).count();
    assert!(posts > 40, "{posts} candidates are too few for this test");
    assert_eq!(pair.network.refusals(429), 0);
}

#[test]
fn one_candidate_too_many_ends_the_posting_and_not_the_handshake() {
    let mut pair = with_registry(registry_core::Config::default().unlimited());
    let post = |pair: &Pair, n: usize| {
        let guest = pair.guest.room_info().unwrap();
        let request = registry_core::Request::new("POST", format!("/rooms/{}/candidate", guest.code))
            .header("X-Registry-Version", "1")
            .header("X-Access-Token", guest.token.as_str())
            .body(json!({"candidate": format!("candidate:extra{n}")}).to_string());
        pair.network.handle(&request).status
    };
    pair.meet().unwrap();
    assert!((0..40).all(|n| post(&pair, n) == 204));
    let both = futures::future::join(pair.host.start_connection(), pair.guest.start_connection());
    let (host, guest) = pair.world.block_on(SECOND * 60, both).expect("it ends");
    assert!(host.is_err() && guest.is_err());
    let refused = |event: &Event| matches!(event, Event::LocalCandidate { step: CandidateStep::Refused, .. });
    let events = pair.guest.trace().events();
    assert_eq!(events.iter().filter(|entry| refused(&entry.event)).count(), 1);
    // First together with the answer, which is then posted by itself.
    assert_eq!(pair.network.refusals(409), 2);
    // The fake peers need every candidate, so here the deadline decides: nothing else ended the handshake.
    assert_eq!(pair.guest.errors().last().unwrap().kind.code(), "connection_timeout");
}

#[test]
fn a_post_whose_answer_was_lost_is_recognised_in_the_room() {
    for seed in 0..40 {
        let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
        pair.meet().unwrap();
        pair.network.faults.borrow_mut().lose_answer = 0.5;
        pair.network.faults.borrow_mut().until = Some(SECOND * 8);
        assert_eq!(pair.connect(), (Connected, Connected), "seed {seed}");
    }
}

#[test]
fn the_polls_of_one_room_are_not_charged_to_the_next() {
    let mut pair = with_registry(base());
    for room in 0..4 {
        pair.meet().unwrap();
        let begun = pair.world.elapsed();
        assert_eq!(pair.connect(), (Connected, Connected));
        let took = pair.world.elapsed() - begun;
        assert!(took < SECOND * 2, "room {room} took {took:?}");
        let closing = futures::future::join(pair.host.close_room(), pair.guest.close_room());
        pair.world.block_on(SECOND, closing).unwrap();
    }
}

#[test]
fn a_peer_of_the_same_kind_says_its_name() {
    let mut pair = Pair::connected();
    pair.world.run_for(Duration::from_secs(1));
    let name = |room: RoomInfo| room.guest_user_name.map(|name| name.to_string());
    assert_eq!(pair.host.room_info().and_then(name).as_deref(), Some("GuestUser"));

    let mut pair = Pair::new(PairConfig::default());
    pair.ether.plain.set(true);
    pair.meet().unwrap();
    pair.connect();
    pair.world.run_for(Duration::from_secs(5));
    assert_eq!(pair.host.room_info().and_then(name), None);
}
