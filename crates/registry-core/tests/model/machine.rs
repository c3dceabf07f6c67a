//! The model, and the steps that are applied to both it and a real room.

use proptest::prelude::*;
use serde_json::json;

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
    Look(Who),
    Close(Who),
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

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..400_000_u64).prop_map(Step::Wait),
        1 => (0..25_000_u64).prop_map(Step::WaitForEnd),
        3 => any::<bool>().prop_map(|right| Step::Join { right }),
        4 => who().prop_map(Step::Offer),
        3 => who().prop_map(Step::Answer),
        9 => (who(), 0..60_usize).prop_map(|(who, n)| Step::Candidate(who, n)),
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
    pub offer: bool,
    /// What host and guest posted, and when those lists expire.
    pub candidates: [(Vec<usize>, u64); 2],
}

impl Model {
    /// A room created at `now`.
    pub fn new(now: u64) -> Self {
        let none = || (Vec::new(), 0);
        Self { state: "open", ends: now + 180_000, offer: false, candidates: [none(), none()] }
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

    pub fn list(&mut self, now: u64, who: Who) -> &mut (Vec<usize>, u64) {
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

/// Applies the step to the real room and returns status and error code.
pub fn perform<T>(world: &mut World<T>, keys: &mut Keys, step: Step) -> String {
    let token = |who| match who {
        Who::Host => keys.host.clone(),
        Who::Guest if !keys.guest.is_empty() => keys.guest.clone(),
        _ => "nobody".to_owned(),
    };
    let response = match step {
        Step::Wait(_) | Step::WaitForEnd(_) => return String::new(),
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
    if let Some(token) = crate::world::body(&response)["guestToken"].as_str() {
        keys.guest = token.to_owned();
    }
    code(&response)
}
