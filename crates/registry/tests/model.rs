//! Whatever is asked, in whatever order and time: a room does what a far simpler model says.

mod world;

use proptest::prelude::*;
use registry::Request;
use serde_json::json;
use world::{Keys, World, candidate, code, description};

/// Something that happens to a room.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(u64),
    Join { right: bool },
    Offer(Who),
    Answer(Who),
    Candidate(Who, usize),
    Look(Who),
    Close(Who),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Host,
    Guest,
    Nobody,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Host), 4 => Just(Who::Guest), 1 => Just(Who::Nobody)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..400_000_u64).prop_map(Step::Wait),
        3 => any::<bool>().prop_map(|right| Step::Join { right }),
        4 => who().prop_map(Step::Offer),
        3 => who().prop_map(Step::Answer),
        9 => (who(), 0..60_usize).prop_map(|(who, n)| Step::Candidate(who, n)),
        4 => who().prop_map(Step::Look),
        1 => who().prop_map(Step::Close),
    ]
}

/// What the room must be.
struct Model {
    state: &'static str,
    ends: u64,
    offer: bool,
    /// What host and guest posted, and when those lists end.
    candidates: [(Vec<usize>, u64); 2],
}

impl Model {
    /// Status and code that `step` must be answered with, after which the model has made the step too.
    fn step(&mut self, now: u64, step: Step) -> &'static str {
        if self.state == "closed" || now >= self.ends {
            return "404 not_found";
        }
        match step {
            Step::Wait(_) => "",
            Step::Join { .. } if self.state != "open" => "409 not_open",
            Step::Join { right: false } => "403 bad_join_code",
            Step::Join { right: true } => self.enter(now, "joined", "200"),
            Step::Offer(who) if !self.is(who, Who::Host) => "403 forbidden",
            Step::Offer(_) if self.state == "paired" => "409 already_paired",
            Step::Offer(_) => {
                self.offer = true;
                self.enter(now, self.state, "204")
            }
            Step::Answer(who) if !self.is(who, Who::Guest) => "403 forbidden",
            Step::Answer(_) if self.state == "paired" => "409 already_paired",
            Step::Answer(_) if !self.offer => "409 no_offer",
            Step::Answer(_) => self.enter(now, "paired", "204"),
            Step::Candidate(who, _) | Step::Look(who) if !self.is(who, who) => "403 forbidden",
            Step::Candidate(who, n) => self.candidate(now, who, n),
            Step::Look(_) => "200",
            Step::Close(who) if !self.is(who, Who::Host) => "403 forbidden",
            Step::Close(_) => self.enter(now, "closed", "204"),
        }
    }

    fn is(&self, who: Who, expected: Who) -> bool {
        who == expected && (who == Who::Host || (who == Who::Guest && self.state != "open"))
    }

    fn enter(&mut self, now: u64, state: &'static str, answer: &'static str) -> &'static str {
        self.state = state;
        let life = match state {
            "open" => 180_000,
            "joined" => 300_000,
            "paired" => 600_000,
            _ => 15_000,
        };
        self.ends = now + life;
        answer
    }

    fn list(&mut self, now: u64, who: Who) -> &mut (Vec<usize>, u64) {
        let list = &mut self.candidates[usize::from(who == Who::Guest)];
        if now >= list.1 {
            list.0.clear();
        }
        list
    }

    fn candidate(&mut self, now: u64, who: Who, n: usize) -> &'static str {
        let list = self.list(now, who);
        if list.0.contains(&n) {
            return "204";
        }
        if list.0.len() == 40 {
            return "409 too_many_candidates";
        }
        list.0.push(n);
        list.1 = now + 300_000;
        "204"
    }
}

/// Makes the step for real, and returns status and code.
fn make(world: &mut World, keys: &mut Keys, step: Step) -> String {
    let token = |who| match who {
        Who::Host => keys.host.clone(),
        Who::Guest if !keys.guest.is_empty() => keys.guest.clone(),
        _ => "nobody".to_owned(),
    };
    let response = match step {
        Step::Wait(_) => return String::new(),
        Step::Join { right } => {
            let wrong = if keys.join_code == "111111" { "222222" } else { "111111" };
            world.try_join(keys, if right { &keys.join_code } else { wrong })
        }
        Step::Offer(who) => world.post(&keys.path("/offer"), &token(who), &description("offer")),
        Step::Answer(who) => world.post(&keys.path("/answer"), &token(who), &description("answer")),
        Step::Candidate(who, n) => world.post(&keys.path("/candidate"), &token(who), &candidate(n)),
        Step::Look(who) => world.get(&keys.path(""), &token(who)),
        Step::Close(who) => world.post(&keys.path("/close"), &token(who), &json!({})),
    };
    if let Some(token) = world::body(&response)["guestToken"].as_str() {
        keys.guest = token.to_owned();
    }
    code(&response)
}

/// What a peer who looks sees is what the model has.
fn compare(world: &mut World, keys: &Keys, model: &mut Model) -> Result<(), TestCaseError> {
    let room = world.get(&keys.path(""), &keys.host);
    if room.status == 404 {
        return Ok(());
    }
    let room = world::body(&room);
    prop_assert_eq!(&room["status"], model.state);
    prop_assert_eq!(room["expiresAt"].as_u64(), Some(model.ends));
    prop_assert_eq!(room["offer"].is_null(), !model.offer);
    prop_assert_eq!(room["answer"].is_null(), model.state != "paired");
    let shown = world::body(&world.get(&keys.path("/candidates"), &keys.host))["items"].clone();
    let expected: Vec<_> = model.list(world.now, Who::Guest).0.iter().map(|n| candidate(*n)).collect();
    prop_assert_eq!(shown, json!(expected));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_room_does_what_the_model_says(steps in prop::collection::vec(step(), 1..120)) {
        let mut world = World::unlimited();
        let mut keys = world.create();
        let none = || (Vec::new(), 0);
        let mut model =
            Model { state: "open", ends: world.now + 180_000, offer: false, candidates: [none(), none()] };
        for step in steps {
            if let Step::Wait(ms) = step {
                world.now += ms / 8;
            }
            let expected = model.step(world.now, step);
            let got = make(&mut world, &mut keys, step);
            if !matches!(step, Step::Wait(_)) {
                prop_assert_eq!(got, expected, "{:?}", step);
            }
            compare(&mut world, &keys, &mut model)?;
        }
    }

    #[test]
    fn no_request_is_too_strange(
        method in "GET|POST|OPTIONS|HEAD|[A-Z]{0,3}",
        path in "(/rooms(/[A-Z0-9]{8})?(/(public|join|offer|answer|candidate|candidates|close))?)|.{0,30}",
        token in ".{0,50}",
        origin in ".{0,30}",
        body in prop::collection::vec(any::<u8>(), 0..300),
        versioned in any::<bool>(),
    ) {
        let mut world = World::unlimited();
        let mut request = Request::new(method, path).header("X-Access-Token", token).header("Origin", origin).body(body);
        if versioned {
            request = request.header("x-registry-version", " 1 ");
        }
        let response = world.send(&request);
        prop_assert!((200..500).contains(&response.status));
        prop_assert!(response.status == 204 || response.status == 201 || !code(&response).ends_with(' '));
    }
}
