//! What a peer can make the other side do has its bounds, whatever it says.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Connecting};
use registry_client::WebRtcRegistryClient;
use registry_client::event::{Event, StandbyStep};
use registry_client::testing::{Faults, Pair, PairConfig};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);
/// Of a peer that is not there.
const SDP: &str = "v=0\r\no=- nobody 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=x\r\n";

/// Two that are connected and have a standby room.
fn durable() -> Pair {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 4);
    pair
}

/// The `n`th of many room codes.
fn code(n: usize) -> String {
    format!("{:0>8}", n).replace('0', "A").replace('1', "C").replace('8', "D")
}

fn standby(n: usize) -> String {
    json!({ "standby": { "room": code(n), "join_code": "123456" } }).to_string()
}

/// When the guest asked to join a room.
fn joins(pair: &Pair) -> Vec<Duration> {
    let log = pair.network.log();
    let joins = log.iter().filter(|one| one.client == "guest" && one.path.ends_with("/join"));
    joins.map(|one| one.at).collect()
}

/// How many there are at most in any minute.
fn most_a_minute(times: &[Duration]) -> usize {
    let within = |from: &Duration| times.iter().filter(|at| (*from..*from + SECOND * 60).contains(at)).count();
    times.iter().map(within).max().unwrap_or_default()
}

fn has_a_standby_room(client: &WebRtcRegistryClient) -> bool {
    let events = client.trace().events();
    let last = events.iter().rev().find_map(|entry| match entry.event {
        Event::Standby { step, .. } => Some(step),
        _ => None,
    });
    last == Some(StandbyStep::Ready)
}

#[test]
fn a_guest_that_is_told_of_hundreds_of_rooms_joins_few_and_one_at_a_time() {
    let mut pair = durable();
    pair.network.faults.borrow_mut().delay = MS * 200;
    for n in 0..300 {
        pair.forge(true, &standby(n));
        pair.world.run_for(MS * 10);
    }
    pair.world.run_for(SECOND * 2);
    assert!(joins(&pair).len() <= 6, "{:?}", joins(&pair));
    // It goes on like that, for ever.
    for n in 0..600 {
        pair.forge(true, &standby(n));
        pair.world.run_for(SECOND / 2);
    }
    let (joins, refusals) = (joins(&pair), pair.network.refusals(429));
    // That of the application's room is among them.
    assert!(most_a_minute(&joins) <= 6 && joins.len() <= 36, "{} in all", joins.len());
    assert_eq!((refusals, pair.states()), (0, (Connected, Connected)));
    // Each had its answer before the next was asked for.
    let open = |event: &Event| match event {
        Event::Request { operation, .. } if operation.as_str() == "joinRoom" => 1,
        Event::Response { operation, .. } if operation.as_str() == "joinRoom" => -1,
        _ => 0,
    };
    let events = pair.guest.trace().events();
    let at_once = events.iter().scan(0, |sum, entry| {
        *sum += open(&entry.event);
        Some(*sum)
    });
    assert_eq!(at_once.max(), Some(1));
    // When it is over, the host's own room is joined.
    pair.world.run_for(SECOND * 200);
    assert!(has_a_standby_room(&pair.host) && has_a_standby_room(&pair.guest));
}

#[test]
fn the_same_room_again_is_no_new_join() {
    let mut pair = durable();
    pair.network.faults.borrow_mut().delay = MS * 500;
    let before = joins(&pair).len();
    for _ in 0..100 {
        pair.forge(true, &standby(7));
        pair.world.run_for(MS);
    }
    pair.world.run_for(MS * 200);
    assert_eq!(joins(&pair).len(), before + 1);
}

#[test]
fn a_registry_that_is_away_is_not_asked_as_often_as_a_peer_says() {
    let mut pair = durable();
    pair.network.down.set(true);
    let before = joins(&pair).len();
    for n in 0..1000 {
        pair.forge(true, &standby(n));
        pair.world.run_for(MS * 10);
    }
    assert!(joins(&pair).len() - before <= 11, "{}", joins(&pair).len() - before);
}

/// Between a host and a guest whose connection is lost, and who meet in the standby room.
#[test]
fn rooms_that_are_named_in_a_room_are_joined_at_the_same_pace() {
    let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.world.run_for(SECOND * 4);
    *pair.network.faults.borrow_mut() = Faults { delay: MS * 100, ..Faults::default() };
    pair.network.tamper.replace(Some(Box::new(|asked, mut answer| {
        if asked.client == "guest" && asked.path.ends_with("/candidates") {
            let note = |n| json!({ "candidate": format!("registry-harness next {} 123456", code(n)) });
            let notes: Vec<Value> = (0..250).map(note).collect();
            answer.body = json!({ "items": notes, "mode": "full", "lastSeq": 250 }).to_string();
        }
        answer
    })));
    let before = joins(&pair).len();
    pair.host.cut();
    pair.world.run_for(SECOND * 50);
    assert_eq!(pair.guest.connection_state(), Connecting);
    let joined = &joins(&pair)[before..];
    assert!((1..=5).contains(&joined.len()), "{joined:?}");
}

#[test]
fn a_note_is_read_in_rooms_only() {
    let mut pair = durable();
    pair.ether.cut();
    pair.world.run_for(SECOND * 6);
    // The guest looks for its host in the standby room, when a restart over the control channel comes after all.
    pair.network.down.set(true);
    pair.guest.network_changed();
    let description = json!({ "type": "offer", "sdp": SDP });
    let candidate = json!({ "candidate": format!("registry-harness next {} 123456", code(1)) });
    pair.forge(true, &json!({ "offer": { "attempt": 5, "description": description } }).to_string());
    pair.forge(true, &json!({ "candidate": { "attempt": 5, "candidate": candidate } }).to_string());
    let before = joins(&pair).len();
    pair.ether.heal();
    pair.world.run_for(SECOND * 3);
    assert_eq!((joins(&pair).len(), pair.guest.count("ice:restart")), (before, 1));
}

#[test]
fn a_guest_that_refuses_every_room_does_not_keep_the_host_making_them() {
    let registry = registry_core::Config { extended: false, ..registry_core::Config::default() };
    let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
    pair.meet().unwrap();
    pair.network.tamper.replace(Some(Box::new(|asked, mut answer| {
        if asked.path.ends_with("/join") {
            answer.status = 403;
            let error = json!({ "code": "bad_join_code", "message": "", "retryable": false });
            answer.body = json!({ "error": error }).to_string();
        }
        answer
    })));
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.world.run_for(SECOND * 600);
    let made: Vec<_> = pair.network.log().iter().filter(|one| one.path == "/rooms").map(|one| one.at).collect();
    assert!((10..=30).contains(&made.len()) && most_a_minute(&made) <= 5, "{made:?}");
    assert_eq!((pair.network.live_rooms() <= 2, pair.network.refusals(429)), (true, 0));
    // As soon as it does not, there is one.
    pair.network.tamper.take();
    pair.world.run_for(SECOND * 40);
    assert!(has_a_standby_room(&pair.host));
}

#[test]
fn a_guest_that_asks_for_restarts_and_spoils_each_gets_few() {
    let mut pair = durable();
    let description = json!({ "type": "answer", "sdp": SDP });
    for _ in 0..60 {
        pair.forge(false, r#""restart""#);
        for _ in 0..4 {
            pair.world.run_for(MS * 4);
            for attempt in 0..150 {
                let answer = json!({ "attempt": attempt, "description": description });
                pair.forge(false, &json!({ "answer": answer }).to_string());
            }
        }
        pair.world.run_for(MS * 30);
    }
    assert!((1..=6).contains(&pair.host.count("ice:restart")), "{}", pair.host.count("ice:restart"));
    pair.world.run_for(SECOND * 60);
    assert_eq!(pair.states(), (Connected, Connected));
}

#[test]
fn a_host_that_offers_restarts_all_the_time_is_answered_few() {
    let mut pair = durable();
    let description = json!({ "type": "offer", "sdp": SDP });
    for attempt in 0..2000 {
        pair.forge(true, &json!({ "offer": { "attempt": attempt, "description": description } }).to_string());
        pair.world.run_for(MS * 10);
    }
    assert!((1..=6).contains(&pair.guest.count("ice:restart")), "{}", pair.guest.count("ice:restart"));
}

#[test]
fn a_host_does_not_make_a_guest_ask_for_restarts() {
    let mut pair = durable();
    for _ in 0..50 {
        pair.forge(true, r#""restart""#);
        pair.world.run_for(MS * 200);
    }
    assert_eq!((pair.guest.count("ice:restart"), pair.host.count("ice:restart")), (0, 0));
}

#[test]
fn a_peer_greets_once() {
    let mut pair = durable();
    pair.host.send_message(json!("under way")).unwrap();
    for n in 0..20 {
        let hello = json!({ "version": 1, "session": format!("another {n}"), "received": 0 });
        pair.forge(false, &json!({ "hello": hello }).to_string());
    }
    pair.world.run_for(SECOND);
    assert_eq!((pair.host.count("message:undelivered"), pair.host.count("message:delivered")), (0, 1));
    assert_eq!(pair.guest.count("message"), 1);
}
