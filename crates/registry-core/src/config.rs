use registry_protocol::limits::{self, Rate};

use crate::ClientLimit;

/// Configuration. The default is the base contract, with no other origin allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Times to live.
    pub ttl: Ttl,
    /// Rate limits per client; `None` disables them.
    pub client_rates: Option<ClientRates>,
    /// Rate limits per room; `None` disables them.
    pub room_rates: Option<RoomRates>,
    /// The protection of join codes from being guessed, which is always on. Part of the extensions.
    pub join_locks: JoinLocks,
    /// Maximum number of rooms, which bounds memory. When there are as many, a new one replaces one of the client that has
    /// most, if that one has more than the client that asks.
    pub max_rooms: usize,
    /// Maximum number of rooms of one client; those of an IPv6 /48 count together.
    pub max_rooms_per_client: usize,
    /// Maximum number of pending long polls. When there are as many, a further one has the oldest of the client that has most
    /// answered, if that one has more than the client that asks; otherwise it is answered itself.
    pub max_waiting: usize,
    /// Whether the extensions to the base contract are enabled. Without them this is a base Registry, which clients
    /// must support as well.
    pub extended: bool,
    /// Which other origins may use this Registry (CORS).
    pub allowed_origins: AllowedOrigins,
}

impl Config {
    /// Without rate limits. Join codes are protected all the same.
    #[must_use]
    pub fn unlimited(self) -> Self {
        Self { client_rates: None, room_rates: None, ..self }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ttl: Ttl::default(),
            client_rates: Some(ClientRates::default()),
            room_rates: Some(RoomRates::default()),
            join_locks: JoinLocks::default(),
            max_rooms: 10_000,
            max_rooms_per_client: 500,
            max_waiting: 20_000,
            extended: true,
            allowed_origins: AllowedOrigins::default(),
        }
    }
}

/// Times to live, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttl {
    /// An open room.
    pub open_ms: u64,
    /// A joined room.
    pub joined_ms: u64,
    /// A paired room.
    pub paired_ms: u64,
    /// A closed room, whose code is not reused before then.
    pub closed_ms: u64,
    /// A candidate list, from its last append.
    pub candidates_ms: u64,
    /// Any room, from its creation: however often it is renewed, it does not outlive this.
    pub room_ms: u64,
}

impl Default for Ttl {
    fn default() -> Self {
        Self {
            open_ms: limits::TTL_OPEN_MS,
            joined_ms: limits::TTL_JOINED_MS,
            paired_ms: limits::TTL_PAIRED_MS,
            closed_ms: limits::TTL_CLOSED_MS,
            candidates_ms: limits::TTL_CANDIDATES_MS,
            room_ms: limits::TTL_ROOM_MS,
        }
    }
}

/// Rate limits per client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientRates {
    /// Rooms created.
    pub create: Rate,
    /// Public lookups.
    pub public: Rate,
    /// Joins.
    pub join: Rate,
    /// Calls with a token that is not valid for the room. Those with a valid one are never limited by client.
    pub unauthorized: Rate,
}

impl ClientRates {
    /// The rate that `limit` allows a client.
    pub fn of(&self, limit: ClientLimit) -> Rate {
        match limit {
            ClientLimit::Create => self.create,
            ClientLimit::Public => self.public,
            ClientLimit::Join => self.join,
            ClientLimit::Unauthorized => self.unauthorized,
        }
    }

    /// The rates for clients that are each as many people as `people`, who share an address.
    #[must_use]
    pub fn for_people(self, people: u32) -> Self {
        let times = |rate: Rate| Rate::new(rate.count.saturating_mul(people), rate.window_ms);
        Self {
            create: times(self.create),
            public: times(self.public),
            join: times(self.join),
            unauthorized: times(self.unauthorized),
        }
    }

    /// The longest window, in milliseconds.
    pub(crate) fn longest_ms(&self) -> u64 {
        [self.create, self.public, self.join, self.unauthorized]
            .map(|rate| rate.window_ms)
            .into_iter()
            .max()
            .unwrap_or(0)
    }
}

impl Default for ClientRates {
    fn default() -> Self {
        Self {
            create: limits::RATE_CREATE,
            public: limits::RATE_PUBLIC,
            join: limits::RATE_JOIN,
            unauthorized: limits::RATE_UNAUTHORIZED,
        }
    }
}

/// Rate limits per room, shared by its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomRates {
    /// Joins. In an extended Registry [`JoinLocks`] take their place.
    pub join: Rate,
    /// Snapshots.
    pub snapshot: Rate,
    /// Candidate lists that are read.
    pub candidates: Rate,
    /// Exchanges, however much they post.
    pub exchange: Rate,
    /// Offers, answers and candidates by single calls.
    pub signal: Rate,
    /// Offers, answers and candidates over a longer window.
    pub signal_long: Rate,
}

impl Default for RoomRates {
    fn default() -> Self {
        Self {
            join: limits::RATE_JOIN,
            snapshot: limits::RATE_SNAPSHOT,
            candidates: limits::RATE_CANDIDATES,
            exchange: limits::RATE_EXCHANGE,
            signal: limits::RATE_SIGNAL,
            signal_long: limits::RATE_SIGNAL_LONG,
        }
    }
}

/// When wrong join codes lock a room. First the client that sent them is locked out; only if many clients guess together
/// is the room itself locked, and then shortly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinLocks {
    /// Number of wrong join codes after which a client is locked out of the room.
    pub client_wrong: u32,
    /// Duration of its first lock, in milliseconds. Each further wrong join code doubles it.
    pub client_ms: u64,
    /// Number of wrong join codes of all clients together after which each further one locks the room for everybody.
    pub room_wrong: u32,
    /// Duration of that lock, in milliseconds.
    pub room_ms: u64,
}

impl Default for JoinLocks {
    fn default() -> Self {
        Self {
            client_wrong: limits::MAX_WRONG_JOINS,
            client_ms: limits::JOIN_LOCK_MS,
            room_wrong: limits::MAX_WRONG_JOINS_OF_ALL,
            room_ms: limits::ROOM_LOCK_MS,
        }
    }
}

/// Which other origins may use a Registry. Its own origin is always allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Any origin.
    Any,
    /// These origins, each as a browser sends it, for example `https://example.org`.
    List(Vec<String>),
}

impl AllowedOrigins {
    /// Whether `origin` is allowed.
    pub fn admit(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::List(list) => list.iter().any(|allowed| allowed == origin),
        }
    }
}

impl Default for AllowedOrigins {
    /// No other origin.
    fn default() -> Self {
        Self::List(Vec::new())
    }
}
