//! The rooms that were named to a guest, and the one that it is joining.

use std::time::Duration;

use registry_protocol::{JoinCode, RoomCode};

use crate::machine::budget::Budget;

/// How many rooms a guest joins in a minute: half of what a base Registry admits from one address, and as many as it lets a
/// host make.
const JOINS: (usize, Duration) = (5, Duration::from_secs(60));

/// A room that was named to a guest.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) room: RoomCode,
    pub(super) join_code: JoinCode,
    /// It was named in a room that is used up, not by a host that is connected.
    pub(super) next: bool,
}

#[derive(Debug)]
pub(super) struct Joining {
    pub(super) named: Named,
    pub(super) tries: u32,
    pub(super) in_flight: bool,
}

/// What a guest is joining.
#[derive(Debug)]
pub(super) struct Joins {
    pub(super) current: Option<Joining>,
    /// Named while that was being joined. The last is the one that counts.
    pub(super) then: Option<Named>,
    pub(super) budget: Budget,
    /// The last try has failed, and the next does not come before this.
    pub(super) not_before: Duration,
}

impl Default for Joins {
    fn default() -> Self {
        Self { current: None, then: None, budget: Budget::new(JOINS.0, JOINS.1), not_before: Duration::ZERO }
    }
}
