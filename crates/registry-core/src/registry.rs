use registry_protocol::{RoomCode, RoomStatus, UserName};

use crate::clients::{Client, ClientLimit, Clients};
use crate::long_polls::{Due, PollId};
use crate::rooms::Rooms;
use crate::{Call, Config, Context, Handled, Random, Refusal, Reply, Request, Response, Room};

/// A Registry that keeps all its rooms in memory. Pending long polls are stored with a ticket `T` that identifies whom
/// to answer.
#[derive(Debug)]
pub struct Registry<T = ()> {
    config: Config,
    rooms: Rooms<T>,
    clients: Clients,
    created: u64,
    expired: u64,
    evicted: u64,
    last_poll_id: u64,
}

/// The result of submitting a request.
#[derive(Debug)]
pub enum Submitted {
    /// The request has been handled.
    Done(Result<Reply, Refusal>),
    /// The request is a long poll and there is no news yet. Its outcome comes from [`Registry::take_due`], unless it
    /// is [cancelled](Registry::cancel).
    Pending {
        /// The room it reads.
        room: RoomCode,
        /// Identifies the long poll, for [`Registry::deadline`] and [`Registry::cancel`].
        id: PollId,
    },
}

/// Current contents and lifetime counters of a Registry, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Open rooms.
    pub open: usize,
    /// Joined rooms.
    pub joined: usize,
    /// Paired rooms.
    pub paired: usize,
    /// Closed rooms that have not been removed yet.
    pub closed: usize,
    /// Rooms created since the start.
    pub created: u64,
    /// Rooms removed since the start, whether closed or expired.
    pub expired: u64,
    /// Rooms removed since the start to make room for those of other clients.
    pub evicted: u64,
    /// Clients tracked for rate limiting.
    pub clients: usize,
    /// Pending long polls.
    pub waiting: usize,
}

impl Registry {
    /// Handles a request that arrives at `now` (milliseconds since the epoch) without ever waiting: a long poll is
    /// answered at once, as if it had timed out. For servers that do not support long polling.
    pub fn handle(&mut self, now: u64, random: &mut dyn Random, request: &Request) -> Response {
        let outcome = match self.submit(now, random, request, || ()) {
            Submitted::Done(outcome) => outcome,
            Submitted::Pending { .. } => {
                self.answer_all(now);
                self.take_due().pop().map_or(Err(Refusal::Internal), |((), outcome)| outcome)
            }
        };
        self.response(request, outcome)
    }
}

impl<T> Registry<T> {
    /// An empty Registry.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            rooms: Rooms::default(),
            clients: Clients::default(),
            created: 0,
            expired: 0,
            evicted: 0,
            last_poll_id: 0,
        }
    }

    /// Submits a request that arrives at `now` (milliseconds since the epoch). `ticket` is called only if the request
    /// becomes a pending long poll. A request can make other long polls due, so call [`take_due`](Self::take_due)
    /// afterwards.
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

    /// Turns the outcome of `request` into a response with status, headers and body.
    pub fn response(&self, request: &Request, outcome: Result<Reply, Refusal>) -> Response {
        Response::new(request, &self.config.allowed_origins, outcome)
    }

    /// Removes and returns the long polls that are due, with their answers. Call it after [`submit`](Self::submit),
    /// [`tick`](Self::tick) and [`answer_all`](Self::answer_all).
    pub fn take_due(&mut self) -> Vec<Due<T>> {
        self.rooms.take_due()
    }

    /// The latest time at which to call [`tick`](Self::tick) for a pending long poll, in milliseconds since the epoch;
    /// `None` if it is no longer pending.
    pub fn deadline(&self, room: &RoomCode, id: PollId) -> Option<u64> {
        self.rooms.deadline(room, id)
    }

    /// Makes a pending long poll due, with or without news: its place is needed.
    pub fn answer(&mut self, now: u64, room: &RoomCode, id: PollId) {
        self.rooms.answer(now, room, id);
    }

    /// Drops a pending long poll whose client has disconnected.
    pub fn cancel(&mut self, now: u64, room: &RoomCode, id: PollId) {
        self.rooms.cancel(now, room, id);
    }

    /// Makes all pending long polls due, with or without news. Call it on shutdown.
    pub fn answer_all(&mut self, now: u64) {
        self.rooms.answer_all(now);
    }

    /// Removes expired rooms and makes long polls that have timed out due. `now` is in milliseconds since the epoch.
    pub fn tick(&mut self, now: u64) {
        self.expired += self.rooms.expire(now) as u64;
        if let Some(rates) = &self.config.client_rates {
            self.clients.expire(now, rates.longest_ms());
        }
    }

    /// Current statistics. Visits every room.
    pub fn stats(&self) -> Stats {
        Stats {
            open: self.rooms.count(&RoomStatus::Open),
            joined: self.rooms.count(&RoomStatus::Joined),
            paired: self.rooms.count(&RoomStatus::Paired),
            closed: self.rooms.count(&RoomStatus::Closed),
            created: self.created,
            expired: self.expired,
            evicted: self.evicted,
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
        match request.call(self.config.extended)? {
            Call::Create => {
                let host = request.host_user_name()?;
                let Config { max_rooms, max_rooms_per_client, .. } = self.config;
                let evicted = self.rooms.check_capacity(now, request.client, max_rooms, max_rooms_per_client)?;
                self.count(now, request.client, ClientLimit::Create)?;
                if let Some(code) = evicted {
                    self.rooms.evict(&code);
                    self.evicted += 1;
                }
                self.create(now, random, request.client, host).map(done)
            }
            Call::Room(code, action) => {
                let limit = action.client_limit();
                if let Some(limit) = limit {
                    self.count(now, request.client, limit)?;
                }
                let cx = &mut Context { now, random, config: &self.config };
                let handled = self.rooms.with(now, &code, |room| room.handle(cx, action, request));
                if limit.is_none() && matches!(handled, Err(Refusal::WrongToken | Refusal::NoRoom)) {
                    self.count(now, request.client, ClientLimit::Unauthorized)?;
                }
                self.reply_or_wait(now, request.client, &code, handled?, ticket)
            }
        }
    }

    /// Stores a long poll, unless there are too many.
    fn reply_or_wait(
        &mut self,
        now: u64,
        client: Client,
        code: &RoomCode,
        handled: Handled,
        ticket: impl FnOnce() -> T,
    ) -> Result<Submitted, Refusal> {
        match handled {
            Handled::Reply(reply) => Ok(done(reply)),
            Handled::Pending(poll) if self.rooms.make_place_to_wait(now, client, self.config.max_waiting) => {
                self.last_poll_id += 1;
                let id = PollId(self.last_poll_id);
                self.rooms.add_poll(now, client, code, id, poll, ticket());
                Ok(Submitted::Pending { room: code.clone(), id })
            }
            Handled::Pending(poll) => self.rooms.with(now, code, |room| room.answer(now, &poll)).map(done),
        }
    }

    fn create(&mut self, now: u64, random: &mut dyn Random, client: Client, host: UserName) -> Result<Reply, Refusal> {
        let code = self.free_code(random)?;
        let cx = &mut Context { now, random, config: &self.config };
        let (room, reply) = Room::create(cx, code.clone(), host)?;
        self.rooms.insert(client, code, room);
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

    /// Counts a call towards a per-client limit.
    fn count(&mut self, now: u64, client: Client, limit: ClientLimit) -> Result<(), Refusal> {
        let Some(rates) = &self.config.client_rates else { return Ok(()) };
        self.clients.admit(now, client, limit, rates).map_err(|wait_ms| Refusal::RateLimited { wait_ms })
    }
}

fn done(reply: Reply) -> Submitted {
    Submitted::Done(Ok(reply))
}
