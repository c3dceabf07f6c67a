//! What a snapshot shows to both peers.

use registry_protocol::RoomStatus;
use registry_protocol::limits::{TTL_CLOSED_MS, TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};

/// The part of a snapshot that is the same for both peers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    pub(super) status: RoomStatus,
    pub(super) expires_at: u64,
    pub(super) attempt: u64,
    pub(super) offer: Option<String>,
    pub(super) answer: Option<String>,
}

impl View {
    pub(super) fn has_ended(&self, now: u64) -> bool {
        now >= self.expires_at || self.status == RoomStatus::Closed
    }
}

/// How long a room lives in this state, in milliseconds.
pub(super) fn life_of(status: &RoomStatus) -> u64 {
    match status {
        RoomStatus::Open => TTL_OPEN_MS,
        RoomStatus::Joined => TTL_JOINED_MS,
        RoomStatus::Paired => TTL_PAIRED_MS,
        _ => TTL_CLOSED_MS,
    }
}
