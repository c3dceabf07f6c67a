//! Peers that follow a room by exchange see exactly what happens in it: no change is lost, no candidate is lost or
//! delivered twice, even if responses are lost, and nobody is told what it has done itself.

use proptest::prelude::*;
use registry_core::{Config, Request, Response, Submitted};
use serde_json::{Value, json};

use crate::machine::{Model, Step, Who, numbered, perform, steps};
use crate::world::{Keys, World, body, candidate, post};

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

/// A peer (host or guest), with the version that it has and what is news to it.
#[derive(Default)]
struct Reader {
    cursor: Option<u64>,
    /// Whether the other peer has changed anything since then.
    news: bool,
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
        let mut world = World::with_tickets(Config::default().unlimited());
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
        let mut before = [Who::Host, Who::Guest].map(|who| self.model.list(now, who).0.len());
        let (attempt, changes) = (self.model.attempt, self.model.changes);
        let expected = self.model.step(now, step);
        prop_assert_eq!(perform(&mut self.world, &mut self.keys, step), expected);
        if self.model.attempt != attempt {
            // The candidates of the last attempt are gone.
            before = [0; 2];
            self.readers.iter_mut().for_each(|reader| reader.unseen.clear());
        }
        for (peer, other, who) in [(0, 1, Who::Guest), (1, 0, Who::Host)] {
            let added = self.model.list(now, who).0[before[other]..].to_vec();
            let reader = &mut self.readers[peer];
            reader.unseen.extend(added);
            reader.news |= self.model.changes[other] > changes[other];
        }
        Ok(())
    }

    /// Waits for news since the last response, unless it does so already.
    fn poll(&mut self, peer: usize) -> Result<(), TestCaseError> {
        let token = [&self.keys.host, &self.keys.guest][peer].clone();
        let Reader { cursor, pending_poll: None, news, .. } = self.readers[peer] else { return Ok(()) };
        if token.is_empty() {
            return Ok(());
        }
        let request = post("/exchange", &token, &json!({"room": self.keys.code, "since": cursor, "wait": 20}));
        self.model.renew(self.world.now);
        match self.world.submit(&request, || peer) {
            Submitted::Done(outcome) => {
                prop_assert!(news || cursor.is_none() || self.model.has_ended(self.world.now), "no news");
                let response = self.world.registry.response(&request, outcome);
                self.show(peer, &response)
            }
            Submitted::Pending { .. } => {
                prop_assert!(!news, "pending although there is news");
                self.readers[peer].pending_poll = Some((request, self.world.now + POLL_MS));
                Ok(())
            }
        }
    }

    /// Delivers the long polls that are due, and checks that no reader is left waiting though there is news for it.
    fn deliver(&mut self) -> Result<(), TestCaseError> {
        for (peer, outcome) in self.world.registry.take_due() {
            let (request, until) = self.readers[peer].pending_poll.take().expect("an answer to a pending poll");
            let due = until <= self.world.now || self.model.has_ended(self.world.now);
            prop_assert!(due || self.readers[peer].news, "answered without news");
            let response = self.world.registry.response(&request, outcome);
            self.show(peer, &response)?;
        }
        self.expire();
        for reader in &self.readers {
            let Some((_, until)) = reader.pending_poll else { continue };
            prop_assert!(until > self.world.now && !self.model.has_ended(self.world.now));
            prop_assert!(!reader.news && reader.unseen.is_empty());
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
        let (shown, reader, model) = (body(response), &self.readers[peer], &self.model);
        prop_assert_eq!(&shown["status"], model.state);
        prop_assert_eq!(shown["expiresAt"].as_u64(), Some(model.ends));
        prop_assert_eq!(&shown["offer"], &json!(model.offer.map(|n| numbered("offer", n))));
        prop_assert_eq!(&shown["answer"], &json!(model.answer.map(|n| numbered("answer", n))));
        let unseen: Vec<Value> = reader.unseen.iter().map(|n| candidate(*n)).collect();
        prop_assert_eq!(&shown["candidates"]["items"], &json!(unseen));
        let version = shown["version"].as_u64();
        prop_assert_eq!(version > reader.cursor, reader.news || reader.cursor.is_none());
        prop_assert!(version >= reader.cursor);
        let reader = &mut self.readers[peer];
        if !std::mem::take(&mut reader.loses_next) {
            *reader = Reader { cursor: version, ..Reader::default() };
        }
        Ok(())
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
