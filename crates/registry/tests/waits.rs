//! Requests that wait for news: when they are answered, with what, and what keeps them bounded.
//! tidy: long because it is one list of cases with the little world they need

mod world;

use registry::{Config, Registry, Request, Response, Submitted, WaitId};
use registry_protocol::RoomCode;
use serde_json::{Value, json};
use world::{Keys, body, candidate, code, description, post};

/// A Registry whose waiting requests are known by a name.
struct Place {
    registry: Registry<(&'static str, Request)>,
    now: u64,
    keys: Keys,
    /// The versions that host and guest were shown last.
    shown: [Option<u64>; 2],
    /// The names of those that wait.
    ids: Vec<(&'static str, RoomCode, WaitId)>,
    seed: u8,
}

impl Place {
    /// With a room that has a guest.
    fn new(config: Config) -> Self {
        let keys = Keys { code: String::new(), join_code: String::new(), host: String::new(), guest: String::new() };
        let mut place = Self {
            registry: Registry::new(config),
            now: 1_763_800_000_000,
            keys,
            shown: [None; 2],
            ids: Vec::new(),
            seed: 0,
        };
        let made = body(&place.ask("create", &post("/rooms", "", &json!({"hostUserName": "Ann"}))).unwrap());
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        place.keys =
            Keys { code: text("code"), join_code: text("joinCode"), host: text("ownerToken"), guest: String::new() };
        place
    }

    fn joined() -> Self {
        let mut place = Self::new(Config { rates: None, ..Config::default() });
        place.join();
        place
    }

    fn join(&mut self) {
        let request = json!({"joinCode": self.keys.join_code, "guestUserName": "Bob"});
        let joined = self.ask("join", &post(&self.keys.path("/join"), "", &request)).unwrap();
        self.keys.guest = body(&joined)["guestToken"].as_str().unwrap().to_owned();
    }

    /// The answer, unless the request waits.
    fn ask(&mut self, name: &'static str, request: &Request) -> Option<Response> {
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(5).wrapping_add(17);
                *byte = *seed;
            }
        };
        match self.registry.submit(self.now, &mut random, request, || (name, request.clone())) {
            Submitted::Done(outcome) => {
                let response = self.registry.dress(request, outcome);
                self.note(request, &response);
                Some(response)
            }
            Submitted::Waits { room, id } => {
                self.ids.push((name, room, id));
                None
            }
        }
    }

    /// Remembers the version of what a waiting request was shown.
    fn note(&mut self, request: &Request, response: &Response) {
        let token = request.headers.iter().find(|(name, _)| name == "X-Access-Token").map(|(_, token)| token);
        if let (Some(version), true) = (body(response)["version"].as_u64(), request.path.contains("wait=")) {
            self.shown[usize::from(token == Some(&self.keys.guest))] = Some(version);
        }
    }

    fn get(&mut self, name: &'static str, tail: &str, token: &str, since: Option<u64>) -> Option<Response> {
        let request = Request::new("GET", self.keys.path(tail)).header("X-Access-Token", token);
        let version = since.map_or("1".to_owned(), |since| format!("1;since={since}"));
        self.ask(name, &request.header("X-Registry-Version", version))
    }

    fn host(&mut self, name: &'static str, tail: &str) -> Option<Response> {
        self.get(
            name,
            tail,
            &self.keys.host.clone(),
            self.shown[0].filter(|_| tail.starts_with("?wait=") && !tail.contains("since")),
        )
    }

    fn guest(&mut self, name: &'static str, tail: &str) -> Option<Response> {
        self.get(
            name,
            tail,
            &self.keys.guest.clone(),
            self.shown[1].filter(|_| tail.starts_with("?wait=") && !tail.contains("since")),
        )
    }

    fn post(&mut self, tail: &str, token: &str, value: &Value) {
        let response = self.ask("post", &post(&self.keys.path(tail), token, value)).unwrap();
        assert_eq!(response.status, 204, "{}", code(&response));
    }

    fn host_posts(&mut self, tail: &str, value: &Value) {
        self.post(tail, &self.keys.host.clone(), value);
    }

    fn guest_posts(&mut self, tail: &str, value: &Value) {
        self.post(tail, &self.keys.guest.clone(), value);
    }

    /// What is answered now: names and responses.
    fn due(&mut self) -> Vec<(&'static str, Response)> {
        let due = self.registry.take_due().into_iter();
        due.map(|((name, request), outcome)| {
            let response = self.registry.dress(&request, outcome);
            self.note(&request, &response);
            (name, response)
        })
        .collect()
    }

    fn names_due(&mut self) -> Vec<&'static str> {
        self.due().into_iter().map(|(name, _)| name).collect()
    }

    fn pass(&mut self, ms: u64) {
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
fn the_first_wait_shows_what_is_there_and_the_next_one_waits_for_the_other_side() {
    let mut place = Place::joined();
    let first = place.host("first", "?wait=20").unwrap();
    assert_eq!((body(&first)["status"].clone(), candidates(&first)), (json!("joined"), (vec![], 0)));
    assert!(place.host("second", "?wait=20").is_none());
    assert_eq!(place.registry.stats().waiting, 1);
    assert!(place.due().is_empty());

    place.guest_posts("/candidate", &candidate(1));
    let due = place.due();
    assert_eq!(due[0].0, "second");
    assert_eq!(candidates(&due[0].1), (vec!["candidate:1".to_owned()], 1));
    assert!(body(&due[0].1)["version"].as_u64() > body(&first)["version"].as_u64());
    assert_eq!(place.registry.stats().waiting, 0);
}

#[test]
fn one_request_serves_descriptions_and_candidates() {
    let mut place = Place::joined();
    assert!(place.guest("a", "?wait=20").is_some());
    assert!(place.guest("b", "?wait=20").is_none());
    place.host_posts("/offer", &description("offer"));
    let due = place.due();
    assert_eq!(body(&due[0].1)["offer"]["type"], "offer");

    place.host_posts("/candidate", &candidate(1));
    place.host_posts("/candidate", &candidate(2));
    let news = place.guest("c", "?wait=20").expect("what came between two requests is not missed");
    assert_eq!(candidates(&news), (vec!["candidate:1".to_owned(), "candidate:2".to_owned()], 2));
    assert!(place.guest("d", "?wait=20").is_none());
    place.guest_posts("/candidate", &candidate(9));
    assert!(place.due().is_empty(), "the own candidates are no news");
    place.host_posts("/candidate", &candidate(2));
    assert!(place.due().is_empty(), "a repeat is no news");
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_cursor_before_it() {
    let mut place = Place::joined();
    place.guest("first", "?wait=20");
    let before = place.shown[1];
    place.host_posts("/candidate", &candidate(1));
    for _ in 0..2 {
        place.shown[1] = before;
        assert_eq!(candidates(&place.guest("lost", "?wait=20").unwrap()), (vec!["candidate:1".to_owned()], 1));
    }
    let plain = body(&place.guest("plain", "").unwrap());
    assert!(plain["version"].is_u64() && plain.get("candidates").is_none());
    assert!(place.guest("waits", "?wait=20").is_none());
}

#[test]
fn without_news_a_wait_ends_in_time_with_the_snapshot_as_it_is() {
    let mut place = Place::joined();
    place.host("first", "?wait=3");
    assert!(place.host("second", "?wait=3").is_none());
    let (_, room, id) = place.ids.pop().unwrap();
    assert_eq!(place.registry.due_by(&room, id), Some(place.now + 3000));
    place.pass(2999);
    assert!(place.due().is_empty());
    place.pass(1);
    let due = place.due();
    assert_eq!((due[0].0, body(&due[0].1)["status"].clone()), ("second", json!("joined")));
    assert!(place.host("third", "?wait=99").is_none());
    place.pass(24_999);
    assert!(place.due().is_empty());
    place.pass(1);
    assert_eq!(place.names_due(), ["third"], "25 seconds are the longest wait");
}

#[test]
fn waits_end_when_the_room_is_closed_or_expires() {
    let mut place = Place::joined();
    for name in ["first", "second"] {
        place.host(name, "?wait=20");
        place.guest(name, "?wait=20");
    }
    place.host_posts("/close", &json!({}));
    let due = place.due();
    assert_eq!(due.iter().map(|(_, response)| code(response)).collect::<Vec<_>>(), ["404 not_found"; 2]);

    let mut place = Place::joined();
    place.host("first", "?wait=25");
    place.pass(290_000);
    assert!(place.host("second", "?wait=25").is_none());
    let (_, room, id) = place.ids.pop().unwrap();
    assert_eq!(place.registry.due_by(&room, id), Some(place.now + 10_000), "the room ends before the wait");
    place.pass(10_000);
    assert_eq!(code(&place.due()[0].1), "404 not_found");
    assert_eq!(place.registry.stats().waiting, 0);
}

#[test]
fn a_third_wait_of_the_same_peer_replaces_the_first_and_none_eats_the_news_of_another() {
    let mut place = Place::joined();
    place.host("start", "?wait=20");
    for name in ["first", "second"] {
        assert!(place.host(name, "?wait=20").is_none());
    }
    assert!(place.due().is_empty());
    assert!(place.host("third", "?wait=20").is_none());
    let due = place.due();
    assert_eq!((due.len(), due[0].0, due[0].1.status), (1, "first", 200));
    place.guest_posts("/candidate", &candidate(1));
    let due = place.due();
    assert_eq!(due.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["second", "third"]);
    assert!(due.iter().all(|(_, response)| candidates(response).0.len() == 1));
}

#[test]
fn a_client_that_has_gone_waits_no_more() {
    let mut place = Place::joined();
    place.host("start", "?wait=20");
    assert!(place.host("gone", "?wait=20").is_none());
    let (_, room, id) = place.ids.pop().unwrap();
    place.registry.cancel(place.now, &room, id);
    place.registry.cancel(place.now, &room, id);
    place.guest_posts("/candidate", &candidate(1));
    assert!(place.due().is_empty());
    assert_eq!(place.registry.stats().waiting, 0);
    assert!(place.host("next", "?wait=20").is_some(), "what it was not told is still news");
}

#[test]
fn beyond_the_bound_a_wait_is_answered_without_news() {
    let mut place = Place::new(Config { rates: None, max_waiting: 1, ..Config::default() });
    place.join();
    place.host("start", "?wait=20");
    place.guest("start", "?wait=20");
    assert!(place.host("kept", "?wait=20").is_none());
    assert_eq!(place.guest("answered", "?wait=20").unwrap().status, 200);
    place.registry.answer_all(place.now);
    assert_eq!(place.names_due(), ["kept"]);
    assert!(place.guest("kept", "?wait=20").is_none());
}

#[test]
fn a_registry_of_the_base_contract_does_not_know_of_any_of_this() {
    let mut place = Place::new(Config { rates: None, extended: false, ..Config::default() });
    place.join();
    for _ in 0..2 {
        let answer = place.host("never waits", "?wait=20&since=99").unwrap();
        assert!(body(&answer).get("version").is_none() && body(&answer).get("candidates").is_none());
        assert_eq!(answer.header("ETag"), None);
    }
    place.guest_posts("/candidate", &candidate(1));
    assert_eq!(body(&place.host("full", "/candidates?since=1&wait=20").unwrap())["mode"], "full");
}

#[test]
fn a_cursor_in_the_address_works_too() {
    let mut place = Place::joined();
    let version = body(&place.host("plain", "").unwrap())["version"].as_u64().unwrap();
    assert!(place.host("older", &format!("?since={}&wait=20", version - 1)).is_some());
    assert!(place.host("same", &format!("?wait=20&since={version}")).is_none());
    assert_eq!(place.host("at once", &format!("?since={version}")).unwrap().status, 200);
    place.guest_posts("/candidate", &candidate(1));
    let due = place.due();
    assert_eq!(body(&due[0].1)["version"], version + 1);
    assert_eq!(candidates(&due[0].1).0.len(), 1);

    let items = |response: &Response| body(response)["items"].as_array().unwrap().len();
    assert_eq!(items(&place.host("all", "/candidates").unwrap()), 1);
    let delta = place.host("delta", "/candidates?since=0").unwrap();
    assert_eq!(
        (items(&delta), body(&delta)["mode"].clone(), body(&delta)["lastSeq"].clone()),
        (1, json!("delta"), json!(1))
    );
    assert!(place.host("candidates", "/candidates?since=1&wait=20").is_none());
    place.host_posts("/offer", &description("offer"));
    assert!(place.due().is_empty(), "a description is no candidate");
    place.guest_posts("/candidate", &candidate(2));
    let due = place.due();
    assert_eq!((due[0].0, items(&due[0].1)), ("candidates", 1));
}
