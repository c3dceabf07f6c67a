//! Long polls: when they are answered, with what, and how they are bounded.
//! tidy: long because it is one list of cases with the small fixture they need

mod world;

use registry_core::{Config, PollId, Registry, Request, Response, Submitted};
use registry_protocol::RoomCode;
use serde_json::{Value, json};
use world::{Keys, body, candidate, code, description, post};

/// A Registry whose long polls are identified by a name.
struct Fixture {
    registry: Registry<(&'static str, Request)>,
    now: u64,
    keys: Keys,
    /// The versions that the host and the guest last received.
    versions: [Option<u64>; 2],
    /// Pending long polls.
    pending: Vec<(&'static str, RoomCode, PollId)>,
    seed: u8,
}

impl Fixture {
    /// Creates a Registry with one open room.
    fn new(config: Config) -> Self {
        let keys = Keys { code: String::new(), join_code: String::new(), host: String::new(), guest: String::new() };
        let mut fixture = Self {
            registry: Registry::new(config),
            now: 1_763_800_000_000,
            keys,
            versions: [None; 2],
            pending: Vec::new(),
            seed: 0,
        };
        let made = body(&fixture.submit("create", &post("/rooms", "", &json!({"hostUserName": "Ann"}))).unwrap());
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        fixture.keys =
            Keys { code: text("code"), join_code: text("joinCode"), host: text("ownerToken"), guest: String::new() };
        fixture
    }

    fn joined() -> Self {
        let mut fixture = Self::new(Config { rates: None, ..Config::default() });
        fixture.join();
        fixture
    }

    fn join(&mut self) {
        let request = json!({"joinCode": self.keys.join_code, "guestUserName": "Bob"});
        let joined = self.submit("join", &post(&self.keys.path("/join"), "", &request)).unwrap();
        self.keys.guest = body(&joined)["guestToken"].as_str().unwrap().to_owned();
    }

    /// Returns the response, or `None` if the request becomes a pending long poll.
    fn submit(&mut self, name: &'static str, request: &Request) -> Option<Response> {
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(5).wrapping_add(17);
                *byte = *seed;
            }
        };
        match self.registry.submit(self.now, &mut random, request, || (name, request.clone())) {
            Submitted::Done(outcome) => {
                let response = self.registry.response(request, outcome);
                self.record_version(request, &response);
                Some(response)
            }
            Submitted::Pending { room, id } => {
                self.pending.push((name, room, id));
                None
            }
        }
    }

    /// Records the version that a long poll returned.
    fn record_version(&mut self, request: &Request, response: &Response) {
        let token = request.headers.iter().find(|(name, _)| name == "X-Access-Token").map(|(_, token)| token);
        if let (Some(version), true) = (body(response)["version"].as_u64(), request.path.contains("wait=")) {
            self.versions[usize::from(token == Some(&self.keys.guest))] = Some(version);
        }
    }

    fn get(&mut self, name: &'static str, tail: &str, token: &str, since: Option<u64>) -> Option<Response> {
        let request = Request::new("GET", self.keys.path(tail)).header("X-Access-Token", token);
        let version = since.map_or("1".to_owned(), |since| format!("1;since={since}"));
        self.submit(name, &request.header("X-Registry-Version", version))
    }

    fn host(&mut self, name: &'static str, tail: &str) -> Option<Response> {
        self.get(
            name,
            tail,
            &self.keys.host.clone(),
            self.versions[0].filter(|_| tail.starts_with("?wait=") && !tail.contains("since")),
        )
    }

    fn guest(&mut self, name: &'static str, tail: &str) -> Option<Response> {
        self.get(
            name,
            tail,
            &self.keys.guest.clone(),
            self.versions[1].filter(|_| tail.starts_with("?wait=") && !tail.contains("since")),
        )
    }

    fn post(&mut self, tail: &str, token: &str, value: &Value) {
        let response = self.submit("post", &post(&self.keys.path(tail), token, value)).unwrap();
        assert_eq!(response.status, 204, "{}", code(&response));
    }

    fn host_posts(&mut self, tail: &str, value: &Value) {
        self.post(tail, &self.keys.host.clone(), value);
    }

    fn guest_posts(&mut self, tail: &str, value: &Value) {
        self.post(tail, &self.keys.guest.clone(), value);
    }

    /// The names of the long polls that are due, with their responses.
    fn due(&mut self) -> Vec<(&'static str, Response)> {
        let due = self.registry.take_due().into_iter();
        due.map(|((name, request), outcome)| {
            let response = self.registry.response(&request, outcome);
            self.record_version(&request, &response);
            (name, response)
        })
        .collect()
    }

    fn names_due(&mut self) -> Vec<&'static str> {
        self.due().into_iter().map(|(name, _)| name).collect()
    }

    fn advance(&mut self, ms: u64) {
        self.now += ms;
        self.registry.tick(self.now);
    }
}

fn candidates(response: &Response) -> (Vec<String>, u64) {
    let list = body(response)["candidates"].clone();
    assert_eq!(list["mode"], "delta");
    let items = list["items"].as_array().unwrap().iter().map(|item| item["candidate"].as_str().unwrap().to_owned());
    (items.collect(), list["lastSeq"].as_u64().unwrap())
}

#[test]
fn the_first_poll_returns_the_current_state_and_the_next_waits_for_an_update() {
    let mut fixture = Fixture::joined();
    let first = fixture.host("first", "?wait=20").unwrap();
    assert_eq!((body(&first)["status"].clone(), candidates(&first)), (json!("joined"), (vec![], 0)));
    assert!(fixture.host("second", "?wait=20").is_none());
    assert_eq!(fixture.registry.stats().waiting, 1);
    assert!(fixture.due().is_empty());

    fixture.guest_posts("/candidate", &candidate(1));
    let due = fixture.due();
    assert_eq!(due[0].0, "second");
    assert_eq!(candidates(&due[0].1), (vec!["candidate:1".to_owned()], 1));
    assert!(body(&due[0].1)["version"].as_u64() > body(&first)["version"].as_u64());
    assert_eq!(fixture.registry.stats().waiting, 0);
}

#[test]
fn one_request_serves_descriptions_and_candidates() {
    let mut fixture = Fixture::joined();
    assert!(fixture.guest("a", "?wait=20").is_some());
    assert!(fixture.guest("b", "?wait=20").is_none());
    fixture.host_posts("/offer", &description("offer"));
    let due = fixture.due();
    assert_eq!(body(&due[0].1)["offer"]["type"], "offer");

    fixture.host_posts("/candidate", &candidate(1));
    fixture.host_posts("/candidate", &candidate(2));
    let update = fixture.guest("c", "?wait=20").expect("changes between two polls are not missed");
    assert_eq!(candidates(&update), (vec!["candidate:1".to_owned(), "candidate:2".to_owned()], 2));
    assert!(fixture.guest("d", "?wait=20").is_none());
    fixture.guest_posts("/candidate", &candidate(9));
    assert!(fixture.due().is_empty(), "a peer's own candidates are not an update");
    fixture.host_posts("/candidate", &candidate(2));
    assert!(fixture.due().is_empty(), "a duplicate is not an update");
}

#[test]
fn a_lost_response_can_be_requested_again_with_the_previous_cursor() {
    let mut fixture = Fixture::joined();
    fixture.guest("first", "?wait=20");
    let before = fixture.versions[1];
    fixture.host_posts("/candidate", &candidate(1));
    for _ in 0..2 {
        fixture.versions[1] = before;
        assert_eq!(candidates(&fixture.guest("lost", "?wait=20").unwrap()), (vec!["candidate:1".to_owned()], 1));
    }
    let plain = body(&fixture.guest("plain", "").unwrap());
    assert!(plain["version"].is_u64() && plain.get("candidates").is_none());
    assert!(fixture.guest("waits", "?wait=20").is_none());
}

#[test]
fn without_an_update_a_poll_times_out_with_the_current_snapshot() {
    let mut fixture = Fixture::joined();
    fixture.host("first", "?wait=3");
    assert!(fixture.host("second", "?wait=3").is_none());
    let (_, room, id) = fixture.pending.pop().unwrap();
    assert_eq!(fixture.registry.deadline(&room, id), Some(fixture.now + 3000));
    fixture.advance(2999);
    assert!(fixture.due().is_empty());
    fixture.advance(1);
    let due = fixture.due();
    assert_eq!((due[0].0, body(&due[0].1)["status"].clone()), ("second", json!("joined")));
    assert!(fixture.host("third", "?wait=99").is_none());
    fixture.advance(24_999);
    assert!(fixture.due().is_empty());
    fixture.advance(1);
    assert_eq!(fixture.names_due(), ["third"], "the timeout is capped at 25 seconds");
}

#[test]
fn polls_end_when_the_room_is_closed_or_expires() {
    let mut fixture = Fixture::joined();
    for name in ["first", "second"] {
        fixture.host(name, "?wait=20");
        fixture.guest(name, "?wait=20");
    }
    fixture.host_posts("/close", &json!({}));
    let due = fixture.due();
    assert_eq!(due.iter().map(|(_, response)| code(response)).collect::<Vec<_>>(), ["404 not_found"; 2]);

    let mut fixture = Fixture::joined();
    fixture.host("first", "?wait=25");
    fixture.advance(290_000);
    assert!(fixture.host("second", "?wait=25").is_none());
    let (_, room, id) = fixture.pending.pop().unwrap();
    assert_eq!(
        fixture.registry.deadline(&room, id),
        Some(fixture.now + 10_000),
        "the room expires before the poll times out"
    );
    fixture.advance(10_000);
    assert_eq!(code(&fixture.due()[0].1), "404 not_found");
    assert_eq!(fixture.registry.stats().waiting, 0);
}

#[test]
fn a_third_poll_of_the_same_peer_replaces_the_first_and_every_poll_gets_the_update() {
    let mut fixture = Fixture::joined();
    fixture.host("start", "?wait=20");
    for name in ["first", "second"] {
        assert!(fixture.host(name, "?wait=20").is_none());
    }
    assert!(fixture.due().is_empty());
    assert!(fixture.host("third", "?wait=20").is_none());
    let due = fixture.due();
    assert_eq!((due.len(), due[0].0, due[0].1.status), (1, "first", 200));
    fixture.guest_posts("/candidate", &candidate(1));
    let due = fixture.due();
    assert_eq!(due.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["second", "third"]);
    assert!(due.iter().all(|(_, response)| candidates(response).0.len() == 1));
}

#[test]
fn a_disconnected_clients_poll_is_cancelled() {
    let mut fixture = Fixture::joined();
    fixture.host("start", "?wait=20");
    assert!(fixture.host("gone", "?wait=20").is_none());
    let (_, room, id) = fixture.pending.pop().unwrap();
    fixture.registry.cancel(fixture.now, &room, id);
    fixture.registry.cancel(fixture.now, &room, id);
    fixture.guest_posts("/candidate", &candidate(1));
    assert!(fixture.due().is_empty());
    assert_eq!(fixture.registry.stats().waiting, 0);
    assert!(fixture.host("next", "?wait=20").is_some(), "the missed update is still there");
}

#[test]
fn above_the_limit_a_poll_is_answered_at_once() {
    let mut fixture = Fixture::new(Config { rates: None, max_waiting: 1, ..Config::default() });
    fixture.join();
    fixture.host("start", "?wait=20");
    fixture.guest("start", "?wait=20");
    assert!(fixture.host("kept", "?wait=20").is_none());
    assert_eq!(fixture.guest("answered", "?wait=20").unwrap().status, 200);
    fixture.registry.answer_all(fixture.now);
    assert_eq!(fixture.names_due(), ["kept"]);
    assert!(fixture.guest("kept", "?wait=20").is_none());
}

#[test]
fn a_base_registry_ignores_all_of_this() {
    let mut fixture = Fixture::new(Config { rates: None, extended: false, ..Config::default() });
    fixture.join();
    for _ in 0..2 {
        let answer = fixture.host("never waits", "?wait=20&since=99").unwrap();
        assert!(body(&answer).get("version").is_none() && body(&answer).get("candidates").is_none());
        assert_eq!(answer.header("ETag"), None);
    }
    fixture.guest_posts("/candidate", &candidate(1));
    assert_eq!(body(&fixture.host("full", "/candidates?since=1&wait=20").unwrap())["mode"], "full");
}

#[test]
fn the_query_can_carry_the_cursor() {
    let mut fixture = Fixture::joined();
    let version = body(&fixture.host("plain", "").unwrap())["version"].as_u64().unwrap();
    assert!(fixture.host("older", &format!("?since={}&wait=20", version - 1)).is_some());
    assert!(fixture.host("same", &format!("?wait=20&since={version}")).is_none());
    assert_eq!(fixture.host("at once", &format!("?since={version}")).unwrap().status, 200);
    fixture.guest_posts("/candidate", &candidate(1));
    let due = fixture.due();
    assert_eq!(body(&due[0].1)["version"], version + 1);
    assert_eq!(candidates(&due[0].1).0.len(), 1);

    let items = |response: &Response| body(response)["items"].as_array().unwrap().len();
    assert_eq!(items(&fixture.host("all", "/candidates").unwrap()), 1);
    let delta = fixture.host("delta", "/candidates?since=0").unwrap();
    assert_eq!(
        (items(&delta), body(&delta)["mode"].clone(), body(&delta)["lastSeq"].clone()),
        (1, json!("delta"), json!(1))
    );
    assert!(fixture.host("candidates", "/candidates?since=1&wait=20").is_none());
    fixture.host_posts("/offer", &description("offer"));
    assert!(fixture.due().is_empty(), "a description is not a candidate");
    fixture.guest_posts("/candidate", &candidate(2));
    let due = fixture.due();
    assert_eq!((due[0].0, items(&due[0].1)), ("candidates", 1));
}
