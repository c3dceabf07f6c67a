//! Attempts in a lasting room: the two peers negotiate in it as often as they like, and the newest attempt replaces the one
//! before. Each offer of the host begins one.

use registry_protocol::RoomSnapshot;

use super::{Kind, Signal, Signalling};
use crate::types::state::Role;

impl Signalling {
    /// A lasting room in which this was the newest attempt.
    pub(in crate::machine) fn after_attempt(mut self, attempt: u64) -> Self {
        self.newest_attempt = attempt;
        self
    }

    /// The newest attempt that the room is known to hold.
    pub(in crate::machine) fn newest_attempt(&self) -> u64 {
        self.newest_attempt.max(self.attempt)
    }

    /// A handshake begins.
    pub(super) fn begin_attempt(&mut self) {
        // What was read before is read again if it is needed.
        let held = self.last.as_ref().is_some_and(|last| self.peer_description_in(last).is_some());
        self.version = self.version.filter(|_| self.kind == Kind::Application && !held);
        if self.is_lasting() {
            let newest = self.newest_attempt();
            self.attempt = if self.info.role == Role::Host { newest + 1 } else { newest };
        }
    }

    /// Learns from a snapshot which attempt it is about. Returns whether that is the one of this side's exchange, or one
    /// that a guest can join.
    pub(super) fn follow_attempt(&mut self, snapshot: &RoomSnapshot) -> bool {
        if snapshot.attempt < self.newest_attempt {
            // A later response has overtaken this one.
            return false;
        }
        if snapshot.attempt > self.newest_attempt {
            self.newest_attempt = snapshot.attempt;
            self.outbox.forget_notes();
        }
        let follows = self.is_lasting() && self.info.role == Role::Guest;
        if follows && self.peer_description.is_none() {
            self.attempt = snapshot.attempt;
        }
        follows || snapshot.attempt == self.attempt
    }

    /// What it means if the host of a lasting room reads of an attempt that it has not begun: another page of the same host
    /// has.
    pub(super) fn superseded_by(&self, snapshot: &RoomSnapshot) -> Option<Signal> {
        let own = self.is_lasting() && self.info.role == Role::Host;
        (own && snapshot.attempt > self.attempt).then_some(Signal::Superseded)
    }
}
