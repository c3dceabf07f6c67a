//! Attempts: the same two peers negotiate anew in the same room, as often as they like.

mod world;

use registry_core::Config;
use serde_json::{Value, json};
use world::{Keys, World, body, candidate, code, description};

/// A Registry with a room whose peers have met.
struct Fixture {
    world: World,
    keys: Keys,
}

impl Fixture {
    fn new() -> Self {
        let mut world = World::new(Config::default().unlimited());
        let mut keys = world.create();
        world.join(&mut keys);
        let mut fixture = Self { world, keys };
        fixture.host(json!({"description": description("offer"), "candidates": [candidate(1)]}));
        let met = fixture.guest(json!({"description": description("answer"), "candidates": [candidate(2)]}));
        assert_eq!(body(&met)["status"], "paired");
        fixture
    }

    fn exchange(&mut self, token: &str, mut content: Value) -> registry_core::Response {
        content["room"] = self.keys.code.clone().into();
        self.world.post("/exchange", token, &content)
    }

    fn host(&mut self, content: Value) -> registry_core::Response {
        self.exchange(&self.keys.host.clone(), content)
    }

    fn guest(&mut self, content: Value) -> registry_core::Response {
        self.exchange(&self.keys.guest.clone(), content)
    }
}

/// Another offer than that of the first attempt.
fn another() -> Value {
    let mut offer = description("offer");
    offer["sdp"] = format!("{}a=another\r\n", offer["sdp"].as_str().unwrap()).into();
    offer
}

#[test]
fn an_offer_with_a_larger_number_replaces_what_belongs_to_the_last_attempt() {
    let mut fixture = Fixture::new();
    let since = body(&fixture.guest(json!({})))["version"].clone();
    let offered = fixture.host(json!({"attempt": 1, "description": another(), "candidates": [candidate(3)]}));
    let offered = body(&offered);
    assert_eq!((&offered["status"], &offered["attempt"]), (&json!("joined"), &json!(1)));
    assert_eq!((&offered["offer"], &offered["answer"]), (&another(), &Value::Null));
    let read = body(&fixture.guest(json!({"since": since, "wait": 25})));
    assert_eq!((&read["attempt"], &read["candidates"]["items"]), (&json!(1), &json!([candidate(3)])));
    let answered = fixture.guest(json!({"attempt": 1, "description": description("answer")}));
    assert_eq!(body(&answered)["status"], "paired");
    let read = body(&fixture.host(json!({"since": 0})));
    assert_eq!((&read["answer"], &read["candidates"]["items"]), (&description("answer"), &json!([])));
    let list = body(&fixture.world.get(&fixture.keys.path("/candidates"), &fixture.keys.host.clone()));
    assert_eq!(list["items"], json!([]), "those of the first attempt are gone");
}

#[test]
fn what_belongs_to_an_older_attempt_is_not_posted_and_its_sender_learns_of_the_newer_one_at_once() {
    let mut fixture = Fixture::new();
    fixture.host(json!({"attempt": 7, "description": another(), "candidates": [candidate(3)]}));
    let room = body(&fixture.guest(json!({})));
    assert_eq!((&room["attempt"], &room["status"]), (&json!(7), &json!("joined")));
    for content in [
        json!({"description": description("answer")}),
        json!({"attempt": 6, "description": description("answer"), "candidates": [candidate(4)]}),
        json!({"candidates": (0..41).map(candidate).collect::<Vec<_>>()}),
        json!({"attempt": 3}),
    ] {
        assert_eq!(body(&fixture.guest(content)), room);
    }
    let seen = json!({"candidates": [candidate(4)], "since": room["version"], "wait": 25});
    let news = body(&fixture.guest(seen));
    assert_eq!((&news["attempt"], &news["candidates"]["items"]), (&json!(7), &json!([])), "without news, too");
    let room = body(&fixture.host(json!({})));
    assert_eq!(body(&fixture.host(json!({"attempt": 6, "description": description("offer")}))), room);
    assert_eq!(room["candidates"]["items"], json!([]), "nothing of the guest's was taken");
    let malformed = fixture.guest(json!({"candidates": [{}]}));
    assert_eq!(code(&malformed), "400 bad_candidate");
}

#[test]
fn what_belongs_to_an_older_attempt_counts_like_any_exchange() {
    let mut world = World::new(Config::default());
    let mut keys = world.create();
    world.join(&mut keys);
    let offer = json!({"room": keys.code, "attempt": 1, "description": another()});
    assert_eq!(world.post("/exchange", &keys.host, &offer).status, 200);
    let late = json!({"room": keys.code, "candidates": [candidate(1)]});
    let mut statuses = std::iter::repeat_with(|| world.post("/exchange", &keys.guest, &late).status);
    assert!(statuses.by_ref().take(59).all(|status| status == 200));
    assert_eq!(statuses.next(), Some(429));
}

#[test]
fn only_an_offer_begins_an_attempt() {
    let mut fixture = Fixture::new();
    let before = body(&fixture.guest(json!({})));
    for content in [json!({"description": description("answer")}), json!({"candidates": [candidate(4)]})] {
        let with_number = json!({"attempt": 1}).as_object().unwrap().clone();
        let mut ahead = content;
        ahead.as_object_mut().unwrap().extend(with_number);
        assert_eq!(code(&fixture.guest(ahead)), "409 no_offer");
    }
    assert_eq!(code(&fixture.host(json!({"attempt": 1, "candidates": [candidate(4)]}))), "409 no_offer");
    let many: Vec<_> = (0..41).map(candidate).collect();
    let refused = fixture.host(json!({"attempt": 1, "description": another(), "candidates": many}));
    assert_eq!(code(&refused), "409 too_many_candidates");
    assert_eq!(body(&fixture.guest(json!({}))), before);
}

#[test]
fn each_attempt_may_have_as_many_candidates_as_the_first() {
    let mut fixture = Fixture::new();
    let many: Vec<_> = (0..40).map(candidate).collect();
    for attempt in 1..4 {
        let offered = fixture.host(json!({"attempt": attempt, "description": another(), "candidates": many}));
        assert_eq!(offered.status, 200);
        let answered = fixture.guest(json!({"attempt": attempt, "description": description("answer"), "since": 0}));
        assert_eq!(body(&answered)["candidates"]["items"], json!(many));
    }
}

#[test]
fn a_room_whose_peers_have_met_lives_as_long_as_one_of_them_asks() {
    let mut fixture = Fixture::new();
    let peers = [fixture.keys.host.clone(), fixture.keys.guest.clone()];
    for peer in peers.iter().cycle().take(20) {
        let before = body(&fixture.exchange(peer, json!({})));
        fixture.world.now += 301_000;
        let after = body(&fixture.exchange(peer, json!({})));
        assert_eq!(after["expiresAt"].as_u64(), Some(fixture.world.now + 600_000));
        assert_eq!(after["version"], before["version"], "that is no news");
    }
    fixture.world.now += 600_000;
    assert_eq!(code(&fixture.guest(json!({}))), "404 not_found");
}

#[test]
fn asking_does_not_keep_a_room_alive_in_which_nobody_has_met() {
    // Whichever attempt its host calls it.
    for attempt in [0, 1] {
        let mut world = World::new(Config::default().unlimited());
        let keys = world.create();
        let posts = json!({"room": keys.code, "attempt": attempt, "description": description("offer")});
        assert_eq!(world.post("/exchange", &keys.host, &posts).status, 200);
        let asks = json!({"room": keys.code});
        world.now += 179_000;
        assert_eq!(world.post("/exchange", &keys.host, &asks).status, 200);
        world.now += 1_000;
        assert_eq!(code(&world.post("/exchange", &keys.host, &asks)), "404 not_found");
    }
}

#[test]
fn an_answer_to_an_offer_that_was_replaced_is_not_posted() {
    let mut world = World::new(Config::default());
    let mut keys = world.create();
    world.join(&mut keys);
    let mut fixture = Fixture { world, keys };
    fixture.host(json!({"description": description("offer")}));
    let read = body(&fixture.guest(json!({})));
    assert_eq!(read["offers"], 1);
    // The same offer again is no other one.
    fixture.host(json!({"description": description("offer")}));
    fixture.host(json!({"description": another()}));
    let answer =
        |offers: u64| json!({"description": description("answer"), "answers": offers, "candidates": [candidate(1)]});
    let late = body(&fixture.guest(answer(1)));
    assert_eq!((&late["status"], &late["answer"]), (&json!("joined"), &Value::Null));
    assert_eq!((&late["offer"], &late["offers"]), (&another(), &json!(2)));
    let read = body(&fixture.host(json!({})));
    assert_eq!(read["candidates"]["items"], json!([]), "nor is what came with it");
    let answered = body(&fixture.guest(answer(2)));
    assert_eq!(answered["status"], "paired");
    let again = body(&fixture.guest(answer(2)));
    assert_eq!(again["answer"], description("answer"), "it can be repeated");
}
