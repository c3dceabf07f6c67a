//! The peers meet in the standby room: a handshake there restarts ICE, or makes a fresh peer connection.

use registry_protocol::SessionDescription;

use super::attempt::{Room, Via};
use super::effect::RtcAction;
use super::lifecycle::Machine;
use super::link::origin;
use super::polling::Polls;
use super::reconnect::Rung;
use super::timers::Timer;
use crate::durable::{Note, StandbyRoom};
use crate::error::ApiError;
use crate::event::{Event, StandbyStep};
use crate::interfaces::state::{ConnectionState, Role, RoomInfo};

impl Machine {
    /// Whether this side's description can still serve: an offer that is not answered, an answer that is not posted.
    pub(super) fn attempt_stands(&self) -> bool {
        let negotiation = &self.attempt.negotiation;
        let spent = match self.role() {
            Some(Role::Guest) => negotiation.is_posted(),
            _ => negotiation.knows_remote(),
        };
        self.link.number.is_some() && negotiation.is_on_the_wire() && !spent
    }

    /// Goes to the standby room and begins a handshake there.
    pub(super) fn meet_in_standby(&mut self) {
        self.abandon_attempt();
        self.after(Timer::Attempt, self.settings.reconnect_timeout);
        let host = self.role() == Some(Role::Host);
        if !self.go_to_standby() {
            return self.exhausted();
        }
        if host {
            if self.standby.next.is_none() {
                self.make_room();
            }
            self.tell_next();
            if self.detour.as_ref().is_some_and(|detour| !detour.used) {
                self.offer_in_standby();
            }
        } else if !self.link.is_open() {
            self.post_note(&Note::Fresh(self.number));
        }
    }

    /// Makes sure that there is a room in which the peers can meet, if possible another than one that is used up.
    pub(super) fn go_to_standby(&mut self) -> bool {
        let known = self.standby.next_is_known() || !self.standby.rooms.is_empty();
        let next = match &self.detour {
            None if self.must_name_next() => {
                self.detour = self.standby.last.take();
                self.standby.next = self.standby.told.take().or(self.standby.next.take());
                (self.polls, self.standby.next_told) = (Polls::default(), false);
                return true;
            }
            None => None,
            Some(detour) if detour.gone || (detour.used && known) => {
                self.standby.next.take_if(|_| self.standby.rooms.is_empty())
            }
            // Also one that is used up: there the next is named.
            Some(_) => return true,
        };
        let room = next.and_then(|next| self.room_of(next)).or_else(|| self.choose_standby());
        if room.is_some() {
            self.polls = Polls::default();
            self.standby.next_told = false;
        }
        self.detour = room;
        self.detour.is_some()
    }

    /// Whether the way to the next room leads through the last: a host must name it there, a guest waits for its name.
    fn must_name_next(&self) -> bool {
        let known = self.role() == Some(Role::Guest) && self.standby.next.is_some();
        self.standby.rooms.is_empty() && !known && self.standby.last.is_some()
    }

    /// The host has named the next room in this one.
    pub(super) fn on_next_told(&mut self) {
        self.standby.next_told = true;
        self.go_on_to_next();
    }

    /// The host's part: an offer that restarts ICE, or one of a fresh peer connection.
    pub(super) fn offer_in_standby(&mut self) {
        let rebuild = self.ladder.as_ref().is_some_and(|ladder| ladder.rebuild);
        if self.link.is_open() && !rebuild {
            self.attempt.restarts = true;
            self.record(Event::IceRestart);
            self.rtc(RtcAction::RestartIce);
        } else {
            self.rebuild_link();
            self.rtc(RtcAction::CreateChannel);
        }
        self.rtc(RtcAction::CreateOffer);
    }

    /// A fresh peer connection takes the place of the old one.
    pub(super) fn rebuild_link(&mut self) {
        self.drop_link();
        self.attempt.restarts = false;
        self.make_link();
    }

    /// The manager of peer connections cannot restart ICE.
    pub(super) fn on_restart_refused(&mut self) {
        if let Some(ladder) = &mut self.ladder {
            ladder.rebuild = true;
        }
        match self.attempt.via {
            Via::Control(_) => self.on_restart_over(),
            Via::Registry => self.offer_again(),
        }
    }

    /// Makes another offer in the same room.
    pub(super) fn offer_again(&mut self) {
        self.abandon_attempt();
        self.offer_in_standby();
    }

    /// The guest has no peer connection that could be restarted: a restart that was offered is withdrawn.
    pub(super) fn on_fresh_asked(&mut self) {
        let waits = !self.attempt.negotiation.knows_remote();
        let restarts = self.attempt.restarts && self.attempt.via == Via::Registry;
        if let (Some(ladder), true, true) = (&mut self.ladder, waits, restarts) {
            ladder.rebuild = true;
            self.offer_again();
        }
    }

    /// The guest reads an offer in the standby room.
    pub(super) fn take_standby_offer(&mut self, offer: SessionDescription) {
        let known = origin(&offer.sdp);
        let restarts = known.is_some() && known == self.session.peer_origin;
        if restarts && !self.link.is_open() {
            // The wish for another is in the room already, or on its way.
            return;
        }
        self.attempt.restarts = restarts;
        if !restarts {
            self.rebuild_link();
        }
        self.timers.cancel(Timer::Attempt);
        self.apply_remote(offer, false);
    }

    /// The room after this one is known to both; this side goes there if this one is used up.
    pub(super) fn go_on_to_next(&mut self) {
        let standby = self.ladder.as_ref().is_some_and(|ladder| ladder.rung == Rung::Standby);
        let used_up = self.detour.as_ref().is_some_and(|detour| detour.used);
        if standby && used_up && self.standby.next_is_known() && !self.attempt.negotiation.knows_remote() {
            self.meet_in_standby();
        }
    }

    /// The standby room is closed or expired. A guest that knows another goes there. One that a host could not name to its
    /// guest is of no use.
    pub(super) fn on_standby_gone(&mut self, error: ApiError) {
        self.record(Event::Standby { step: StandbyStep::Gone, expires_at: None });
        if let Some(detour) = &mut self.detour {
            detour.gone = true;
        }
        if let Some(unknown) = self.standby.take_unknown() {
            self.close_standby(unknown);
        }
        if self.may_reconnect() && self.role() == Some(Role::Guest) && self.state == ConnectionState::Connecting {
            return self.meet_in_standby();
        }
        self.attempt_failed(error.into());
    }

    /// The room in which the peers meet is used up: an offer in it was answered. Older ones are of no use any more.
    pub(super) fn use_up_standby(&mut self) {
        if let Some(detour) = self.detour.as_mut().filter(|detour| !detour.used) {
            detour.used = true;
            self.standby.rooms.clear();
        }
    }

    /// Whether a side that looks for the other in the standby room can still go back to the connection that was lost: its
    /// browser says that the path works, and it has applied nothing there.
    pub(super) fn may_come_back(&self) -> bool {
        self.link.is_open() && self.link.is_connected() && !self.attempt.negotiation.knows_remote()
    }
}

/// A room in which the peers were to meet, as one in which they can meet later.
pub(super) fn standby_of(room: Room) -> StandbyRoom {
    let RoomInfo { code, token, join_code, expires_at, .. } = room.info;
    StandbyRoom { code, token, join_code, expires_at }
}
