//! The model, and the steps that are applied to both it and a real room.
//! tidy: long because each step is in the model and in the room

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{Keys, World, candidate, code, description};

/// A step in the life of a room.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Wait(u64),
    /// Until this many milliseconds before the room expires.
    WaitForEnd(u64),
    Join {
        right: bool,
    },
    Offer(Who),
    Answer(Who),
    Candidate(Who, usize),
    Exchange(Who, Batch),
    Look(Who),
    Close(Who),
}

/// What an exchange posts.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    attempt: u64,
    description: Option<usize>,
    /// The first candidate, and how many.
    candidates: (usize, usize),
    /// Whether one more candidate is malformed.
    bad: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Host,
    Guest,
    Nobody,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Host), 4 => Just(Who::Guest), 1 => Just(Who::Nobody)]
}

fn batch() -> impl Strategy<Value = Batch> {
    let description = prop::option::of(prop::sample::select(vec![0, 0, 0, 1]));
    let candidates = prop_oneof![4 => (0..60_usize, 0..6_usize), 1 => (0..20_usize, 0..45_usize)];
    let bad = prop::bool::weighted(0.1);
    let attempt = prop::sample::select(vec![0, 0, 0, 1, 1, 2]);
    let all = (attempt, description, candidates, bad);
    all.prop_map(|(attempt, description, candidates, bad)| Batch { attempt, description, candidates, bad })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..400_000_u64).prop_map(Step::Wait),
        1 => (0..25_000_u64).prop_map(Step::WaitForEnd),
        3 => any::<bool>().prop_map(|right| Step::Join { right }),
        4 => who().prop_map(Step::Offer),
        3 => who().prop_map(Step::Answer),
        9 => (who(), 0..60_usize).prop_map(|(who, n)| Step::Candidate(who, n)),
        8 => (who(), batch()).prop_map(|(who, batch)| Step::Exchange(who, batch)),
        4 => who().prop_map(Step::Look),
        1 => who().prop_map(Step::Close),
    ]
}

/// Many candidates in a row; otherwise a peer would hardly ever reach its limit.
fn burst() -> impl Strategy<Value = Vec<Step>> {
    (who(), 0..30_usize, 0..50_usize).prop_map(|(who, from, count)| {
        let candidates = from..from + count;
        candidates.map(|n| Step::Candidate(who, n)).collect()
    })
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let some = prop_oneof![30 => step().prop_map(|step| vec![step]), 1 => burst()];
    prop::collection::vec(some, 1..120).prop_map(|some| some.concat())
}

/// The expected state of the room.
pub struct Model {
    pub state: &'static str,
    pub ends: u64,
    pub attempt: u64,
    /// The numbers of the descriptions.
    pub offer: Option<usize>,
    pub answer: Option<usize>,
    /// How many changes host and guest have made.
    pub changes: [usize; 2],
    /// What host and guest posted, and when those lists expire.
    pub candidates: [(Vec<usize>, u64); 2],
    /// How many wrong join codes were tried, all by the same client, and until when it may not try another.
    pub wrong_joins: u32,
    pub locked_until: u64,
}

impl Model {
    /// A room created at `now`.
    pub fn new(now: u64) -> Self {
        let none = || (Vec::new(), 0);
        Self {
            state: "open",
            ends: now + 180_000,
            attempt: 0,
            offer: None,
            answer: None,
            changes: [0; 2],
            candidates: [none(), none()],
            wrong_joins: 0,
            locked_until: 0,
        }
    }

    /// The time after a step that started at `now`.
    pub fn after(&self, now: u64, step: Step) -> u64 {
        match step {
            Step::Wait(ms) => now + ms / 8,
            Step::WaitForEnd(ms) => now.max(self.ends - ms),
            _ => now,
        }
    }

    pub fn has_ended(&self, now: u64) -> bool {
        self.state == "closed" || now >= self.ends
    }

    /// Applies `step` and returns the expected status and error code.
    pub fn step(&mut self, now: u64, step: Step) -> &'static str {
        match step {
            Step::Wait(_) | Step::WaitForEnd(_) => "",
            _ if self.has_ended(now) => "404 not_found",
            Step::Join { .. } if self.state != "open" => "409 not_open",
            Step::Join { .. } if now < self.locked_until => "429 rate_limited",
            Step::Join { right: false } => {
                self.wrong_joins += 1;
                if let Some(beyond) = self.wrong_joins.checked_sub(5) {
                    self.locked_until = now + (20_000 << beyond);
                }
                "403 bad_join_code"
            }
            Step::Join { right: true } => self.enter(now, Who::Guest, "joined", "200"),
            Step::Offer(who) if !self.is(who, Who::Host) => "403 forbidden",
            Step::Offer(_) if self.state == "paired" => "409 already_paired",
            Step::Offer(_) => {
                self.offer = Some(0);
                self.enter(now, Who::Host, self.state, "204")
            }
            Step::Answer(who) if !self.is(who, Who::Guest) => "403 forbidden",
            Step::Answer(_) if self.state == "paired" => "409 already_paired",
            Step::Answer(_) if self.offer.is_none() => "409 no_offer",
            Step::Answer(_) => {
                self.answer = Some(0);
                self.enter(now, Who::Guest, "paired", "204")
            }
            Step::Candidate(who, _) | Step::Look(who) | Step::Exchange(who, _) if !self.is(who, who) => "403 forbidden",
            Step::Candidate(who, n) => self.candidates(now, who, [n], "204"),
            Step::Exchange(who, batch) => self.exchange(now, who, batch),
            Step::Look(_) => "200",
            Step::Close(who) if !self.is(who, Who::Host) => "403 forbidden",
            Step::Close(_) => self.enter(now, Who::Host, "closed", "204"),
        }
    }

    fn is(&self, who: Who, expected: Who) -> bool {
        who == expected && (who == Who::Host || (who == Who::Guest && self.state != "open"))
    }

    fn enter(&mut self, now: u64, by: Who, state: &'static str, answer: &'static str) -> &'static str {
        self.changes[usize::from(by == Who::Guest)] += 1;
        self.state = state;
        self.ends = now + self.life();
        answer
    }

    fn life(&self) -> u64 {
        match self.state {
            "open" => 180_000,
            "joined" => 300_000,
            "paired" => 600_000,
            _ => 15_000,
        }
    }

    pub fn list(&mut self, now: u64, who: Who) -> &mut (Vec<usize>, u64) {
        let list = &mut self.candidates[usize::from(who == Who::Guest)];
        if now >= list.1 {
            list.0.clear();
        }
        list
    }

    fn candidates(
        &mut self,
        now: u64,
        who: Who,
        posted: impl IntoIterator<Item = usize>,
        answer: &'static str,
    ) -> &'static str {
        let list = self.list(now, who);
        let new: Vec<_> = posted.into_iter().filter(|n| !list.0.contains(n)).collect();
        if new.is_empty() {
            return answer;
        }
        if list.0.len() + new.len() > 40 {
            return "409 too_many_candidates";
        }
        list.0.extend(new);
        list.1 = now + 300_000;
        self.changes[usize::from(who == Who::Guest)] += 1;
        answer
    }

    fn exchange(&mut self, now: u64, who: Who, batch: Batch) -> &'static str {
        let offers = who == Who::Host && batch.description.is_some();
        let posts = batch.description.is_some() || batch.candidates.1 > 0;
        let begins = posts && batch.attempt > self.attempt;
        let known = if who == Who::Host { self.offer } else { self.answer };
        let description = batch.description.filter(|n| begins || known != Some(*n));
        match description {
            _ if batch.bad => return "400 bad_candidate",
            _ if posts && batch.attempt < self.attempt => {
                self.renew(now);
                return "200";
            }
            _ if begins && !offers => return "409 no_offer",
            _ if begins && batch.candidates.1 > 40 => return "409 too_many_candidates",
            _ if begins => self.begin(batch.attempt),
            Some(_) if self.state == "paired" => return "409 already_paired",
            Some(_) if who == Who::Guest && self.offer.is_none() => return "409 no_offer",
            _ => {}
        }
        let answer = self.candidates(now, who, batch.numbers(), "200");
        if answer != "200" {
            return answer;
        }
        match description {
            Some(n) if who == Who::Host => {
                self.offer = Some(n);
                self.enter(now, who, self.state, answer);
            }
            Some(n) => {
                self.answer = Some(n);
                self.enter(now, who, "paired", answer);
            }
            None => {}
        }
        self.renew(now);
        answer
    }

    /// A peer asks, which keeps a room alive in which the peers have met.
    pub fn renew(&mut self, now: u64) {
        let have_met = self.state == "paired" || self.state == "joined" && self.attempt > 0;
        if !self.has_ended(now) && have_met && self.ends - now < self.life() / 2 {
            self.ends = now + self.life();
        }
    }

    fn begin(&mut self, attempt: u64) {
        self.attempt = attempt;
        self.answer = None;
        if self.state == "paired" {
            self.state = "joined";
        }
        self.candidates.iter_mut().for_each(|list| list.0.clear());
    }
}

impl Batch {
    fn numbers(&self) -> std::ops::Range<usize> {
        self.candidates.0..self.candidates.0 + self.candidates.1
    }

    /// The body of an exchange by this peer.
    fn body(&self, code: &str, who: Who) -> Value {
        let mut candidates: Vec<_> = self.numbers().map(candidate).collect();
        candidates.extend(self.bad.then(|| json!({"candidate": ""})));
        let mut body = json!({"room": code, "attempt": self.attempt, "candidates": candidates});
        if let Some(n) = self.description {
            body["description"] = numbered(if who == Who::Host { "offer" } else { "answer" }, n);
        }
        body
    }
}

/// The description with this number.
pub fn numbered(kind: &str, n: usize) -> Value {
    let mut numbered = description(kind);
    numbered["sdp"] = format!("{}a={n}\r\n", numbered["sdp"].as_str().unwrap()).into();
    numbered
}

/// Applies the step to the real room and returns status and error code.
pub fn perform<T>(world: &mut World<T>, keys: &mut Keys, step: Step) -> String {
    let token = |who| match who {
        Who::Host => keys.host.clone(),
        Who::Guest if !keys.guest.is_empty() => keys.guest.clone(),
        // One that could be valid.
        _ => "n".repeat(43),
    };
    let response = match step {
        Step::Wait(_) | Step::WaitForEnd(_) => return String::new(),
        Step::Join { right } => {
            let wrong = if keys.join_code == "111111" { "222222" } else { "111111" };
            world.try_join(keys, if right { &keys.join_code } else { wrong })
        }
        Step::Offer(who) => world.post(&keys.path("/offer"), &token(who), &numbered("offer", 0)),
        Step::Answer(who) => world.post(&keys.path("/answer"), &token(who), &numbered("answer", 0)),
        Step::Candidate(who, n) => world.post(&keys.path("/candidate"), &token(who), &candidate(n)),
        Step::Exchange(who, batch) => world.post("/exchange", &token(who), &batch.body(&keys.code, who)),
        Step::Look(who) => world.get(&keys.path(""), &token(who)),
        Step::Close(who) => world.post(&keys.path("/close"), &token(who), &json!({})),
    };
    if let Some(token) = crate::world::body(&response)["guestToken"].as_str() {
        keys.guest = token.to_owned();
    }
    code(&response)
}
