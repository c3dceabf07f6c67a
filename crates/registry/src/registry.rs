use registry_protocol::limits::Rate;
use registry_protocol::{RoomCode, RoomStatus, UserName};

use crate::clients::{Client, Clients};
use crate::rooms::Rooms;
use crate::window::Window;
use crate::{Action, Call, Config, Context, Random, Rates, Refusal, Reply, Request, Response, Room};

/// How often a code that is taken is drawn again: with a good source once is rare already.
const CODE_ATTEMPTS: usize = 16;
/// When to come back, should all of them have been taken.
const CODE_WAIT_MS: u64 = 1000;

/// A Registry with all its rooms in memory.
#[derive(Debug, Default)]
pub struct Registry {
    config: Config,
    rooms: Rooms,
    clients: Clients,
    created: u64,
    expired: u64,
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
}

impl Registry {
    /// A Registry without rooms.
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Answers a request that arrives at `now`, in milliseconds since the epoch.
    pub fn handle(&mut self, now: u64, random: &mut dyn Random, request: &Request) -> Response {
        self.tick(now);
        let outcome = match request.method.as_str() {
            "OPTIONS" => Ok(Reply::NO_CONTENT),
            _ => self.outcome(now, random, request),
        };
        Response::new(request, &self.config.allowed_origins, outcome)
    }

    /// Forgets what is over. [`handle`](Self::handle) does it too; a host calls it now and then, so that memory is
    /// given back when no request comes.
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
        }
    }

    fn outcome(&mut self, now: u64, random: &mut dyn Random, request: &Request) -> Result<Reply, Refusal> {
        match request.call()? {
            Call::Create => {
                let host = request.host_user_name()?;
                self.rooms.check_space(now, self.config.max_rooms)?;
                self.count(now, &request.client, |rates| rates.create, |client| &mut client.create)?;
                self.create(now, random, host)
            }
            Call::Room(code, action) => {
                self.count_action(now, &request.client, action)?;
                let cx = &mut Context { now, random, config: &self.config };
                self.rooms.with(&code, |room| room.handle(cx, action, request.token(), &request.body))
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
        for _ in 0..CODE_ATTEMPTS {
            let code = Room::draw_code(random)?;
            if !self.rooms.contains(&code) {
                return Ok(code);
            }
        }
        Err(Refusal::Full { wait_ms: CODE_WAIT_MS })
    }

    /// Counts an action that needs no token towards its client's limits, whether or not there is such a room: these
    /// limits are what keeps codes from being guessed.
    fn count_action(&mut self, now: u64, client: &str, action: Action) -> Result<(), Refusal> {
        match action {
            Action::Public => self.count(now, client, |rates| rates.public, |client| &mut client.public),
            Action::Join => self.count(now, client, |rates| rates.join, |client| &mut client.join),
            _ => Ok(()),
        }
    }

    fn count(
        &mut self,
        now: u64,
        client: &str,
        rate: fn(&Rates) -> Rate,
        window: fn(&mut Client) -> &mut Window,
    ) -> Result<(), Refusal> {
        let Some(rates) = &self.config.rates else { return Ok(()) };
        let counted = self.clients.admit(now, client, rate(rates), window);
        counted.map_err(|wait_ms| Refusal::RateLimited { wait_ms })
    }
}
