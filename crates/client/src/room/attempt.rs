use registry_protocol::{RoomSnapshot, RoomStatus};

use super::candidates::{Inbox, Outbox};
use super::negotiation::Negotiation;
use crate::state::{Role, RoomInfo};
use crate::webrtc::RtcStates;

/// A room as the machine knows it.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) info: RoomInfo,
    /// What the last snapshot said.
    pub(super) last: Option<RoomSnapshot>,
    /// Closed, expired or used up: nothing can be done with it any more.
    pub(super) gone: bool,
}

impl Room {
    /// Whether a guest is known to be in the room.
    pub(super) fn guest_is_there(&self) -> bool {
        self.info.role == Role::Guest || self.last.as_ref().is_some_and(|last| last.status != RoomStatus::Open)
    }
}

/// What one attempt at a connection knows; made anew for each.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) negotiation: Negotiation,
    pub(super) outbox: Outbox,
    pub(super) inbox: Inbox,
    pub(super) rtc: RtcStates,
}
