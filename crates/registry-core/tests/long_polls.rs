//! Long polls: when an exchange that waits is answered, with what, and how many can wait.
//! tidy: long because it is one list of cases with the small fixture they need

mod world;

use registry_core::{Config, PollId, Request, Response, Role, Submitted};
use registry_protocol::RoomCode;
use serde_json::{Value, json};
use world::{Keys, World, body, candidate, code, description, post};

/// A Registry with a joined room, whose long polls are identified by a name.
struct Fixture {
    world: World<(&'static str, Request)>,
    keys: Keys,
    /// The versions that the host and the guest last received.
    versions: [Option<u64>; 2],
    /// Pending long polls.
    pending: Vec<(&'static str, RoomCode, PollId)>,
}

use Role::{Guest, Host};

impl Fixture {
    fn new(config: Config) -> Self {
        let mut world = World::with_tickets(config.unlimited());
        let mut keys = world.create();
        world.join(&mut keys);
        Self { world, keys, versions: [None; 2], pending: Vec::new() }
    }

    fn joined() -> Self {
        Self::new(Config::default())
    }

    fn token(&self, role: Role) -> String {
        if role == Host { self.keys.host.clone() } else { self.keys.guest.clone() }
    }

    /// Exchanges nothing, with a timeout of 20 s. Returns the response, or `None` if the request is pending.
    fn wait(&mut self, name: &'static str, role: Role) -> Option<Response> {
        self.exchange(name, role, &json!({"wait": 20}))
    }

    /// Exchanges this, continuing from the last version unless it says where. Returns the response, or `None` if the
    /// request is pending.
    fn exchange(&mut self, name: &'static str, role: Role, content: &Value) -> Option<Response> {
        let mut all = json!({"room": self.keys.code, "since": self.versions[role as usize]});
        all.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        let request = post("/exchange", &self.token(role), &all);
        match self.world.submit(&request, || (name, request.clone())) {
            Submitted::Done(outcome) => {
                let response = self.world.registry.response(&request, outcome);
                self.record_version(&request, &response);
                Some(response)
            }
            Submitted::Pending { room, id } => {
                self.pending.push((name, room, id));
                None
            }
        }
    }

    fn record_version(&mut self, request: &Request, response: &Response) {
        let token = request.headers.iter().find(|(name, _)| name == "X-Access-Token").map(|(_, token)| token);
        let is_guest = token == Some(&self.keys.guest);
        let Some(version) = body(response)["version"].as_u64() else { return };
        self.versions[usize::from(is_guest)] = Some(version);
    }

    /// Makes one of the single calls.
    fn posts(&mut self, role: Role, tail: &str, value: &Value) {
        let response = self.world.post(&self.keys.path(tail), &self.token(role), value);
        assert_eq!(response.status, 204, "{}", code(&response));
    }

    /// The names of the long polls that are due, with their responses.
    fn due(&mut self) -> Vec<(&'static str, Response)> {
        let due = self.world.registry.take_due().into_iter();
        due.map(|((name, request), outcome)| {
            let response = self.world.registry.response(&request, outcome);
            self.record_version(&request, &response);
            (name, response)
        })
        .collect()
    }

    fn names_due(&mut self) -> Vec<&'static str> {
        self.due().into_iter().map(|(name, _)| name).collect()
    }

    fn waiting(&self) -> usize {
        self.world.registry.stats().waiting
    }

    fn deadline_of_last(&mut self) -> Option<u64> {
        let (_, room, id) = self.pending.pop().unwrap();
        self.world.registry.deadline(&room, id).map(|at| at - self.world.now)
    }

    fn advance(&mut self, ms: u64) {
        self.world.now += ms;
        self.world.registry.tick(self.world.now);
    }
}

/// The candidate lines that an exchange returned, and the sequence number of the last.
fn candidates(response: &Response) -> (Vec<String>, u64) {
    let list = body(response)["candidates"].clone();
    assert_eq!(list["mode"], "delta");
    let items = list["items"].as_array().unwrap().iter().map(|item| item["candidate"].as_str().unwrap().to_owned());
    (items.collect(), list["lastSeq"].as_u64().unwrap())
}

fn lines(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(|n| format!("candidate:{n}")).collect()
}

#[test]
fn the_first_exchange_returns_the_current_state_and_the_next_waits_for_news() {
    let mut fixture = Fixture::joined();
    let first = fixture.exchange("first", Host, &json!({"since": null, "wait": 20})).unwrap();
    assert_eq!((body(&first)["status"].clone(), candidates(&first)), (json!("joined"), (vec![], 0)));
    assert!(fixture.wait("second", Host).is_none());
    assert_eq!(fixture.waiting(), 1);
    assert!(fixture.due().is_empty());

    fixture.posts(Guest, "/candidate", &candidate(1));
    let due = fixture.due();
    assert_eq!(due[0].0, "second");
    assert_eq!(candidates(&due[0].1), (lines(&[1]), 1));
    assert!(body(&due[0].1)["version"].as_u64() > body(&first)["version"].as_u64());
    assert_eq!(fixture.waiting(), 0);
}

#[test]
fn one_request_brings_descriptions_and_candidates() {
    let mut fixture = Fixture::joined();
    assert!(fixture.wait("a", Guest).is_some());
    assert!(fixture.wait("b", Guest).is_none());
    let batch = json!({"description": description("offer"), "candidates": [candidate(1), candidate(2)]});
    assert!(fixture.exchange("offer", Host, &batch).is_some());
    let due = fixture.due();
    assert_eq!((due.len(), body(&due[0].1)["offer"]["type"].clone()), (1, json!("offer")));
    assert_eq!(candidates(&due[0].1), (lines(&[1, 2]), 2));

    fixture.exchange("more", Host, &json!({"candidates": [candidate(2), candidate(3)]}));
    fixture.posts(Host, "/candidate", &candidate(4));
    let update = fixture.wait("c", Guest).expect("changes between two polls are not missed");
    assert_eq!(candidates(&update), (lines(&[3, 4]), 4));
    assert!(fixture.wait("d", Guest).is_none());
    fixture.exchange("known", Host, &json!({"candidates": [candidate(2), candidate(3)]}));
    fixture.exchange("known", Host, &batch);
    fixture.posts(Host, "/candidate", &candidate(2));
    assert!(!fixture.names_due().contains(&"d"), "what the room has already is not news");
}

#[test]
fn an_exchange_posts_before_it_waits() {
    let mut fixture = Fixture::joined();
    fixture.wait("start", Host);
    fixture.wait("start", Guest);
    assert!(fixture.wait("guest", Guest).is_none());
    let offer = json!({"description": description("offer"), "candidates": [candidate(1)], "wait": 20});
    assert!(fixture.exchange("host", Host, &offer).is_none(), "what a peer posts itself is not news to it");
    assert_eq!(fixture.names_due(), ["guest"]);

    let answer = json!({"description": description("answer"), "candidates": [candidate(2)], "wait": 20});
    assert!(fixture.exchange("guest", Guest, &answer).is_none());
    let due = fixture.due();
    assert_eq!((due.len(), due[0].0, body(&due[0].1)["answer"]["type"].clone()), (1, "host", json!("answer")));
    assert_eq!(candidates(&due[0].1), (lines(&[2]), 1));
    assert_eq!(fixture.waiting(), 1);
}

#[test]
fn a_peers_own_changes_do_not_answer_its_other_request() {
    let mut fixture = Fixture::joined();
    fixture.wait("start", Guest);
    fixture.wait("start", Host);
    let version = fixture.versions[0];
    assert!(fixture.wait("reads", Host).is_none());
    let posted = fixture.exchange("posts", Host, &json!({"description": description("offer")})).unwrap();
    fixture.posts(Host, "/offer", &description("offer"));
    fixture.posts(Host, "/candidate", &candidate(1));
    assert!(fixture.due().is_empty());
    assert_eq!(body(&posted)["version"].as_u64(), version);
    assert!(fixture.wait("reads on", Guest).is_some());
    fixture.exchange("answers", Guest, &json!({"description": description("answer")}));
    let due = fixture.due();
    assert_eq!((due.len(), due[0].0, body(&due[0].1)["status"].clone()), (1, "reads", json!("paired")));
    assert_eq!(body(&due[0].1)["offer"]["type"], "offer", "an answer has the whole room");
}

#[test]
fn two_requests_in_flight_see_the_same_news_and_either_cursor_continues() {
    let mut fixture = Fixture::joined();
    fixture.wait("start", Host);
    assert!(fixture.wait("first", Host).is_none());
    assert!(fixture.wait("second", Host).is_none());
    fixture.exchange("guest", Guest, &json!({"candidates": [candidate(1)]}));
    let due = fixture.due();
    assert_eq!(due.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(due[0].1.body, due[1].1.body);
    fixture.exchange("guest", Guest, &json!({"candidates": [candidate(2)]}));
    assert_eq!(candidates(&fixture.wait("next", Host).unwrap()), (lines(&[2]), 2));
}

#[test]
fn a_lost_response_can_be_requested_again_with_the_previous_version() {
    let mut fixture = Fixture::joined();
    fixture.wait("first", Guest);
    let before = fixture.versions[1];
    fixture.posts(Host, "/candidate", &candidate(1));
    let again = json!({"since": before, "wait": 20});
    for _ in 0..2 {
        assert_eq!(candidates(&fixture.exchange("lost", Guest, &again).unwrap()), (lines(&[1]), 1));
    }
    assert!(fixture.wait("waits", Guest).is_none());
}

#[test]
fn a_renewed_room_is_news_to_the_other_peer() {
    let mut fixture = Fixture::joined();
    fixture.posts(Host, "/offer", &description("offer"));
    fixture.wait("start", Guest);
    assert!(fixture.wait("waits", Guest).is_none());
    fixture.advance(10_000);
    let same = json!({"description": description("offer")});
    let before = body(&fixture.exchange("repeats", Host, &same).unwrap())["expiresAt"].clone();
    assert!(fixture.due().is_empty(), "a repeated exchange does not renew the room");
    fixture.posts(Host, "/offer", &description("offer"));
    let due = fixture.due();
    assert_eq!(due[0].0, "waits");
    assert_eq!(body(&due[0].1)["expiresAt"].as_u64(), before.as_u64().map(|at| at + 10_000));
}

#[test]
fn without_news_an_exchange_times_out_with_the_current_state() {
    let mut fixture = Fixture::joined();
    fixture.wait("first", Host);
    assert!(fixture.exchange("second", Host, &json!({"wait": 3})).is_none());
    assert_eq!(fixture.deadline_of_last(), Some(3000));
    fixture.posts(Host, "/candidate", &candidate(1));
    fixture.advance(2999);
    assert!(fixture.due().is_empty());
    fixture.advance(1);
    let due = fixture.due();
    assert_eq!((due[0].0, body(&due[0].1)["status"].clone()), ("second", json!("joined")));
    assert!(fixture.exchange("third", Host, &json!({"wait": 99})).is_none());
    fixture.advance(24_999);
    assert!(fixture.due().is_empty());
    fixture.advance(1);
    assert_eq!(fixture.names_due(), ["third"], "the timeout is capped at 25 seconds");
    for at_once in [json!({}), json!({"wait": 0}), json!({"wait": "9"}), json!({"since": "x", "wait": 20})] {
        assert!(fixture.exchange("at once", Host, &at_once).is_some(), "{at_once}");
    }
}

#[test]
fn waiting_ends_when_the_room_is_closed_or_expires() {
    let mut fixture = Fixture::joined();
    for name in ["first", "second"] {
        fixture.wait(name, Host);
        fixture.wait(name, Guest);
    }
    fixture.posts(Host, "/close", &json!({}));
    let due = fixture.due();
    assert_eq!(due.iter().map(|(_, response)| code(response)).collect::<Vec<_>>(), ["404 not_found"; 2]);

    let mut fixture = Fixture::joined();
    fixture.wait("first", Host);
    fixture.advance(290_000);
    assert!(fixture.wait("second", Host).is_none());
    assert_eq!(fixture.deadline_of_last(), Some(10_000), "the room expires before the poll times out");
    fixture.advance(10_000);
    assert_eq!(code(&fixture.due()[0].1), "404 not_found");
    assert_eq!(fixture.waiting(), 0);
}

#[test]
fn a_third_pending_exchange_of_the_same_peer_ends_the_first() {
    let mut fixture = Fixture::joined();
    fixture.wait("start", Host);
    fixture.wait("start", Guest);
    for name in ["first", "second"] {
        assert!(fixture.wait(name, Host).is_none());
    }
    assert!(fixture.wait("guest", Guest).is_none());
    assert!(fixture.due().is_empty());
    assert!(fixture.wait("third", Host).is_none());
    let due = fixture.due();
    assert_eq!((due.len(), due[0].0, due[0].1.status), (1, "first", 200));
    assert_eq!(fixture.waiting(), 3);
    fixture.posts(Guest, "/candidate", &candidate(1));
    let due = fixture.due();
    assert_eq!(due.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["second", "third"]);
    assert!(due.iter().all(|(_, response)| candidates(response).0.len() == 1));
}

#[test]
fn a_disconnected_clients_poll_is_cancelled_and_what_it_posted_remains() {
    let mut fixture = Fixture::joined();
    fixture.wait("start", Host);
    assert!(fixture.exchange("gone", Host, &json!({"candidates": [candidate(7)], "wait": 20})).is_none());
    let (_, room, id) = fixture.pending.pop().unwrap();
    fixture.world.registry.cancel(fixture.world.now, &room, id);
    fixture.world.registry.cancel(fixture.world.now, &room, id);
    assert_eq!(candidates(&fixture.exchange("guest", Guest, &json!({"candidates": [candidate(1)]})).unwrap()).1, 1);
    assert!(fixture.due().is_empty());
    assert_eq!(fixture.waiting(), 0);
    assert!(fixture.wait("next", Host).is_some(), "the missed news is still there");
}

#[test]
fn above_the_limit_an_exchange_is_answered_at_once() {
    let mut fixture = Fixture::new(Config { max_waiting: 1, ..Config::default() });
    fixture.wait("start", Host);
    fixture.wait("start", Guest);
    assert!(fixture.wait("kept", Host).is_none());
    assert_eq!(fixture.wait("answered", Guest).unwrap().status, 200);
    let posting = json!({"candidates": [candidate(1)], "wait": 20});
    assert!(fixture.exchange("kept", Guest, &posting).is_none(), "its candidate has answered the other");
    assert_eq!(fixture.names_due(), ["kept"]);
    fixture.world.registry.answer_all(fixture.world.now);
    assert_eq!(fixture.names_due(), ["kept"]);
}

#[test]
fn reads_never_wait() {
    let mut fixture = Fixture::joined();
    let Keys { host, guest, .. } = fixture.keys.clone();
    fixture.posts(Guest, "/candidate", &candidate(1));
    fixture.posts(Guest, "/candidate", &candidate(2));
    let room = body(&fixture.world.get(&fixture.keys.path("?since=99&wait=20"), &host));
    assert!(room.get("version").is_none() && room.get("candidates").is_none());
    for (query, mode, count) in [("", "full", 2), ("?since=0", "delta", 2), ("?since=1", "delta", 1)] {
        let list = body(&fixture.world.get(&fixture.keys.path(&format!("/candidates{query}")), &host));
        assert_eq!((&list["mode"], list["items"].as_array().unwrap().len()), (&json!(mode), count), "{query}");
        assert_eq!(list["lastSeq"], 2);
    }
    let none = body(&fixture.world.get(&fixture.keys.path("/candidates?since=0&wait=20"), &guest));
    assert_eq!(none["items"], json!([]));
}
