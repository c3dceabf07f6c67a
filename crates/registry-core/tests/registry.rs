//! Behaviour of the Registry as a whole: memory, limits, time, secrets. The conformance suite covers the individual
//! calls.

mod world;

use registry_core::{Client, ClientRates, Config, RoomRates, Ttl};
use registry_protocol::limits::Rate;
use serde_json::json;
use world::{World, body, candidate, code, description};

#[test]
fn at_capacity_new_rooms_are_refused_until_one_expires() {
    let mut world = World::new(Config { max_rooms: 2, ..Config::default() }.unlimited());
    world.create();
    world.now += 60_000;
    world.create();
    let refused = world.post("/rooms", "", &json!({"hostUserName": "Ann"}));
    assert_eq!(code(&refused), "503 retry");
    assert_eq!(body(&refused)["error"]["retryAfterSec"], 120.0);
    assert_eq!(refused.header("Retry-After"), Some("120"));
    world.now += 120_000;
    world.create();
}

#[test]
fn an_expired_room_is_removed_without_being_requested() {
    let mut world = World::unlimited();
    let mut rooms: Vec<_> = (0..100).map(|_| world.create()).collect();
    world.join(&mut rooms[0]);
    assert_eq!((world.registry.stats().open, world.registry.stats().joined), (99, 1));
    world.now += 180_000;
    world.registry.tick(world.now);
    let stats = world.registry.stats();
    assert_eq!((stats.open, stats.joined, stats.created, stats.expired), (0, 1, 100, 99));
}

#[test]
fn a_closed_room_reserves_its_code_for_a_while() {
    let mut world = World::unlimited();
    let room = world.create();
    assert_eq!(code(&world.post(&room.path("/close"), &room.host, &json!({}))), "204");
    assert_eq!(world.registry.stats().closed, 1);
    assert_eq!(code(&world.post(&room.path("/close"), &room.host, &json!({}))), "404 not_found");
    world.now += 15_000;
    world.registry.tick(world.now);
    assert_eq!(world.registry.stats().closed, 0);
}

#[test]
fn a_code_that_is_taken_is_generated_again() {
    let mut world = World::unlimited();
    let first = world.create();
    world.seed = 1; // the same bytes as for the first room
    assert_ne!(world.create().code, first.code);
    assert_eq!(world.registry.stats().open, 2);
}

#[test]
fn a_constant_random_source_is_an_error_and_not_a_hang() {
    let mut world = World::unlimited();
    let mut constant = |bytes: &mut [u8]| bytes.fill(3);
    let request = world::post("/rooms", "", &json!({"hostUserName": "Ann"}));
    assert_eq!(world.registry.handle(0, &mut constant, &request).status, 201);
    assert_eq!(code(&world.registry.handle(0, &mut constant, &request)), "503 retry");
}

#[test]
fn limits_count_clients_separately_and_report_when_to_retry() {
    let mut world = World::new(Config::default());
    let request = world::post("/rooms", "", &json!({"hostUserName": "Ann"}));
    for _ in 0..5 {
        assert_eq!(world.send(&request.clone().client(client(1))).status, 201);
    }
    world.now += 20_500;
    let refused = world.send(&request.clone().client(client(1)));
    assert_eq!(code(&refused), "429 rate_limited");
    assert_eq!(body(&refused)["error"]["retryAfterSec"], 40.0);
    assert_eq!(refused.header("retry-after"), Some("40"));
    assert_eq!(world.send(&request.client(client(2))).status, 201);
}

#[test]
fn outsiders_cannot_exhaust_a_rooms_limits() {
    let mut world = World::new(Config::default());
    let room = world.create();
    for _ in 0..100 {
        assert_eq!(code(&world.get(&room.path(""), "wrong")), "403 forbidden");
        assert_eq!(code(&world.post(&room.path("/candidate"), "wrong", &candidate(1))), "403 forbidden");
    }
    assert_eq!(world.get(&room.path(""), &room.host).status, 200);
    assert_eq!(world.post(&room.path("/candidate"), &room.host, &candidate(1)).status, 204);
}

#[test]
fn the_long_window_counts_what_the_short_one_admits() {
    let rates = RoomRates { signal: Rate::new(100, 1_000), signal_long: Rate::new(3, 300_000), ..RoomRates::default() };
    let mut world = World::new(Config { room_rates: Some(rates), ..Config::default() });
    let room = world.create();
    for _ in 0..3 {
        assert_eq!(world.post(&room.path("/offer"), &room.host, &description("offer")).status, 204);
        world.now += 2_000;
    }
    assert_eq!(code(&world.post(&room.path("/offer"), &room.host, &description("offer"))), "429 rate_limited");
}

#[test]
fn candidate_sequence_numbers_continue_after_the_list_expires() {
    let mut world = World::unlimited();
    let mut room = world.create();
    world.join(&mut room);
    world.post(&room.path("/offer"), &room.host, &description("offer"));
    world.post(&room.path("/answer"), &room.guest, &description("answer"));
    let last_seq = |world: &mut World, n| {
        assert_eq!(world.post(&room.path("/candidate"), &room.host, &candidate(n)).status, 204);
        let list = body(&world.get(&room.path("/candidates"), &room.guest));
        (list["items"].as_array().unwrap().len(), list["lastSeq"].as_u64().unwrap())
    };
    assert_eq!(last_seq(&mut world, 1), (1, 1));
    assert_eq!(last_seq(&mut world, 2), (2, 2));
    world.now += 300_000;
    assert_eq!(last_seq(&mut world, 1), (1, 3));
}

#[test]
fn extreme_settings_are_harmless() {
    let ttl = Ttl {
        open_ms: u64::MAX,
        joined_ms: 0,
        paired_ms: 0,
        closed_ms: u64::MAX,
        candidates_ms: u64::MAX,
        room_ms: u64::MAX,
    };
    let rate = Rate::new(u32::MAX, u64::MAX);
    let client_rates = Some(ClientRates { create: rate, public: rate, join: rate, unauthorized: rate });
    let (join, snapshot, candidates, exchange, signal, signal_long) = (rate, rate, rate, rate, rate, rate);
    let room_rates = Some(RoomRates { join, snapshot, candidates, exchange, signal, signal_long });
    let mut world = World::new(Config { ttl, client_rates, room_rates, ..Config::default() });
    let mut room = world.create();
    assert_eq!(world.post(&room.path("/candidate"), &room.host, &candidate(1)).status, 204);
    world.join(&mut room);
    assert_eq!(code(&world.get(&room.path(""), &room.guest)), "404 not_found");
}

#[test]
fn debug_output_contains_no_secret() {
    let mut world = World::unlimited();
    let mut room = world.create();
    let printed_open = format!("{:?}", world.registry);
    world.join(&mut room);
    world.post(&room.path("/offer"), &room.host, &description("offer"));
    let wrong = world.try_join(&room, "123456");
    for printed in [printed_open, format!("{:?}", world.registry), format!("{:?}", wrong.event)] {
        for secret in [&room.host, &room.guest, &room.join_code, "IN IP4"] {
            assert!(secret.is_empty() || !printed.contains(secret), "{printed}");
        }
    }
    assert_eq!(wrong.event.route, "POST /rooms/:code/join");
    let exchange = world.post("/exchange", &room.host, &json!({"room": room.code}));
    assert_eq!((exchange.status, exchange.event.route), (200, "POST /exchange"));
}

fn client(n: u8) -> Client {
    Client::of([192, 0, 2, n].into())
}
