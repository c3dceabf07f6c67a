//! ICE is restarted on the same peer connection: over the control channel, while the peers can hear each other there.

use std::time::Duration;

use registry_protocol::{IceCandidate, SessionDescription};

use super::attempt::{Attempt, Via};
use super::effect::RtcAction;
use super::lifecycle::Machine;
use super::reconnect::Rung;
use super::timers::Timer;
use crate::durable::ControlMessage;
use crate::event::Event;
use crate::interfaces::state::{ConnectionState, Role};

/// How often ICE is restarted because the other side says so: more often than any network changes.
pub(super) const RESTARTS: (usize, Duration) = (6, Duration::from_secs(30));

impl Machine {
    fn may_restart_over_control(&self) -> bool {
        let elsewhere = self.ladder.as_ref().is_some_and(|ladder| matches!(ladder.rung, Rung::Pause | Rung::Standby));
        let busy = matches!(self.attempt.via, Via::Control(_));
        !elsewhere && !busy && self.link.is_durable() && self.link.is_open()
    }

    /// Whether the other side may make this side restart ICE once more; then it has.
    fn grant_restart(&mut self) -> bool {
        let now = self.now.monotonic;
        let granted = self.restarts.earliest(now) <= now;
        if granted {
            self.restarts.spend(now);
        }
        granted
    }

    /// The guest wants ICE to be restarted.
    pub(super) fn on_restart_asked(&mut self) {
        if self.role() == Some(Role::Host) && self.may_restart_over_control() && self.grant_restart() {
            self.restart_over_control();
        }
    }

    /// Restarts ICE while the control channel lives: the host offers, a guest asks it to.
    pub(super) fn restart_over_control(&mut self) {
        if !self.may_restart_over_control() {
            return;
        }
        if let Some(ladder) = &mut self.ladder {
            ladder.rung = Rung::Restart;
            self.timers.cancel(Timer::DisconnectedGrace);
        }
        self.after(Timer::Restart, self.settings.restart_timeout / 2);
        if self.role() == Some(Role::Host) {
            self.abandon_attempt();
            self.attempt = Attempt { via: Via::Control(self.number), restarts: true, ..Attempt::default() };
            self.record(Event::IceRestart);
            self.rtc(RtcAction::RestartIce);
            self.rtc(RtcAction::CreateOffer);
        } else {
            self.say(ControlMessage::Restart);
        }
    }

    pub(super) fn on_control_offer(&mut self, attempt: u32, offer: SessionDescription) {
        let answering = self.ladder.as_ref().is_some_and(|ladder| ladder.rung == Rung::Standby)
            && self.attempt.negotiation.knows_remote();
        if self.role() == Some(Role::Guest) && self.link.is_open() && !answering && self.grant_restart() {
            self.abandon_attempt();
            self.attempt = Attempt { via: Via::Control(attempt), restarts: true, ..Attempt::default() };
            if let Some(ladder) = &mut self.ladder {
                ladder.rung = Rung::Restart;
                self.timers.cancel(Timer::DisconnectedGrace);
                self.timers.cancel(Timer::Reconnect);
            }
            self.record(Event::IceRestart);
            self.after(Timer::Restart, self.settings.restart_timeout / 2);
            self.apply_remote(offer, false);
        }
    }

    pub(super) fn on_control_answer(&mut self, attempt: u32, answer: SessionDescription) {
        let negotiation = &self.attempt.negotiation;
        let expected =
            self.attempt.via == Via::Control(attempt) && negotiation.is_posted() && !negotiation.knows_remote();
        if expected && self.role() == Some(Role::Host) {
            self.apply_remote(answer, true);
        }
    }

    pub(super) fn on_control_candidate(&mut self, attempt: u32, candidate: IceCandidate) {
        if self.attempt.via == Via::Control(attempt) {
            self.receive_candidate(candidate);
        }
    }

    /// The restart over the control channel has had its time, or has failed.
    pub(super) fn on_restart_over(&mut self) {
        self.timers.cancel(Timer::Restart);
        if matches!(self.attempt.via, Via::Control(_)) {
            self.abandon_attempt();
        }
        if self.ladder.as_ref().is_some_and(|ladder| ladder.rung == Rung::Restart) {
            self.schedule_attempt();
        }
    }

    /// Both descriptions of a restart are applied, and the browser says that the path works.
    pub(super) fn restart_is_done(&self) -> bool {
        self.attempt.restarts && self.attempt.negotiation.is_settled() && self.link.is_connected()
    }

    /// This side has done its part of a restart, or the path has changed: asks whether the other side is there.
    pub(super) fn after_restart_step(&mut self) {
        // Where it was never lost there is nothing to find out; the other side may still need the candidates that come
        // until the restart is over.
        if self.restart_is_done() && self.state != ConnectionState::Connected {
            self.link.asked = None;
            self.ask_now();
        }
    }
}
