//! Whole lives of a few rooms: whatever their peers and strangers do, in whatever order and time.

mod room;
mod step;
mod waits;

use arbitrary::{Arbitrary, Unstructured};
use registry::{Config, Request, Response, Stats, Submitted};

use crate::place::Place;
use room::Room;
use step::{Errand, Step};
use waits::{Ticket, Waits};

/// How many rooms there may be at once.
const MAX_ROOMS: usize = 4;
/// More than any room, list or window lives.
const LONG: u64 = 1_000_000;

#[derive(Debug, Arbitrary)]
struct Input {
    limited: bool,
    base: bool,
    max_waiting: u8,
    steps: Vec<Step>,
}

/// The Registry, and what we know of it from its answers.
struct World {
    place: Place<Ticket>,
    rooms: Vec<Room>,
    waits: Waits,
    limited: bool,
    max_waiting: usize,
}

/// Takes the bytes for a list of steps, makes them, and checks after each that all is as it must be.
pub fn steps(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut world = World::new(&input);
    for step in &input.steps {
        world.step(step);
    }
    world.end();
}

impl World {
    fn new(input: &Input) -> Self {
        let max_waiting = usize::from(input.max_waiting % 8);
        let rates = Config::default().rates.filter(|_| input.limited);
        let config = Config { rates, extended: !input.base, max_rooms: MAX_ROOMS, max_waiting, ..Config::default() };
        Self {
            place: Place::new(config),
            rooms: Vec::new(),
            waits: Waits::default(),
            limited: input.limited,
            max_waiting,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Pass(time) => return self.place.now += time.ms(),
            Step::PassToEnd { room, before } => return self.pass_to_end(*room, *before),
            Step::Tick => self.place.registry.tick(self.place.now),
            Step::AnswerAll => self.place.registry.answer_all(self.place.now),
            Step::Cancel(which) => self.cancel(*which),
            Step::Create { client } => self.create(*client),
            Step::Errand { room, errand } => return self.errand(*room, errand),
            Step::Burst { room, who, from, count } => {
                let candidates = (0..count % 64).map(|n| from.wrapping_add(n));
                return candidates.for_each(|n| self.errand(*room, &Errand::Candidate { who: *who, n, key: None }));
            }
        }
        self.take_due();
        self.check(matches!(step, Step::Tick | Step::Create { .. }));
    }

    fn pass_to_end(&mut self, room: u8, before: u8) {
        if let Some(index) = usize::from(room).checked_rem(self.rooms.len()) {
            let then = self.rooms[index].ends() - u64::from(before) * 1000;
            self.place.now = self.place.now.max(then);
        }
    }

    fn cancel(&mut self, which: u8) {
        if let Some((room, id)) = self.waits.give_up(which) {
            let code = self.rooms[room].code();
            self.place.registry.cancel(self.place.now, &code, id);
            assert_eq!(self.place.registry.due_by(&code, id), None);
        }
    }

    fn create(&mut self, client: u8) {
        let response = self.place.ask(&step::create(client));
        self.check_secrets(&response, true);
        match response.status {
            201 => self.rooms.push(Room::new(self.rooms.len(), self.place.now, &response)),
            429 => assert!(self.limited),
            503 => assert_eq!(held(self.place.registry.stats()), MAX_ROOMS),
            status => panic!("a good request to make a room answered with {status}"),
        }
    }

    fn errand(&mut self, room: u8, errand: &Errand) {
        let Some(index) = usize::from(room).checked_rem(self.rooms.len()) else { return };
        let (request, sender) = errand.request(&self.rooms, index);
        let next = self.waits.next();
        match self.place.submit(&request, || next) {
            Submitted::Done(outcome) => {
                let response = self.place.dress(&request, outcome);
                self.check_secrets(&response, !(errand.reads() && response.status == 200));
                let news = self.rooms[index].answered(self.place.now, errand, sender, &response, self.limited);
                self.take_due();
                self.waits.told(index, news);
            }
            Submitted::Waits { room, id } => {
                let until = errand.until(self.place.now).expect("only what asks to waits");
                assert_eq!(room, self.rooms[index].code());
                let side = sender.expect("strangers do not wait");
                self.waits.push(index, side, errand, id, until, request);
            }
        }
        self.take_due();
        self.check(true);
    }

    fn take_due(&mut self) {
        for (ticket, outcome) in self.place.registry.take_due() {
            let (room, side, errand, request) = self.waits.answered(ticket);
            let response = self.place.dress(&request, outcome);
            self.check_secrets(&response, response.status != 200);
            self.rooms[room].shown(self.place.now, &errand, side, &response);
        }
    }

    /// Tokens are told once, to whom they are for; SDPs and candidates in readings only.
    fn check_secrets(&self, response: &Response, private: bool) {
        let said = String::from_utf8_lossy(&response.body);
        for room in &self.rooms {
            room.check_secrets(&said);
        }
        assert!(!private || !said.contains(room::MARK), "{said}");
    }

    fn check(&self, ticked: bool) {
        let stats = self.place.registry.stats();
        assert!(held(stats) <= MAX_ROOMS && stats.waiting <= self.max_waiting);
        let due_by = |ticket: &waits::Wait| {
            let due = self.place.registry.due_by(&self.rooms[ticket.room].code(), ticket.id);
            let ends = self.rooms[ticket.room].ends();
            assert_eq!(due, Some(ticket.until.min(ends)));
            assert!(!ticked || due > Some(self.place.now), "left waiting");
        };
        assert_eq!(stats.waiting, self.waits.check(due_by));
    }

    /// Nobody is left waiting, and in the end there is nothing left at all.
    fn end(mut self) {
        self.step(&Step::AnswerAll);
        assert_eq!(self.place.registry.stats().waiting, 0);
        for _ in 0..2 {
            self.place.now += LONG;
            self.place.registry.tick(self.place.now);
        }
        self.take_due();
        let stats = self.place.registry.stats();
        assert_eq!(stats, Stats { created: stats.created, expired: stats.created, ..Stats::default() });
        assert_eq!(stats.created, self.rooms.len() as u64);
        for room in &self.rooms {
            let read = Request::new("GET", room.path("")).header("X-Access-Token", room.token(room::Side::Host));
            assert_eq!(self.place.ask(&read).status, 404);
        }
    }
}

fn held(stats: Stats) -> usize {
    stats.open + stats.joined + stats.paired + stats.closed
}
