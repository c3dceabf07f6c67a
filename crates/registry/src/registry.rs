use registry_protocol::{RoomCode, RoomStatus, UserName};

use crate::clients::Clients;
use crate::rooms::Rooms;
use crate::waiting::{Due, WaitId};
use crate::{Call, Config, Context, Random, Refusal, Reply, Request, Response, Room, Step};

/// A Registry with all its rooms in memory. A request that waits for news is kept with a ticket `T`.
#[derive(Debug)]
pub struct Registry<T = ()> {
    config: Config,
    rooms: Rooms<T>,
    clients: Clients,
    created: u64,
    expired: u64,
    waits: u64,
}

/// What comes of a request.
#[derive(Debug)]
pub enum Submitted {
    /// The outcome.
    Done(Result<Reply, Refusal>),
    /// There is no news yet. The outcome comes from [`Registry::take_due`], unless the request is
    /// [cancelled](Registry::cancel).
    Waits {
        /// The room.
        room: RoomCode,
        /// The request.
        id: WaitId,
    },
}

/// What a Registry holds and has done, for a host's metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Rooms that are open now.
    pub open: usize,
    /// Rooms that are joined now.
    pub joined: usize,
    /// Rooms that are paired now.
    pub paired: usize,
    /// Rooms that are closed and not yet forgotten.
    pub closed: usize,
    /// Rooms made since the start.
    pub created: u64,
    /// Rooms forgotten since the start, closed or not.
    pub expired: u64,
    /// Clients remembered for their limits.
    pub clients: usize,
    /// Requests that wait for news.
    pub waiting: usize,
}

impl Registry {
    /// Answers a request that arrives at `now`, in milliseconds since the epoch, and never waits: for a host without
    /// waiting requests. One that would wait is answered as if its time were up.
    pub fn handle(&mut self, now: u64, random: &mut dyn Random, request: &Request) -> Response {
        let outcome = match self.submit(now, random, request, || ()) {
            Submitted::Done(outcome) => outcome,
            Submitted::Waits { .. } => {
                self.answer_all(now);
                self.take_due().pop().map_or(Err(Refusal::Internal), |((), outcome)| outcome)
            }
        };
        self.dress(request, outcome)
    }
}

impl<T> Registry<T> {
    /// A Registry without rooms.
    pub fn new(config: Config) -> Self {
        Self { config, rooms: Rooms::default(), clients: Clients::default(), created: 0, expired: 0, waits: 0 }
    }

    /// Takes a request that arrives at `now`, in milliseconds since the epoch. `ticket` is asked for if it waits.
    /// A request may make answers of others due: see [`take_due`](Self::take_due).
    pub fn submit(
        &mut self,
        now: u64,
        random: &mut dyn Random,
        request: &Request,
        ticket: impl FnOnce() -> T,
    ) -> Submitted {
        self.tick(now);
        if request.method == "OPTIONS" {
            return Submitted::Done(Ok(Reply::NO_CONTENT));
        }
        self.outcome(now, random, request, ticket).unwrap_or_else(|refusal| Submitted::Done(Err(refusal)))
    }

    /// The response to a request with this outcome.
    pub fn dress(&self, request: &Request, outcome: Result<Reply, Refusal>) -> Response {
        Response::new(request, &self.config.allowed_origins, outcome)
    }

    /// Takes out the waiting requests whose answers are due. To be called after [`submit`](Self::submit),
    /// [`tick`](Self::tick) and [`answer_all`](Self::answer_all).
    pub fn take_due(&mut self) -> Vec<Due<T>> {
        self.rooms.take_due()
    }

    /// When to call [`tick`](Self::tick) at the latest for the sake of a waiting request, in milliseconds since the
    /// epoch; `None` when it waits no more.
    pub fn due_by(&self, room: &RoomCode, id: WaitId) -> Option<u64> {
        self.rooms.due_by(room, id)
    }

    /// Drops a waiting request whose client has gone away.
    pub fn cancel(&mut self, now: u64, room: &RoomCode, id: WaitId) {
        self.rooms.cancel(now, room, id);
    }

    /// Makes the answers of all waiting requests due, news or not: for a host that stops.
    pub fn answer_all(&mut self, now: u64) {
        self.rooms.answer_all(now);
    }

    /// Forgets what is over, and makes the answers of requests that have waited long enough due.
    pub fn tick(&mut self, now: u64) {
        self.expired += self.rooms.expire(now) as u64;
        if let Some(rates) = &self.config.rates {
            let longest = rates.create.window_ms.max(rates.public.window_ms).max(rates.join.window_ms);
            self.clients.age(now, longest);
        }
    }

    /// What the Registry holds and has done. Takes a look at every room.
    pub fn stats(&self) -> Stats {
        Stats {
            open: self.rooms.count(&RoomStatus::Open),
            joined: self.rooms.count(&RoomStatus::Joined),
            paired: self.rooms.count(&RoomStatus::Paired),
            closed: self.rooms.count(&RoomStatus::Closed),
            created: self.created,
            expired: self.expired,
            clients: self.clients.len(),
            waiting: self.rooms.waiting(),
        }
    }

    fn outcome(
        &mut self,
        now: u64,
        random: &mut dyn Random,
        request: &Request,
        ticket: impl FnOnce() -> T,
    ) -> Result<Submitted, Refusal> {
        let call = request.call()?;
        match &call {
            Call::Create => {
                let host = request.host_user_name()?;
                self.rooms.check_space(now, self.config.max_rooms)?;
                self.count(now, &request.client, &call)?;
                self.create(now, random, host).map(done)
            }
            Call::Room(code, action) => {
                self.count(now, &request.client, &call)?;
                let cx = &mut Context { now, random, config: &self.config };
                match self.rooms.with(now, code, |room| room.handle(cx, *action, request))? {
                    Step::Reply(reply) => Ok(done(reply)),
                    Step::Wait(wait) if self.rooms.waiting() >= self.config.max_waiting => {
                        self.rooms.with(now, code, |room| room.answer(now, &wait)).map(done)
                    }
                    Step::Wait(wait) => {
                        self.waits += 1;
                        let id = WaitId(self.waits);
                        self.rooms.wait(now, code, id, wait, ticket());
                        Ok(Submitted::Waits { room: code.clone(), id })
                    }
                }
            }
        }
    }

    fn create(&mut self, now: u64, random: &mut dyn Random, host: UserName) -> Result<Reply, Refusal> {
        let code = self.free_code(random)?;
        let cx = &mut Context { now, random, config: &self.config };
        let (room, reply) = Room::create(cx, code.clone(), host)?;
        self.rooms.insert(code, room);
        self.created += 1;
        Ok(reply)
    }

    fn free_code(&self, random: &mut dyn Random) -> Result<RoomCode, Refusal> {
        for _ in 0..Room::CODE_ATTEMPTS {
            let code = Room::draw_code(random)?;
            if !self.rooms.contains(&code) {
                return Ok(code);
            }
        }
        Err(Room::CODE_TAKEN)
    }

    /// Counts a call towards its client's limits, if it has one.
    fn count(&mut self, now: u64, client: &str, call: &Call) -> Result<(), Refusal> {
        let (Some(rates), Some(limit)) = (&self.config.rates, call.client_limit()) else { return Ok(()) };
        let counted = self.clients.admit(now, client, limit, rates.per_client(limit));
        counted.map_err(|wait_ms| Refusal::RateLimited { wait_ms })
    }
}

fn done(reply: Reply) -> Submitted {
    Submitted::Done(Ok(reply))
}
