use registry_protocol::limits::{self, Rate};

use crate::ClientLimit;

/// Configuration. The default is the base contract, with no other origin allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Times to live.
    pub ttl: Ttl,
    /// Rate limits; `None` disables them.
    pub rates: Option<Rates>,
    /// Maximum number of rooms, which bounds memory.
    pub max_rooms: usize,
    /// Maximum number of pending long polls. Further ones are answered at once.
    pub max_waiting: usize,
    /// Whether the extensions to the base contract are enabled. Without them this is a base Registry, which clients
    /// must support as well.
    pub extended: bool,
    /// Which other origins may use this Registry (CORS).
    pub allowed_origins: AllowedOrigins,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ttl: Ttl::default(),
            rates: Some(Rates::default()),
            max_rooms: 10_000,
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
}

impl Default for Ttl {
    fn default() -> Self {
        Self {
            open_ms: limits::TTL_OPEN_MS,
            joined_ms: limits::TTL_JOINED_MS,
            paired_ms: limits::TTL_PAIRED_MS,
            closed_ms: limits::TTL_CLOSED_MS,
            candidates_ms: limits::TTL_CANDIDATES_MS,
        }
    }
}

/// Rate limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Rooms created, per client.
    pub create: Rate,
    /// Public lookups, per client.
    pub public: Rate,
    /// Joins, per client and also per room.
    pub join: Rate,
    /// Snapshots, per room.
    pub snapshot: Rate,
    /// Exchanges, per room; those that post something also count as `signal`.
    pub exchange: Rate,
    /// Offers, answers and candidates, per room.
    pub signal: Rate,
    /// Offers, answers and candidates over a longer window, per room.
    pub signal_long: Rate,
    /// Number of wrong join codes after which joining a room is locked.
    pub wrong_joins: u32,
    /// Duration of the first lock, in milliseconds. Each further wrong join code doubles it.
    pub join_lock_ms: u64,
}

impl Rates {
    /// The rate that `limit` allows a client.
    pub fn per_client(&self, limit: ClientLimit) -> Rate {
        match limit {
            ClientLimit::Create => self.create,
            ClientLimit::Public => self.public,
            ClientLimit::Join => self.join,
        }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            create: limits::RATE_CREATE,
            public: limits::RATE_PUBLIC,
            join: limits::RATE_JOIN,
            snapshot: limits::RATE_SNAPSHOT,
            exchange: limits::RATE_EXCHANGE,
            signal: limits::RATE_SIGNAL,
            signal_long: limits::RATE_SIGNAL_LONG,
            wrong_joins: limits::MAX_WRONG_JOINS,
            join_lock_ms: limits::JOIN_LOCK_MS,
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
