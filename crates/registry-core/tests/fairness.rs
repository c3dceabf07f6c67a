//! Clients that guess, hoard or read without end: they bear it themselves, and others hardly notice.

mod world;

use registry_core::{Client, Config, JoinLocks, Request, Submitted};
use serde_json::{Value, json};
use world::{Keys, World, body, code, description};

/// A client whose join codes are wrong is locked out; the guest with the right one is not.
#[test]
fn whoever_guesses_a_join_code_locks_out_only_themselves() {
    for config in [Config::default(), Config::default().unlimited()] {
        let mut world = World::new(config);
        let room = world.create();
        let join = |code: &str, n: u8| join(&room, code, n);
        for _ in 0..5 {
            assert_eq!(code(&world.send(&join("000000", 1))), "403 bad_join_code");
        }
        let refused = world.send(&join(&room.join_code, 1));
        assert_eq!((code(&refused).as_str(), refused.event.reason), ("429 rate_limited", Some("join_locked")));
        assert_eq!(body(&refused)["error"]["retryAfterSec"], 20.0);
        assert_eq!(world.send(&join(&room.join_code, 2)).status, 200);
    }
}

#[test]
fn many_clients_together_lock_a_room_shortly_and_cannot_guess_its_join_code() {
    let locks = JoinLocks { room_wrong: 10, ..JoinLocks::default() };
    let mut world = World::new(Config { join_locks: locks, ..Config::default() });
    let room = world.create();
    let mut guesses = 0;
    for second in 0..170 {
        for n in 0..100 {
            guesses += usize::from(world.send(&join(&room, "000000", n)).status == 403);
        }
        world.now += 1_000;
        if second == 100 {
            world.now += 1_000;
            assert_eq!(code(&world.send(&join(&room, "000001", 200))), "403 bad_join_code", "the lock is short");
        }
    }
    assert!((11..=100).contains(&guesses), "{guesses}");
}

#[test]
fn a_host_replaces_its_join_code_and_the_wrong_ones_are_forgotten() {
    let mut world = World::new(Config::default());
    let room = world.create();
    for _ in 0..5 {
        world.send(&join(&room, "000000", 1));
    }
    let replace = |world: &mut World, token: &str| world.post(&room.path("/join-code"), token, &json!({}));
    assert_eq!(code(&replace(&mut world, &"x".repeat(43))), "403 forbidden");
    let replaced = body(&replace(&mut world, &room.host));
    let new = replaced["joinCode"].as_str().unwrap().to_owned();
    assert_ne!(new, room.join_code);
    assert!(replaced["expiresAt"].is_u64());
    assert_eq!(code(&world.send(&join(&room, &room.join_code, 1))), "403 bad_join_code");
    let joined = world.send(&join(&room, &new, 1));
    assert_eq!(joined.status, 200);
    assert_eq!(code(&replace(&mut world, &room.host)), "409 not_open");
    let guest = body(&joined)["guestToken"].as_str().unwrap().to_owned();
    assert_eq!(code(&replace(&mut world, &guest)), "403 forbidden");
    let mut base = World::new(Config { extended: false, ..Config::default() });
    let room = base.create();
    assert_eq!(code(&base.post(&room.path("/join-code"), &room.host, &json!({}))), "404 not_found");
}

/// Without a token, nobody can tell a room from nothing; with one that is not valid, only slowly.
#[test]
fn calls_without_a_valid_token_tell_little_about_rooms() {
    let mut world = World::new(Config::default());
    let room = world.create();
    for token in ["", "wrong"] {
        for path in [room.path(""), "/rooms/ZZZZZZZZ".to_owned()] {
            assert_eq!(code(&world.get(&path, token)), "403 forbidden");
        }
    }
    let wrong = "x".repeat(43);
    let answers: Vec<_> = (0..100).map(|_| code(&world.get(&room.path(""), &wrong))).collect();
    assert_eq!(answers.iter().filter(|answer| *answer == "403 forbidden").count(), 60);
    assert_eq!(answers.last().unwrap(), "429 rate_limited");
    assert_eq!(code(&world.get("/rooms/ZZZZZZZZ", &wrong)), "429 rate_limited", "no other answer for no room");
    assert_eq!(world.get(&room.path(""), &room.host).status, 200, "whoever has a valid token is not limited by it");
}

#[test]
fn candidates_are_read_only_so_often() {
    let mut world = World::new(Config::default());
    let room = world.create();
    let answers: Vec<_> = (0..101).map(|_| code(&world.get(&room.path("/candidates"), &room.host))).collect();
    assert_eq!((answers[99].as_str(), answers[100].as_str()), ("200", "429 rate_limited"));
}

#[test]
fn a_room_does_not_outlive_its_end_however_often_it_is_renewed() {
    let mut world = World::unlimited();
    let mut room = world.create();
    let (mut open, created) = (world.create(), world.now);
    world.join(&mut room);
    world.post(&room.path("/offer"), &room.host, &description("offer"));
    world.post(&room.path("/answer"), &room.guest, &description("answer"));
    let alive = |world: &mut World| {
        let exchanged = world.post("/exchange", &room.host, &json!({"room": room.code})).status;
        let offered = world.post(&open.path("/offer"), &open.host, &description("offer")).status;
        (exchanged, offered)
    };
    while world.now < created + 24 * 3_600_000 {
        assert_eq!(alive(&mut world), (200, 204));
        world.now += 100_000;
    }
    assert_eq!(alive(&mut world), (404, 404));
    open = world.create();
    assert_eq!(world.get(&open.path(""), &open.host).status, 200);
}

#[test]
fn a_client_has_only_so_many_rooms() {
    let mut world = World::new(Config { max_rooms_per_client: 3, ..Config::default() }.unlimited());
    let rooms: Vec<_> = (0..3).map(|_| world.create()).collect();
    let create = world::post("/rooms", "", &json!({"hostUserName": "Ann"}));
    let refused = world.send(&create);
    assert_eq!((code(&refused).as_str(), refused.event.reason), ("429 rate_limited", Some("too_many_rooms")));
    assert_eq!(refused.header("Retry-After"), Some("180"));
    assert_eq!(world.send(&create.clone().client(client(1))).status, 201);
    world.post(&rooms[0].path("/close"), &rooms[0].host, &json!({}));
    world.now += 15_000;
    assert_eq!(world.send(&create).status, 201);
}

#[test]
fn when_rooms_run_out_whoever_has_most_gives_way() {
    let mut world = World::new(Config { max_rooms: 10, ..Config::default() }.unlimited());
    let mut rooms: Vec<_> = (0..9).map(|_| world.create()).collect();
    // The one that is missed least is neither the one with a guest nor the newest.
    world.join(&mut rooms[0]);
    let create = |n: u8| world::post("/rooms", "", &json!({"hostUserName": "Bob"})).client(client(n));
    for n in 1..=4 {
        assert_eq!(world.send(&create(n)).status, 201, "{n}");
    }
    assert_eq!(world.registry.stats().evicted, 3);
    let alive: Vec<_> = rooms.iter().map(|room| world.get(&room.path(""), &room.host).status == 200).collect();
    assert!(alive[0] && alive.iter().filter(|alive| **alive).count() == 6, "{alive:?}");
    // When nobody has more than a fair share, the Registry is full.
    for n in 5..=8 {
        assert_eq!(world.send(&create(n)).status, 201, "{n}");
    }
    assert_eq!(code(&world.send(&create(9))), "201");
    assert_eq!(code(&world.send(&create(9))), "503 retry");
}

#[test]
fn when_places_to_wait_run_out_whoever_has_most_is_answered() {
    let mut world = World::with_tickets(Config { max_waiting: 3, ..Config::default() }.unlimited());
    let answered = |world: &mut World<u8>| {
        world.registry.take_due().into_iter().map(|(name, outcome)| (name, outcome.is_ok())).collect::<Vec<_>>()
    };
    for name in 1..=3 {
        assert!(waits(&mut world, 1, name));
    }
    assert!(answered(&mut world).is_empty());
    assert!(waits(&mut world, 2, 4));
    assert_eq!(answered(&mut world), [(1, true)], "the oldest, with what there is");
    assert_eq!(world.registry.stats().waiting, 3);
    // Nobody answers the only one of another client, nor the second of two.
    assert!(!waits(&mut world, 2, 5) && !waits(&mut world, 1, 6));
    assert!(answered(&mut world).is_empty());
    assert!(waits(&mut world, 3, 7) && !waits(&mut world, 4, 8));
    assert_eq!(answered(&mut world), [(2, true)]);
}

/// Whether an exchange of this client waits, in a room of its own.
fn waits(world: &mut World<u8>, n: u8, name: u8) -> bool {
    let room = world.create();
    let exchange = |since: &Value| {
        let content = json!({"room": room.code, "since": since, "wait": 20});
        world::post("/exchange", &room.host, &content).client(client(n))
    };
    let version = body(&world.send(&exchange(&Value::Null)))["version"].clone();
    matches!(world.submit(&exchange(&version), || name), Submitted::Pending { .. })
}

fn client(n: u8) -> Client {
    Client::of([192, 0, 2, n].into())
}

/// One of many clients tries a join code.
fn join(room: &Keys, join_code: &str, n: u8) -> Request {
    let body = json!({"joinCode": join_code, "guestUserName": "Bob"});
    world::post(&room.path("/join"), "", &body).client(client(n))
}
