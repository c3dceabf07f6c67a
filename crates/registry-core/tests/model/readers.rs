//! Peers that follow a room by long poll see exactly what happens in it: no change is lost, and no candidate is lost or
//! delivered twice, even if responses are lost.

use proptest::prelude::*;
use registry_core::{Config, Request, Response, Submitted};
use serde_json::{Value, json};

use crate::machine::{Model, Step, Who, perform, steps};
use crate::world::{Keys, World, body, candidate};

/// The long-poll timeout of the readers.
const POLL_MS: u64 = 20_000;

#[derive(Clone, Copy, Debug)]
enum Event {
    Step(Step),
    /// A reader polls, unless its last poll is still pending.
    Poll(usize),
    /// The next response to a reader is lost.
    Lose(usize),
}

/// Room steps interleaved with actions of the readers.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let peer = 0..2_usize;
    let reads = prop_oneof![6 => peer.clone().prop_map(Event::Poll), 1 => peer.prop_map(Event::Lose)];
    let reads = prop::collection::vec(prop::collection::vec(reads, 0..3), 1..120);
    (steps(), reads).prop_map(|(steps, reads)| {
        let reads = reads.into_iter().cycle();
        let both = steps.into_iter().zip(reads);
        both.flat_map(|(step, reads)| std::iter::once(Event::Step(step)).chain(reads)).collect()
    })
}

/// A room's status, its expiry, whether there is an offer, and whether there is an answer.
type View = (String, Option<u64>, bool, bool);

/// A peer (host or guest), with what it last saw and what it has yet to see.
#[derive(Default)]
struct Reader {
    cursor: Option<u64>,
    seen: View,
    /// The pending long poll, and when it times out.
    pending_poll: Option<(Request, u64)>,
    loses_next: bool,
    /// Live candidates of the other peer that it has not seen.
    unseen: Vec<usize>,
}

/// The room, the model, and both peers. A peer's index is the ticket of its long polls.
struct Pair {
    world: World<usize>,
    keys: Keys,
    model: Model,
    readers: [Reader; 2],
}

impl Pair {
    fn new() -> Self {
        let mut world = World::with_tickets(Config { rates: None, ..Config::default() });
        let keys = world.create();
        Self { model: Model::new(world.now), world, keys, readers: Default::default() }
    }

    fn apply(&mut self, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::Step(step) => self.step(step)?,
            Event::Poll(peer) => self.poll(peer)?,
            Event::Lose(peer) => self.readers[peer].loses_next = true,
        }
        self.deliver()
    }

    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        self.world.now = self.model.after(self.world.now, step);
        self.world.registry.tick(self.world.now);
        self.deliver()?;
        let now = self.world.now;
        let added = match step {
            Step::Candidate(who, n) if who != Who::Nobody => {
                (!self.model.list(now, who).0.contains(&n)).then_some((who, n))
            }
            _ => None,
        };
        let expected = self.model.step(now, step);
        prop_assert_eq!(perform(&mut self.world, &mut self.keys, step), expected);
        if let Some((who, n)) = added.filter(|_| expected == "204") {
            self.readers[usize::from(who == Who::Host)].unseen.push(n);
        }
        Ok(())
    }

    /// Polls for changes since the last response, unless a poll is already pending.
    fn poll(&mut self, peer: usize) -> Result<(), TestCaseError> {
        let token = [&self.keys.host, &self.keys.guest][peer].clone();
        let Reader { cursor, pending_poll: None, .. } = &self.readers[peer] else { return Ok(()) };
        if token.is_empty() {
            return Ok(());
        }
        let since = cursor.map_or(String::new(), |cursor| format!(";since={cursor}"));
        let request = Request::new("GET", self.keys.path("?wait=20"))
            .header("X-Access-Token", token)
            .header("X-Registry-Version", format!("1{since}"));
        match self.world.submit(&request, || peer) {
            Submitted::Done(outcome) => {
                let response = self.world.registry.response(&request, outcome);
                self.show(peer, &response)
            }
            Submitted::Pending { .. } => {
                self.expire();
                prop_assert!(self.readers[peer].unseen.is_empty(), "pending although there is an update");
                self.readers[peer].pending_poll = Some((request, self.world.now + POLL_MS));
                Ok(())
            }
        }
    }

    /// Delivers the long polls that are due, and checks that no reader with an update is left waiting.
    fn deliver(&mut self) -> Result<(), TestCaseError> {
        for (peer, outcome) in self.world.registry.take_due() {
            let (request, _) = self.readers[peer].pending_poll.take().expect("an answer to a pending poll");
            let response = self.world.registry.response(&request, outcome);
            self.show(peer, &response)?;
        }
        self.expire();
        for reader in &self.readers {
            let Some((_, until)) = reader.pending_poll else { continue };
            prop_assert!(until > self.world.now && !self.model.has_ended(self.world.now));
            prop_assert!(reader.unseen.is_empty());
            prop_assert_eq!(&reader.seen, &self.view());
        }
        Ok(())
    }

    /// Candidates of an expired list are not delivered any more.
    fn expire(&mut self) {
        for (reader, other) in self.readers.iter_mut().zip([Who::Guest, Who::Host]) {
            if self.model.list(self.world.now, other).0.is_empty() {
                reader.unseen.clear();
            }
        }
    }

    /// Checks that a response contains exactly what is new. If the response is then lost, the reader has not seen it.
    fn show(&mut self, peer: usize, response: &Response) -> Result<(), TestCaseError> {
        self.expire();
        prop_assert_eq!(response.status == 404, self.model.has_ended(self.world.now));
        if response.status == 404 {
            return Ok(());
        }
        let (shown, reader) = (body(response), &self.readers[peer]);
        let status = shown["status"].as_str().unwrap_or_default().to_owned();
        let seen = (status, shown["expiresAt"].as_u64(), shown["offer"].is_object(), shown["answer"].is_object());
        prop_assert_eq!(&seen, &self.view());
        let unseen: Vec<Value> = reader.unseen.iter().map(|n| candidate(*n)).collect();
        prop_assert_eq!(&shown["candidates"]["items"], &json!(unseen));
        let version = shown["version"].as_u64();
        prop_assert!(version.is_some() && version >= reader.cursor);
        let reader = &mut self.readers[peer];
        if !std::mem::take(&mut reader.loses_next) {
            *reader = Reader { cursor: version, seen, ..Reader::default() };
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
    fn a_reader_sees_exactly_what_happens_in_a_room(events in events()) {
        let mut pair = Pair::new();
        for event in events {
            pair.apply(event)?;
        }
    }
}
