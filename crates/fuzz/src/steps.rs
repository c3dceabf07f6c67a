//! Complete life cycles of a few rooms, with arbitrary actions of peers and outsiders in any order and at any time.

mod call;
mod polls;
mod room;
mod step;

use arbitrary::{Arbitrary, Unstructured};
use registry_core::{Config, Request, Response, Stats, Submitted};

use crate::test_registry::TestRegistry;
use call::{Call, Side};
use polls::{PollTracker, Ticket};
use room::Room;
use step::Step;

/// The maximum number of rooms.
const MAX_ROOMS: usize = 4;
/// Longer than the lifetime of any room, list or window.
const LONG_MS: u64 = 1_000_000;

#[derive(Debug, Arbitrary)]
struct Input {
    limited: bool,
    base: bool,
    max_waiting: u8,
    steps: Vec<Step>,
}

/// The Registry, and what is known about it from its responses.
struct World {
    server: TestRegistry<Ticket>,
    rooms: Vec<Room>,
    polls: PollTracker,
    limited: bool,
    max_waiting: usize,
}

/// Decodes the bytes into a list of steps, applies them, and checks all invariants after each.
pub fn steps(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut world = World::new(&input);
    for step in &input.steps {
        world.step(step);
    }
    world.finish();
}

impl World {
    fn new(input: &Input) -> Self {
        let max_waiting = usize::from(input.max_waiting % 8);
        let config = Config { extended: !input.base, max_rooms: MAX_ROOMS, max_waiting, ..Config::default() };
        let config = if input.limited { config } else { config.unlimited() };
        Self {
            server: TestRegistry::new(config),
            rooms: Vec::new(),
            polls: PollTracker::default(),
            limited: input.limited,
            max_waiting,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Advance(time) => return self.server.now += time.ms(),
            Step::AdvanceToExpiry { room, before } => return self.advance_to_expiry(*room, *before),
            Step::Tick => self.server.registry.tick(self.server.now),
            Step::AnswerAll => self.server.registry.answer_all(self.server.now),
            Step::Cancel(which) => self.cancel(*which),
            Step::Create { client } => self.create(*client),
            Step::Call { room, call } => return self.call(*room, call),
            Step::Burst { room, sender, from, count } => {
                let candidates = (0..count % 64).map(|n| from.wrapping_add(n));
                return candidates.for_each(|n| self.call(*room, &Call::Candidate { sender: *sender, n, key: None }));
            }
        }
        self.take_due();
        self.check(matches!(step, Step::Tick | Step::Create { .. }));
    }

    fn advance_to_expiry(&mut self, room: u8, before: u8) {
        if let Some(index) = usize::from(room).checked_rem(self.rooms.len()) {
            let then = self.rooms[index].expires_at() - u64::from(before) * 1000;
            self.server.now = self.server.now.max(then);
        }
    }

    fn cancel(&mut self, which: u8) {
        if let Some((room, id)) = self.polls.abandon(which) {
            let code = self.rooms[room].code();
            self.server.registry.cancel(self.server.now, &code, id);
            assert_eq!(self.server.registry.deadline(&code, id), None);
        }
    }

    fn create(&mut self, client: u8) {
        let response = self.server.send(&step::create(client));
        self.check_secrets(&response, true);
        assert_eq!(self.server.registry.stats().evicted, 0, "all clients have the same network");
        match response.status {
            201 => self.rooms.push(Room::new(self.rooms.len(), self.server.now, &response)),
            429 => assert!(self.limited),
            503 => assert_eq!(room_count(self.server.registry.stats()), MAX_ROOMS),
            status => panic!("creating a room returned {status}"),
        }
    }

    fn call(&mut self, room: u8, call: &Call) {
        let Some(index) = usize::from(room).checked_rem(self.rooms.len()) else { return };
        let (request, sender) = call.request(&self.rooms, index);
        let next = self.polls.next();
        match self.server.submit(&request, || next) {
            Submitted::Done(outcome) => {
                let response = self.server.response(&request, outcome);
                self.check_secrets(&response, !(call.reads() && response.status == 200));
                let update = self.rooms[index].check_response(self.server.now, call, sender, &response, self.limited);
                self.take_due();
                self.polls.check_notified(index, update);
            }
            Submitted::Pending { room, id } => {
                let until = call.until(self.server.now).expect("only a long poll can be pending");
                assert_eq!(room, self.rooms[index].code());
                let side = sender.expect("only peers can have polls pending");
                let Call::Exchange { posts, .. } = call else { unreachable!("only an exchange can be pending") };
                assert!(!self.rooms[index].is_late(*posts), "a newer attempt is news");
                let update = self.rooms[index].exchanged(self.server.now, side, *posts);
                self.polls.push(index, side, call, id, until, request);
                self.take_due();
                self.polls.check_notified(index, update);
            }
        }
        self.take_due();
        self.check(true);
    }

    fn take_due(&mut self) {
        for (ticket, outcome) in self.server.registry.take_due() {
            let (room, side, call, request) = self.polls.answered(ticket);
            let response = self.server.response(&request, outcome);
            self.check_secrets(&response, response.status != 200);
            self.rooms[room].check_read(self.server.now, &call, side, &response);
        }
    }

    /// Tokens are returned only to their owner; SDPs and candidates only by reads.
    fn check_secrets(&self, response: &Response, private: bool) {
        let text = String::from_utf8_lossy(&response.body);
        for room in &self.rooms {
            room.check_secrets(&text);
        }
        assert!(!private || !text.contains(room::CANARY), "{text}");
    }

    fn check(&self, ticked: bool) {
        let stats = self.server.registry.stats();
        assert!(room_count(stats) <= MAX_ROOMS && stats.waiting <= self.max_waiting);
        let deadline = |ticket: &polls::PendingPoll| {
            let due = self.server.registry.deadline(&self.rooms[ticket.room].code(), ticket.id);
            let expires_at = self.rooms[ticket.room].expires_at();
            assert_eq!(due, Some(ticket.until.min(expires_at)));
            assert!(!ticked || due > Some(self.server.now), "a poll that is due was left pending");
        };
        assert_eq!(stats.waiting, self.polls.check(deadline));
    }

    /// Checks that in the end no poll is pending and no room left.
    fn finish(mut self) {
        self.step(&Step::AnswerAll);
        assert_eq!(self.server.registry.stats().waiting, 0);
        for _ in 0..2 {
            self.server.now += LONG_MS;
            self.server.registry.tick(self.server.now);
        }
        self.take_due();
        let stats = self.server.registry.stats();
        assert_eq!(stats, Stats { created: stats.created, expired: stats.created, ..Stats::default() });
        assert_eq!(stats.created, self.rooms.len() as u64);
        for room in &self.rooms {
            let read = Request::new("GET", room.path("")).header("X-Access-Token", room.token(Side::Host));
            assert_eq!(self.server.send(&read).status, 404);
        }
    }
}

fn room_count(stats: Stats) -> usize {
    stats.open + stats.joined + stats.paired + stats.closed
}
