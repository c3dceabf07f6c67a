//! Exchanges: what they post, what they refuse, and what they count towards.
//! tidy: long because it is one list of cases with the small fixture they need

mod world;

use registry_core::{Action, Config, Context, Handled, Request, Room, RoomRates};
use registry_protocol::limits::Rate;
use registry_protocol::{RoomCode, UserName};
use serde_json::{Value, json};
use world::{Keys, World, body, candidate, code, description, post};

/// A Registry with a joined room.
struct Fixture {
    world: World,
    keys: Keys,
}

impl Fixture {
    fn new(config: Config) -> Self {
        let mut world = World::new(config);
        let mut keys = world.create();
        world.join(&mut keys);
        Self { world, keys }
    }

    fn unlimited() -> Self {
        Self::new(Config::default().unlimited())
    }

    fn exchange(&mut self, token: &str, content: Value) -> registry_core::Response {
        let mut all = json!({"room": self.keys.code});
        all.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.world.post("/exchange", token, &all)
    }

    fn host(&mut self, content: Value) -> registry_core::Response {
        self.exchange(&self.keys.host.clone(), content)
    }

    fn guest(&mut self, content: Value) -> registry_core::Response {
        self.exchange(&self.keys.guest.clone(), content)
    }

    /// Everything that the peers have posted, the expiry, and the entity tag of the room.
    fn content(&mut self) -> Value {
        let Keys { host, guest, .. } = self.keys.clone();
        let room = self.world.get(&self.keys.path(""), &host);
        let lists = [host, guest].map(|token| body(&self.world.get(&self.keys.path("/candidates"), &token)));
        json!([body(&room), room.header("ETag"), lists])
    }
}

#[test]
fn two_exchanges_each_make_a_handshake() {
    let mut fixture = Fixture::unlimited();
    let offered = body(&fixture.host(json!({"description": description("offer"), "candidates": [candidate(1)]})));
    assert_eq!((&offered["status"], &offered["offer"]["type"]), (&json!("joined"), &json!("offer")));
    assert_eq!(offered["candidates"], json!({"items": [], "mode": "delta", "lastSeq": 0}));
    let batch = json!({"description": description("answer"), "candidates": [candidate(2), candidate(3)]});
    let answered = body(&fixture.guest(batch));
    assert_eq!(answered["status"], "paired", "an answer shows what the exchange itself has posted");
    assert_eq!((&answered["offer"]["type"], &answered["answer"]["type"]), (&json!("offer"), &json!("answer")));
    assert_eq!(answered["candidates"]["items"], json!([candidate(1)]));
    let last = body(&fixture.host(json!({"since": offered["version"]})));
    assert_eq!(last["candidates"], json!({"items": [candidate(2), candidate(3)], "mode": "delta", "lastSeq": 2}));
    assert_eq!(last["answer"], answered["answer"]);
}

#[test]
fn a_host_can_exchange_before_there_is_a_guest() {
    let mut world = World::unlimited();
    let mut keys = world.create();
    let batch = json!({"room": keys.code, "description": description("offer"), "candidates": [candidate(1)]});
    let offered = world.post("/exchange", &keys.host, &batch);
    assert_eq!(body(&offered)["status"], "open");
    world.join(&mut keys);
    let joined = world.post("/exchange", &keys.host, &json!({"room": keys.code, "since": body(&offered)["version"]}));
    assert_eq!(body(&joined)["status"], "joined");
    assert!(body(&joined)["version"].as_u64() > body(&offered)["version"].as_u64());
}

#[test]
fn if_anything_is_refused_nothing_is_posted() {
    let mut fixture = Fixture::unlimited();
    fixture.host(json!({"candidates": [candidate(0)]}));
    fixture.guest(json!({"candidates": [candidate(0)]}));
    let before = fixture.content();
    let (offer, answer) = (description("offer"), description("answer"));
    let many: Vec<_> = (1..=40).map(candidate).collect();
    let large = json!({"candidate": "x".repeat(1025)});
    let huge = json!({"type": "offer", "sdp": format!("{}{}", offer["sdp"].as_str().unwrap(), "x".repeat(20 * 1024))});
    for (content, refused) in [
        (json!({"description": offer, "candidates": [candidate(1), {}]}), "400 bad_candidate"),
        (json!({"description": offer, "candidates": [candidate(1), null]}), "400 bad_candidate"),
        (json!({"description": offer, "candidates": [candidate(1), {"candidate": ""}]}), "400 bad_candidate"),
        (json!({"description": offer, "candidates": [candidate(1), large]}), "413 bad_candidate"),
        (json!({"description": offer, "candidates": candidate(1)}), "400 bad_candidate"),
        (json!({"description": answer, "candidates": [candidate(1)]}), "400 bad_sdp"),
        (json!({"description": null, "candidates": [candidate(1)]}), "400 bad_sdp"),
        (json!({"description": huge, "candidates": [candidate(1)]}), "413 bad_sdp"),
        (json!({"description": offer, "candidates": many}), "409 too_many_candidates"),
    ] {
        assert_eq!(code(&fixture.host(content)), refused);
        assert_eq!(fixture.content(), before, "{refused}");
    }
    assert_eq!(code(&fixture.guest(json!({"description": answer, "candidates": [candidate(1)]}))), "409 no_offer");
    assert_eq!(fixture.content(), before);
    fixture.host(json!({"description": offer}));
    fixture.guest(json!({"description": answer}));
    let paired = fixture.content();
    let other = json!({"type": "offer", "sdp": format!("{}a=x\r\n", offer["sdp"].as_str().unwrap())});
    assert_eq!(code(&fixture.host(json!({"description": other, "candidates": [candidate(1)]}))), "409 already_paired");
    assert_eq!(fixture.content(), paired);
}

#[test]
fn a_repeated_exchange_changes_nothing() {
    let mut fixture = Fixture::unlimited();
    let offer = json!({"description": description("offer"), "candidates": [candidate(1), candidate(1), candidate(2)]});
    let answer = json!({"description": description("answer"), "candidates": [candidate(1)]});
    let first = fixture.host(offer.clone());
    fixture.world.now += 1000;
    assert_eq!(fixture.host(offer.clone()).body, first.body, "the expiry is the same, too");
    fixture.guest(answer.clone());
    let paired = fixture.content();
    assert_eq!(paired[2][1]["items"], json!([candidate(1), candidate(2)]));
    fixture.world.now += 1000;
    for _ in 0..2 {
        assert_eq!(fixture.host(offer.clone()).status, 200, "also when the room is paired");
        assert_eq!(fixture.guest(answer.clone()).status, 200);
        assert_eq!(fixture.content(), paired);
    }
}

#[test]
fn known_candidates_take_no_room() {
    let mut fixture = Fixture::unlimited();
    let batch = |numbers: std::ops::Range<usize>| json!({"candidates": numbers.map(candidate).collect::<Vec<_>>()});
    assert_eq!(fixture.host(batch(0..40)).status, 200);
    assert_eq!(fixture.host(batch(0..40)).status, 200);
    assert_eq!(code(&fixture.host(batch(1..41))), "409 too_many_candidates");
    assert_eq!(code(&fixture.host(batch(0..1000))), "409 too_many_candidates");
    let list = body(&fixture.world.get(&fixture.keys.path("/candidates"), &fixture.keys.guest.clone()));
    assert_eq!((list["items"].as_array().unwrap().len(), &list["lastSeq"]), (40, &json!(40)));
    assert_eq!(fixture.guest(batch(1..41)).status, 200, "the limit is per peer");
    fixture.world.now += 299_999;
    assert_eq!(code(&fixture.host(batch(1..41))), "409 too_many_candidates");
}

#[test]
fn an_offer_can_be_replaced_and_renews_the_room_until_it_is_paired() {
    let mut fixture = Fixture::unlimited();
    let other = json!({"type": "offer", "sdp": format!("{}a=x\r\n", description("offer")["sdp"].as_str().unwrap())});
    let first = body(&fixture.host(json!({"description": description("offer")})));
    fixture.world.now += 1000;
    let second = body(&fixture.host(json!({"description": other})));
    assert_eq!(second["offer"], other);
    assert_eq!(second["expiresAt"].as_u64(), first["expiresAt"].as_u64().map(|at| at + 1000));
    assert_eq!(second["version"], first["version"], "it is not news to its sender");
}

#[test]
fn only_peers_of_the_room_can_exchange() {
    let mut fixture = Fixture::unlimited();
    let other = fixture.world.create();
    let before = fixture.content();
    let batch = json!({"description": description("offer"), "candidates": [candidate(1)]});
    for token in ["", "x", &other.host] {
        assert_eq!(code(&fixture.exchange(token, batch.clone())), "403 forbidden");
    }
    let host = fixture.keys.host.clone();
    for room in [json!("ZZZZZZZZ"), json!("x"), json!(7), json!(null)] {
        assert_eq!(code(&fixture.world.post("/exchange", &host, &json!({"room": room}))), "404 not_found", "{room}");
    }
    assert_eq!(code(&fixture.world.post("/exchange", &host, &json!([]))), "400 bad_json");
    assert_eq!(code(&fixture.world.get("/exchange", &host)), "404 not_found");
    let unversioned = Request::new("POST", "/exchange").header("X-Access-Token", &host).body("{}");
    assert_eq!(code(&fixture.world.send(&unversioned)), "400 missing_version");
    assert_eq!(fixture.content(), before);
}

#[test]
fn a_base_registry_knows_no_exchange() {
    let mut world = World::new(Config { extended: false, ..Config::default() }.unlimited());
    let made = body(&world.post("/rooms", "", &json!({"hostUserName": "Ann"})));
    assert!(made.get("exchange").is_none());
    let mut keys = world.create();
    let joined = body(&world.try_join(&keys, &keys.join_code));
    assert!(joined.get("exchange").is_none());
    keys.guest = joined["guestToken"].as_str().unwrap().to_owned();
    for content in [json!({"room": keys.code}), json!({"room": "x"}), json!({}), json!([])] {
        assert_eq!(code(&world.post("/exchange", &keys.host, &content)), "404 not_found", "{content}");
    }
    world.post(&keys.path("/candidate"), &keys.guest, &candidate(1));
    let room = world.get(&keys.path(""), &keys.host);
    assert!(body(&room).get("version").is_none() && room.header("ETag").is_none());
    assert_eq!(body(&world.get(&keys.path("/candidates?since=1"), &keys.host))["mode"], "full");
}

#[test]
fn an_extended_registry_says_that_peers_can_exchange() {
    let mut world = World::unlimited();
    assert_eq!(body(&world.post("/rooms", "", &json!({"hostUserName": "Ann"})))["exchange"], true);
    let keys = world.create();
    assert_eq!(body(&world.try_join(&keys, &keys.join_code))["exchange"], true);
}

#[test]
fn exchanges_have_a_limit_of_their_own_whatever_they_post() {
    let mut fixture = Fixture::new(Config::default());
    let batch = |n: usize| json!({"candidates": [candidate(n), candidate(n + 1)]});
    for n in 0..20 {
        assert_eq!(fixture.host(batch(2 * n)).status, 200);
        assert_eq!(fixture.world.get(&fixture.keys.path(""), &fixture.keys.host.clone()).status, 200);
    }
    for _ in 0..40 {
        assert_eq!(fixture.guest(json!({})).status, 200);
    }
    let limited = fixture.host(json!({"description": description("offer")}));
    assert_eq!((code(&limited), limited.header("Retry-After")), ("429 rate_limited".to_owned(), Some("10")));
    for n in 0..40 {
        let posted = fixture.world.post(&fixture.keys.path("/candidate"), &fixture.keys.guest.clone(), &candidate(n));
        assert_eq!(posted.status, 204, "single calls are counted by themselves");
    }
    fixture.world.now += 10_000;
    assert_eq!(body(&fixture.host(json!({})))["offer"], json!(null));
}

#[test]
fn a_refused_exchange_counts_towards_no_limit() {
    let rates = RoomRates { exchange: Rate::new(2, 10_000), ..RoomRates::default() };
    let mut fixture = Fixture::new(Config { room_rates: Some(rates), ..Config::default() });
    for _ in 0..5 {
        assert_eq!(code(&fixture.exchange("x", json!({"candidates": [candidate(1)]}))), "403 forbidden");
        assert_eq!(code(&fixture.host(json!({"candidates": [{}]}))), "400 bad_candidate");
        assert_eq!(code(&fixture.guest(json!({"description": description("answer")}))), "409 no_offer");
    }
    assert_eq!(fixture.host(json!({"candidates": [candidate(1)]})).status, 200);
    assert_eq!(fixture.host(json!({})).status, 200);
    assert_eq!(code(&fixture.host(json!({}))), "429 rate_limited");
}

/// The token and the codes that a random source of sevens gives.
const TOKEN: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

#[test]
fn a_room_that_was_stored_before_there_were_exchanges_continues() {
    let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
    let cx = &mut Context { now: 0, random: &mut random, config: &config };
    let (mut room, _) =
        Room::create(cx, RoomCode::parse("ACDEFGHJ").unwrap(), UserName::parse("Ann").unwrap()).unwrap();
    let with_token = |body: &Value| post("/exchange", TOKEN, body);
    let offer = post("", TOKEN, &description("offer"));
    room.handle(cx, Action::Offer, &offer).unwrap();
    let mut stored = serde_json::to_value(&room).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("news").is_some());
    let mut room: Room = serde_json::from_value(stored).unwrap();

    let exchange = |room: &mut Room, cx: &mut Context<'_>, body: &Value| {
        let request = with_token(body);
        match room.handle(cx, Action::Exchange, &request).unwrap() {
            Handled::Reply(reply) => {
                let response = registry_core::Response::new(&request, &config.allowed_origins, Ok(reply));
                Some(world::body(&response))
            }
            Handled::Pending(_) => None,
        }
    };
    let first = exchange(&mut room, cx, &json!({})).unwrap();
    assert_eq!((&first["status"], &first["offer"]["type"]), (&json!("open"), &json!("offer")));
    let next = json!({"since": first["version"], "wait": 20});
    assert!(exchange(&mut room, cx, &next).is_none());
    let join = Request::new("POST", "").body(r#"{"joinCode":"777777","guestUserName":"Bob"}"#);
    room.handle(cx, Action::Join, &join).unwrap();
    assert_eq!(exchange(&mut room, cx, &next).unwrap()["status"], "joined");
}

#[test]
fn what_an_exchange_posts_must_be_stored_and_what_it_only_reads_need_not() {
    let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
    let cx = &mut Context { now: 0, random: &mut random, config: &config };
    let (mut room, _) =
        Room::create(cx, RoomCode::parse("ACDEFGHJ").unwrap(), UserName::parse("Ann").unwrap()).unwrap();
    let mut changes = room.changes();
    for (content, stored) in [
        (json!({}), false),
        (json!({"description": description("offer")}), true),
        (json!({"candidates": [candidate(1)]}), true),
        (json!({"description": description("offer"), "candidates": [candidate(1)]}), false),
        (json!({"candidates": [candidate(1), candidate(2)]}), true),
    ] {
        room.handle(cx, Action::Exchange, &post("/exchange", TOKEN, &content)).unwrap();
        assert_eq!(room.changes() > changes, stored, "{content}");
        changes = room.changes();
    }
    assert!(room.handle(cx, Action::Exchange, &post("/exchange", TOKEN, &json!({"candidates": [{}]}))).is_err());
    assert_eq!(room.changes(), changes);
}
