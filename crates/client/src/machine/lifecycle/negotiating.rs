//! Offer and answer: what the peer connection makes of them. Specification: *Phase 2: Offer/Answer Negotiation*.

use std::time::Duration;

use registry_protocol::{IceCandidate, SessionDescription};

use super::Machine;
use crate::error::{NegotiationStep, StateError, TimeoutError, WebRtcError};
use crate::event::Event;
use crate::machine::effect::RtcAction;
use crate::machine::handshake::{Handshake, Place};
use crate::machine::input::CommandId;
use crate::machine::link::origin;
use crate::machine::timers::Timer;
use crate::types::state::{ConnectionState, Role};

impl Machine {
    /// Begins the first handshake. While a connection is lost, it means to try at once to have it back.
    pub(super) fn start(&mut self, command: CommandId) {
        if self.recovery.is_active() && self.may_reconnect() {
            return self.try_now(command);
        }
        let (from, to) = (self.state, ConnectionState::Connecting);
        if let Err(error) = from.check(to) {
            return self.refuse(command, error);
        }
        let role = match &self.room {
            None => return self.refuse(command, StateError::NoRoom),
            Some(room) if room.is_gone() => return self.refuse(command, StateError::RoomGone),
            Some(room) => room.role(),
        };
        // Without a vacancy the old path may still heal; nothing takes its place.
        let Some(vacancy) = self.link.vacancy() else {
            return self.refuse(command, StateError::InvalidTransition { from, to });
        };
        self.cx.next_attempt();
        self.starting.push(command);
        self.enter(ConnectionState::Connecting, None);
        self.handshake = Some(Handshake::new(role, Place::Room));
        if let Some(room) = &mut self.room {
            room.begin(&self.cx);
            room.watch_expiry(&mut self.cx);
        }
        self.link.open(&mut self.cx, vacancy);
        if role == Role::Host {
            self.cx.rtc(RtcAction::CreateChannel);
            self.cx.rtc(RtcAction::CreateOffer);
        }
    }

    /// There is no peer connection. Where another try cannot help, none is made, not even in a recovery.
    pub(super) fn on_peer_refused(&mut self, error: WebRtcError) {
        if !error.retryable() {
            return self.fail_for_good(error);
        }
        self.recovery.on_peer_refused(&error);
        self.fail(error);
    }

    pub(super) fn on_channel_refused(&mut self, reason: String) {
        self.fail_step(NegotiationStep::CreateDataChannel, reason);
    }

    fn fail_step(&mut self, step: NegotiationStep, reason: String) {
        // The runner goes on to the next action after one has failed; the first failure is the one that counts.
        if self.is_negotiating() {
            self.fail(WebRtcError::Negotiation { step, reason });
        }
    }

    pub(super) fn on_offer_created(&mut self, result: Result<SessionDescription, String>) {
        self.on_created(NegotiationStep::CreateOffer, result);
    }

    pub(super) fn on_answer_created(&mut self, result: Result<SessionDescription, String>) {
        self.on_created(NegotiationStep::CreateAnswer, result);
    }

    fn on_created(&mut self, step: NegotiationStep, result: Result<SessionDescription, String>) {
        match (result, &mut self.handshake) {
            (Ok(description), Some(handshake)) => handshake.on_created(&mut self.cx, description),
            (Ok(_), None) => {}
            (Err(reason), _) => self.fail_step(step, reason),
        }
    }

    pub(super) fn on_local_set(&mut self, description: SessionDescription, result: Result<(), String>) {
        if let Err(reason) = result {
            return self.fail_step(NegotiationStep::SetLocalDescription, reason);
        }
        let Some(handshake) = &mut self.handshake else { return };
        handshake.on_local_set(&mut self.cx);
        match handshake.place() {
            Place::Control(exchange) => exchange.publish(&mut self.cx, description),
            Place::Room | Place::Fallback => {
                self.in_room(|room, cx| room.publish(cx, description));
            }
        }
        if self.role() == Some(Role::Guest) {
            self.settle_handshake();
        }
    }

    /// Applies the peer's description.
    pub(super) fn apply(&mut self, description: SessionDescription) {
        let Some(handshake) = &mut self.handshake else { return };
        self.link.set_remote_origin(origin(&description.sdp));
        self.cx.cancel(Timer::RoomExpiry);
        // In a fallback room a guest has the time of the attempt to post its answer.
        let limited = self.room.as_ref().is_some_and(|room| room.role() == Role::Host) || !handshake.is_in_fallback();
        let published = description.clone();
        handshake.apply(&mut self.cx, description);
        self.in_room(|room, _| room.take_peer_description(published));
        if limited {
            self.limit_handshake();
        }
    }

    /// Both descriptions are known: from now on the connection has its deadline.
    pub(super) fn limit_handshake(&mut self) {
        if !self.is_over_control() {
            self.cx.cancel(Timer::Attempt);
            self.cx.after(Timer::Connection, self.handshake_timeout());
        }
    }

    /// How long the connection may take once both descriptions are known.
    fn handshake_timeout(&self) -> Duration {
        let restarts = self.handshake.as_ref().is_some_and(Handshake::restarts);
        if restarts { self.cx.settings.restart_timeout } else { self.cx.settings.connection_timeout }
    }

    pub(super) fn on_connection_due(&mut self) {
        self.cx.record(Event::Timer(Timer::Connection));
        self.fail(TimeoutError::Connection { after: self.handshake_timeout() });
    }

    pub(super) fn on_remote_set(&mut self, result: Result<(), String>) {
        if let Err(reason) = result {
            return self.fail_step(NegotiationStep::SetRemoteDescription, reason);
        }
        if let Some(handshake) = &mut self.handshake {
            handshake.on_peer_applied(&mut self.cx);
            self.settle_handshake();
        }
    }

    /// Both descriptions are applied on this side.
    fn settle_handshake(&mut self) {
        if let Some(handshake) = &mut self.handshake {
            handshake.settle();
        }
        self.after_restart_step();
    }

    pub(super) fn on_local_candidate(&mut self, candidate: Option<IceCandidate>) {
        let Some(handshake) = &mut self.handshake else { return };
        let Some(candidate) = handshake.on_gathered(&mut self.cx, candidate) else { return };
        match handshake.place() {
            Place::Control(exchange) => exchange.publish_candidate(&mut self.cx, candidate),
            Place::Room | Place::Fallback => {
                self.in_room(|room, cx| room.publish_candidate(cx, candidate));
            }
        }
    }
}
