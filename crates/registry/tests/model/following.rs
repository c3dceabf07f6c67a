//! Peers that follow a room with waiting requests: what they are shown over time is what happened. No change is lost, and
//! no candidate is lost or shown twice, even if answers are.

use proptest::prelude::*;
use registry::{Config, Request, Response, Submitted};
use serde_json::{Value, json};

use crate::machine::{Model, Step, Who, make, steps};
use crate::world::{Keys, World, body, candidate};

/// How long a request of theirs waits.
const WAIT_MS: u64 = 20_000;

#[derive(Clone, Copy, Debug)]
enum Act {
    Do(Step),
    /// A follower goes on, unless it waits.
    Ask(usize),
    /// The next answer to a follower does not arrive.
    Lose(usize),
}

/// What happens, with what the followers do in between.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let peer = 0..2_usize;
    let follow = prop_oneof![6 => peer.clone().prop_map(Act::Ask), 1 => peer.prop_map(Act::Lose)];
    let follow = prop::collection::vec(prop::collection::vec(follow, 0..3), 1..120);
    (steps(), follow).prop_map(|(steps, follow)| {
        let follow = follow.into_iter().cycle();
        let both = steps.into_iter().zip(follow);
        both.flat_map(|(step, follow)| std::iter::once(Act::Do(step)).chain(follow)).collect()
    })
}

/// A room's state, its end, whether there is an offer, and whether there is an answer.
type View = (String, Option<u64>, bool, bool);

/// A peer, host or guest, with what it was shown last and what it has yet to be shown.
#[derive(Default)]
struct Follower {
    cursor: Option<u64>,
    seen: View,
    /// The request that waits, and until when.
    waits: Option<(Request, u64)>,
    loses: bool,
    /// The candidates of the other side that it was not shown, and that are still there.
    pending: Vec<usize>,
}

/// The room, the model, and both peers, whose indices are the tickets of their requests.
struct Pair {
    world: World<usize>,
    keys: Keys,
    model: Model,
    followers: [Follower; 2],
}

impl Pair {
    fn new() -> Self {
        let mut world = World::with_tickets(Config { rates: None, ..Config::default() });
        let keys = world.create();
        Self { model: Model::new(world.now), world, keys, followers: Default::default() }
    }

    fn act(&mut self, act: Act) -> Result<(), TestCaseError> {
        match act {
            Act::Do(step) => self.step(step)?,
            Act::Ask(peer) => self.ask(peer)?,
            Act::Lose(peer) => self.followers[peer].loses = true,
        }
        self.deliver()
    }

    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        self.world.now = self.model.after(self.world.now, step);
        self.world.registry.tick(self.world.now);
        self.deliver()?;
        let now = self.world.now;
        let news = match step {
            Step::Candidate(who, n) if who != Who::Nobody => {
                (!self.model.list(now, who).0.contains(&n)).then_some((who, n))
            }
            _ => None,
        };
        let expected = self.model.step(now, step);
        prop_assert_eq!(make(&mut self.world, &mut self.keys, step), expected);
        if let Some((who, n)) = news.filter(|_| expected == "204") {
            self.followers[usize::from(who == Who::Host)].pending.push(n);
        }
        Ok(())
    }

    /// Whoever does not wait asks for what is new since it was shown something.
    fn ask(&mut self, peer: usize) -> Result<(), TestCaseError> {
        let token = [&self.keys.host, &self.keys.guest][peer].clone();
        let Follower { cursor, waits: None, .. } = &self.followers[peer] else { return Ok(()) };
        if token.is_empty() {
            return Ok(());
        }
        let since = cursor.map_or(String::new(), |cursor| format!(";since={cursor}"));
        let request = Request::new("GET", self.keys.path("?wait=20"))
            .header("X-Access-Token", token)
            .header("X-Registry-Version", format!("1{since}"));
        match self.world.submit(&request, || peer) {
            Submitted::Done(outcome) => {
                let response = self.world.registry.dress(&request, outcome);
                self.show(peer, &response)
            }
            Submitted::Waits { .. } => {
                self.expire();
                prop_assert!(self.followers[peer].pending.is_empty(), "it waits though there is news");
                self.followers[peer].waits = Some((request, self.world.now + WAIT_MS));
                Ok(())
            }
        }
    }

    /// Hands over the answers that are due, and sees to it that nobody waits who has something to be told.
    fn deliver(&mut self) -> Result<(), TestCaseError> {
        for (peer, outcome) in self.world.registry.take_due() {
            let (request, _) = self.followers[peer].waits.take().expect("an answer to a request that waits");
            let response = self.world.registry.dress(&request, outcome);
            self.show(peer, &response)?;
        }
        self.expire();
        for follower in &self.followers {
            let Some((_, until)) = follower.waits else { continue };
            prop_assert!(until > self.world.now && !self.model.is_over(self.world.now));
            prop_assert!(follower.pending.is_empty());
            prop_assert_eq!(&follower.seen, &self.view());
        }
        Ok(())
    }

    /// What a list held when it expired nobody is shown any more.
    fn expire(&mut self) {
        for (follower, other) in self.followers.iter_mut().zip([Who::Guest, Who::Host]) {
            if self.model.list(self.world.now, other).0.is_empty() {
                follower.pending.clear();
            }
        }
    }

    /// An answer is all that is new, and nothing else; one that is lost is as good as none.
    fn show(&mut self, peer: usize, response: &Response) -> Result<(), TestCaseError> {
        self.expire();
        prop_assert_eq!(response.status == 404, self.model.is_over(self.world.now));
        if response.status == 404 {
            return Ok(());
        }
        let (shown, follower) = (body(response), &self.followers[peer]);
        let status = shown["status"].as_str().unwrap_or_default().to_owned();
        let seen = (status, shown["expiresAt"].as_u64(), shown["offer"].is_object(), shown["answer"].is_object());
        prop_assert_eq!(&seen, &self.view());
        let pending: Vec<Value> = follower.pending.iter().map(|n| candidate(*n)).collect();
        prop_assert_eq!(&shown["candidates"]["items"], &json!(pending));
        let version = shown["version"].as_u64();
        prop_assert!(version.is_some() && version >= follower.cursor);
        let follower = &mut self.followers[peer];
        if !std::mem::take(&mut follower.loses) {
            *follower = Follower { cursor: version, seen, ..Follower::default() };
        }
        Ok(())
    }

    fn view(&self) -> View {
        let Model { state, ends, offer, .. } = &self.model;
        ((*state).to_owned(), Some(*ends), *offer, *state == "paired")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_follows_a_room_is_shown_what_happens_in_it(acts in acts()) {
        let mut pair = Pair::new();
        for act in acts {
            pair.act(act)?;
        }
    }
}
