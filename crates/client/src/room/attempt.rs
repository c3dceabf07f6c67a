use std::rc::Rc;

use registry_protocol::{RoomSnapshot, RoomStatus};

use super::candidates::{Inbox, Outbox};
use super::negotiation::Negotiation;
use crate::state::{Role, RoomInfo};

/// A room as the machine knows it.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) info: RoomInfo,
    /// What the last snapshot said.
    pub(super) last: Option<Rc<RoomSnapshot>>,
    /// Closed or expired: nothing can be done with it any more.
    pub(super) gone: bool,
    /// A handshake has begun in it; it cannot serve another.
    pub(super) used: bool,
}

impl Room {
    /// Whether a guest is known to be in the room.
    pub(super) fn guest_is_there(&self) -> bool {
        self.info.role == Role::Guest || self.last.as_ref().is_some_and(|last| last.status != RoomStatus::Open)
    }
}

/// Which way descriptions and candidates take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Via {
    /// Through a room of the Registry.
    #[default]
    Registry,
    /// Over the control channel; the host's number of the attempt.
    Control(u32),
}

/// What one attempt at a connection knows; made anew for each.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) via: Via,
    /// It restarts ICE and keeps the peer connection.
    pub(super) restarts: bool,
    pub(super) negotiation: Negotiation,
    pub(super) outbox: Outbox,
    pub(super) inbox: Inbox,
}
