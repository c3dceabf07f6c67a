//! Limits of the base contract. Times are in milliseconds, sizes in bytes.

use std::ops::RangeInclusive;

/// The alphabet of the room codes that a Registry generates, without characters that are easily confused.
pub const ROOM_CODE_ALPHABET: &[u8] = b"2345679ACDEFGHJKMNPQRSTUVWXYZ";
/// Length of a room code.
pub const ROOM_CODE_LEN: usize = 8;
/// Length of a join code, in decimal digits.
pub const JOIN_CODE_LEN: usize = 6;
/// Random bytes in an access token.
pub const TOKEN_BYTES: usize = 32;
/// Length of a user name.
pub const USER_NAME_LEN: RangeInclusive<usize> = 1..=32;
/// Largest session description, in bytes of UTF-8.
pub const MAX_SDP_BYTES: usize = 20 * 1024;
/// Largest `candidate` line, in bytes of UTF-8.
pub const MAX_CANDIDATE_BYTES: usize = 1024;
/// Maximum number of distinct candidates per peer.
pub const MAX_CANDIDATES: usize = 40;
/// Largest request body.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// Lifetime of an open room.
pub const TTL_OPEN_MS: u64 = 180_000;
/// Lifetime of a joined room.
pub const TTL_JOINED_MS: u64 = 300_000;
/// Lifetime of a paired room.
pub const TTL_PAIRED_MS: u64 = 600_000;
/// How long a closed room remains visible.
pub const TTL_CLOSED_MS: u64 = 15_000;
/// Lifetime of a candidate list after its last append.
pub const TTL_CANDIDATES_MS: u64 = 300_000;

/// At most `count` events in any window of `window_ms` milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Number of events the window admits.
    pub count: u32,
    /// Length of the window, in milliseconds.
    pub window_ms: u64,
}

impl Rate {
    /// At most `count` events in any `window_ms` milliseconds.
    pub const fn new(count: u32, window_ms: u64) -> Self {
        Self { count, window_ms }
    }
}

/// Room creation, per IP address.
pub const RATE_CREATE: Rate = Rate::new(5, 60_000);
/// Public look-ups, per IP address.
pub const RATE_PUBLIC: Rate = Rate::new(5, 60_000);
/// Joins, per IP address and again per room.
pub const RATE_JOIN: Rate = Rate::new(10, 60_000);
/// Room snapshots, per room: both peers together.
pub const RATE_SNAPSHOT: Rate = Rate::new(20, 10_000);
/// Offers, answers and candidates, per room: both peers together.
pub const RATE_SIGNAL: Rate = Rate::new(40, 60_000);
/// Offers, answers and candidates over a longer time, per room: both peers together.
pub const RATE_SIGNAL_LONG: Rate = Rate::new(200, 300_000);
/// The longest long poll in an extended Registry.
pub const MAX_WAIT_MS: u64 = 25_000;
/// Exchanges, per room of an extended Registry: both peers together.
pub const RATE_EXCHANGE: Rate = Rate::new(60, 10_000);
/// Lists of candidates that are read, per room: both peers together.
pub const RATE_CANDIDATES: Rate = Rate::new(100, 10_000);
/// Calls with a token that is not valid for the room, per IP address.
pub const RATE_UNAUTHORIZED: Rate = Rate::new(60, 60_000);
/// Number of wrong join codes after which an extended Registry temporarily locks a client out of the room.
pub const MAX_WRONG_JOINS: u32 = 5;
/// Initial duration of that lock; every further wrong join code doubles it.
pub const JOIN_LOCK_MS: u64 = 20_000;
/// Number of wrong join codes, by all clients together, after which every further one locks the room.
pub const MAX_WRONG_JOINS_OF_ALL: u32 = 50;
/// Duration of that lock.
pub const ROOM_LOCK_MS: u64 = 2_000;
/// Lifetime of any room, however often it is renewed.
pub const TTL_ROOM_MS: u64 = 24 * 3_600_000;
