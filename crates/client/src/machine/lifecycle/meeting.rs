//! The peers meet in a fallback room: a handshake there restarts ICE, or makes a fresh peer connection.

use registry_protocol::SessionDescription;

use super::Machine;
use crate::error::ApiError;
use crate::event::Event;
use crate::machine::control::Note;
use crate::machine::effect::RtcAction;
use crate::machine::handshake::{Handshake, Place};
use crate::machine::link::origin;
use crate::machine::recovery::Step;
use crate::machine::timers::Timer;
use crate::types::state::Role;

impl Machine {
    /// Whether this side's description cannot serve any more: an offer that is answered, an answer that is posted.
    pub(super) fn is_spent(&mut self) -> bool {
        let Some(handshake) = &self.handshake else { return false };
        match self.role() {
            Some(Role::Guest) => match handshake.control() {
                Some(exchange) => exchange.is_published(),
                None => self.in_room(|room, _| room.is_published()).unwrap_or_default(),
            },
            _ => handshake.knows_peer_description(),
        }
    }

    /// Whether this side's description can still serve.
    pub(super) fn attempt_stands(&mut self) -> bool {
        let begun = self.in_room(|room, _| room.has_begun()).unwrap_or_default();
        self.link.exists() && begun && !self.is_spent()
    }

    /// Goes to a fallback room and begins a handshake there.
    pub(super) fn meet_in_fallback(&mut self) {
        self.abandon_attempt();
        self.cx.after(Timer::Attempt, self.cx.settings.reconnect_timeout);
        let Some(own) = &self.room else { return };
        if !self.fallback.go_to_meeting(&mut self.cx, own.info()) {
            return self.exhausted();
        }
        let role = own.role();
        self.handshake = Some(Handshake::new(role, Place::Fallback));
        if let Some(meeting) = self.fallback.meeting_mut() {
            meeting.begin(&self.cx);
        }
        match role {
            Role::Host => {
                self.fallback.provide_next(&mut self.cx, own.info());
                if !self.fallback.is_used_up() {
                    self.offer();
                }
            }
            // In a lasting room it is asked for when an offer is there that cannot be taken.
            Role::Guest if !self.fallback.is_lasting() => self.ask_for_fresh(),
            Role::Guest => {}
        }
    }

    /// Tells the host if this side has no peer connection that could be restarted.
    fn ask_for_fresh(&mut self) {
        if self.link.is_open() {
            return;
        }
        let note = Note::Fresh(self.cx.attempt());
        self.in_room(|room, cx| room.post_note(cx, &note));
    }

    /// The host's part: an offer that restarts ICE, or one of a fresh peer connection.
    fn offer(&mut self) {
        if self.link.is_open() && !self.recovery.must_rebuild() {
            self.set_restarts(true);
            self.cx.record(Event::IceRestart);
            self.cx.rtc(RtcAction::RestartIce);
        } else {
            self.rebuild_link();
            self.cx.rtc(RtcAction::CreateChannel);
        }
        self.cx.rtc(RtcAction::CreateOffer);
    }

    fn set_restarts(&mut self, restarts: bool) {
        if let Some(handshake) = &mut self.handshake {
            handshake.set_restarts(restarts);
        }
    }

    /// A fresh peer connection replaces the old one.
    fn rebuild_link(&mut self) {
        let vacancy = self.drop_link();
        self.set_restarts(false);
        self.link.open(&mut self.cx, vacancy);
    }

    /// The `WebRtcManager` cannot restart ICE.
    pub(super) fn on_restart_refused(&mut self) {
        self.recovery.set_rebuild();
        if self.is_over_control() { self.on_restart_over() } else { self.offer_again() }
    }

    /// Makes another offer in the same room.
    pub(super) fn offer_again(&mut self) {
        self.abandon_attempt();
        let Some(role) = self.role() else { return };
        self.handshake = Some(Handshake::new(role, Place::Fallback));
        if let Some(meeting) = self.fallback.meeting_mut() {
            meeting.begin(&self.cx);
        }
        self.offer();
    }

    /// The guest has no peer connection that could be restarted: a restart that was offered is withdrawn.
    pub(super) fn on_fresh_asked(&mut self) {
        let waits = |handshake: &Handshake| handshake.restarts() && !handshake.knows_peer_description();
        if self.recovery.is_active() && !self.is_over_control() && self.handshake.as_ref().is_some_and(waits) {
            self.recovery.set_rebuild();
            self.offer_again();
        }
    }

    /// The guest has read an offer in a fallback room.
    pub(super) fn take_fallback_offer(&mut self, offer: SessionDescription) {
        let known = origin(&offer.sdp);
        let restarts = known.is_some() && known.as_ref() == self.recovery.peer_origin();
        if restarts && !self.link.is_open() {
            // Where that was said before, it is in the room already, or on its way.
            return self.ask_for_fresh();
        }
        if restarts {
            self.set_restarts(true);
        } else {
            self.rebuild_link();
        }
        self.cx.cancel(Timer::Attempt);
        self.apply(offer);
    }

    /// The offer in the room in which the peers meet was answered before: this side waits for another, or for the next room.
    pub(super) fn on_answered_before(&mut self) {
        if !self.fallback.is_lasting() {
            // The host names the next room.
            self.fallback.use_up_meeting();
            self.move_on();
        }
    }

    /// Both know the next room; this side goes there if the present one is used up.
    pub(super) fn move_on(&mut self) {
        let knows_peer = self.handshake.as_ref().is_some_and(Handshake::knows_peer_description);
        if self.recovery.step() == Some(Step::Meet) && self.fallback.must_move_on() && !knows_peer {
            self.meet_in_fallback();
        }
    }

    /// The fallback room is closed or expired. A guest that knows another goes there.
    pub(super) fn on_fallback_gone(&mut self, error: ApiError) {
        self.fallback.on_meeting_gone(&mut self.cx);
        self.share_room();
        if self.may_reconnect() && self.role() == Some(Role::Guest) && self.is_connecting() {
            return self.meet_in_fallback();
        }
        self.attempt_failed(error.into());
    }

    /// Whether a side that looks for the peer in a fallback room can still go back to the connection that was lost: its
    /// browser says that the path works, and it has applied nothing there.
    pub(super) fn may_come_back(&self) -> bool {
        let applied = self.handshake.as_ref().is_some_and(Handshake::knows_peer_description);
        self.link.is_open() && self.link.is_connected() && !applied
    }
}
