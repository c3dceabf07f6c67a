use registry_protocol::limits::{self, Rate};

use crate::ClientLimit;

/// What a host may set. The default is the base contract, with no foreign origin allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Times to live.
    pub ttl: Ttl,
    /// Rate limits; `None` switches them off.
    pub rates: Option<Rates>,
    /// How many rooms there may be at once, so that memory is bounded.
    pub max_rooms: usize,
    /// How many requests may wait for news at once; one more is answered without news.
    pub max_waiting: usize,
    /// Whether what goes beyond the base contract is there. Without it this is a base server, as clients must get on
    /// with, too.
    pub extended: bool,
    /// Which pages of other origins may use this Registry.
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

/// How long things live, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttl {
    /// An open room.
    pub open_ms: u64,
    /// A joined room.
    pub joined_ms: u64,
    /// A paired room.
    pub paired_ms: u64,
    /// A closed room: that long its code is not given to another.
    pub closed_ms: u64,
    /// A list of candidates, from its last append.
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

/// The rate limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Rooms created, per client.
    pub create: Rate,
    /// Public look-ups, per client.
    pub public: Rate,
    /// Joins, per client and again per room.
    pub join: Rate,
    /// Snapshots, per room.
    pub snapshot: Rate,
    /// Snapshots that may wait for news, per room.
    pub wait: Rate,
    /// Offers, answers and candidates, per room.
    pub signal: Rate,
    /// The same over a longer time.
    pub signal_long: Rate,
    /// Wrong join codes in a row, after which a room's join is locked.
    pub wrong_joins: u32,
    /// How long it is locked at first, in milliseconds; every wrong join code after that doubles it.
    pub join_lock_ms: u64,
}

impl Rates {
    /// How often one client may do what `limit` is about.
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
            wait: limits::RATE_WAIT,
            signal: limits::RATE_SIGNAL,
            signal_long: limits::RATE_SIGNAL_LONG,
            wrong_joins: limits::MAX_WRONG_JOINS,
            join_lock_ms: limits::JOIN_LOCK_MS,
        }
    }
}

/// Which pages of other origins may use a Registry. A page of the Registry's own origin always may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Every origin.
    Any,
    /// These, each spelled as a browser sends it, like `https://example.org`.
    List(Vec<String>),
}

impl AllowedOrigins {
    /// Whether a page of `origin` is let in.
    pub fn admit(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::List(list) => list.iter().any(|allowed| allowed == origin),
        }
    }
}

impl Default for AllowedOrigins {
    /// No foreign origin.
    fn default() -> Self {
        Self::List(Vec::new())
    }
}
