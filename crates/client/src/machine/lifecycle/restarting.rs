//! ICE is restarted on the same peer connection: over the control channel, while the peers can hear each other there.

use registry_protocol::{IceCandidate, SessionDescription};

use super::Machine;
use crate::event::Event;
use crate::machine::control::ControlMessage;
use crate::machine::effect::RtcAction;
use crate::machine::handshake::{Handshake, Place};
use crate::machine::recovery::Step;
use crate::machine::signalling::ControlExchange;
use crate::machine::timers::Timer;
use crate::types::state::Role;

impl Machine {
    fn may_restart_over_control(&self) -> bool {
        !self.recovery.is_elsewhere() && !self.is_over_control() && self.link.is_durable() && self.link.is_open()
    }

    /// The guest wants ICE to be restarted.
    pub(super) fn on_restart_asked(&mut self) {
        if self.is_host() && self.may_restart_over_control() && self.recovery.grants_restart(&self.cx) {
            self.restart_over_control();
        }
    }

    /// Restarts ICE while the control channel works: the host offers, a guest asks it to.
    pub(super) fn restart_over_control(&mut self) {
        if !self.may_restart_over_control() {
            return;
        }
        self.recovery.on_restarting(&mut self.cx);
        self.cx.after(Timer::Restart, self.cx.settings.restart_timeout / 2);
        if self.is_host() {
            self.begin_restart(Role::Host, None);
            self.cx.record(Event::IceRestart);
            self.cx.rtc(RtcAction::RestartIce);
            self.cx.rtc(RtcAction::CreateOffer);
        } else {
            self.cx.send(ControlMessage::Restart);
        }
    }

    /// A handshake over the control channel begins, with the host's number of the attempt.
    fn begin_restart(&mut self, role: Role, attempt: Option<u32>) {
        self.abandon_attempt();
        let exchange = ControlExchange::new(attempt.unwrap_or(self.cx.attempt()), role);
        let mut handshake = Handshake::new(role, Place::Control(exchange));
        handshake.set_restarts(true);
        self.handshake = Some(handshake);
    }

    pub(super) fn on_control_offer(&mut self, attempt: u32, offer: SessionDescription) {
        let knows_peer = self.handshake.as_ref().is_some_and(Handshake::knows_peer_description);
        let answering = self.recovery.step() == Some(Step::Meet) && knows_peer;
        let guest = self.role() == Some(Role::Guest);
        if guest && self.link.is_open() && !answering && self.recovery.grants_restart(&self.cx) {
            self.begin_restart(Role::Guest, Some(attempt));
            self.recovery.on_restarting(&mut self.cx);
            self.cx.record(Event::IceRestart);
            self.cx.after(Timer::Restart, self.cx.settings.restart_timeout / 2);
            self.apply(offer);
        }
    }

    pub(super) fn on_control_answer(&mut self, attempt: u32, answer: SessionDescription) {
        let expected = self.handshake.as_ref().is_some_and(|handshake| {
            let published = |exchange: &ControlExchange| exchange.is(attempt) && exchange.is_published();
            handshake.control().is_some_and(published) && !handshake.knows_peer_description()
        });
        if expected && self.is_host() {
            self.apply(answer);
        }
    }

    pub(super) fn on_control_candidate(&mut self, attempt: u32, candidate: IceCandidate) {
        let Some(handshake) = &mut self.handshake else { return };
        let Place::Control(exchange) = handshake.place() else { return };
        if exchange.is(attempt) && exchange.takes(&candidate) {
            handshake.add(&mut self.cx, candidate);
        }
    }

    /// The restart over the control channel has had its time, or has failed.
    pub(super) fn on_restart_over(&mut self) {
        self.cx.cancel(Timer::Restart);
        if self.is_over_control() {
            self.abandon_attempt();
        }
        if self.recovery.step() == Some(Step::Restart) {
            self.schedule_attempt();
        }
    }

    /// Whether both descriptions of a restart are applied, and the browser says that the path works.
    pub(super) fn restart_is_done(&self) -> bool {
        let settled = |handshake: &Handshake| handshake.restarts() && handshake.is_settled();
        self.handshake.as_ref().is_some_and(settled) && self.link.is_connected()
    }

    /// This side has done its part of a restart, or the path has changed: asks whether the peer is there.
    pub(super) fn after_restart_step(&mut self) {
        // Where it was never lost there is nothing to find out; the peer may still need the candidates that come until the
        // restart is over.
        if self.restart_is_done() && !self.is_connected() {
            self.link.forget_ping();
            self.ping();
        }
    }
}
