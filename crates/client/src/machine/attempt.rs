use std::rc::Rc;

use registry_protocol::{RoomSnapshot, RoomStatus};

use super::candidates::{Inbox, Outbox};
use super::negotiation::Negotiation;
use crate::interfaces::state::{Role, RoomInfo};

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
    /// Whether nothing is known to have happened in the room since the Registry last said when it expires: a description of
    /// this side's begins its time to live anew, without a word of until when.
    pub(super) fn expiry_is_known(&self) -> bool {
        let shown = self.last.as_ref().is_some_and(|last| match self.info.role {
            Role::Host => last.offer.is_some(),
            Role::Guest => last.answer.is_some(),
        });
        !self.used || shown
    }

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
