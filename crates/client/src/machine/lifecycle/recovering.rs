//! A connection is lost, and comes back or is given up.

use std::time::Duration;

use super::Machine;
use crate::error::{ErrorKind, TimeoutError, WebRtcError};
use crate::event::Event;
use crate::machine::effect::{Effect, RtcAction};
use crate::machine::handshake::Handshake;
use crate::machine::input::CommandId;
use crate::machine::link::Vacancy;
use crate::machine::recovery::Step;
use crate::machine::timers::Timer;
use crate::types::state::{ConnectionState, Role};

/// How a connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The peer connection has failed; it is kept for a restart.
    Path,
    /// The channel was closed, and not by this side.
    Channel,
    /// This side has cut it.
    Cut,
}

impl Machine {
    /// Whether there is a way back to this peer.
    pub(super) fn may_reconnect(&self) -> bool {
        self.cx.settings.reconnect_enabled && self.delivery.knows_peer() && self.fallback.is_usable()
    }

    /// The connection does not work at the moment.
    pub(super) fn interrupted(&mut self, reason: String) {
        self.recovery.begin(&self.cx);
        self.enter(ConnectionState::Disconnected, Some(reason));
        if self.is_over_control() {
            // What can be done is being done already.
            self.recovery.on_restarting(&mut self.cx);
        } else {
            self.cx.after(Timer::DisconnectedGrace, self.cx.settings.disconnected_grace);
        }
    }

    /// ICE has not healed within the grace period.
    pub(super) fn on_grace_over(&mut self) {
        self.cx.record(Event::Timer(Timer::DisconnectedGrace));
        if self.may_reconnect() {
            self.stop_healing();
        } else {
            // It may still heal, as long as the peer connection has not failed.
            self.report(WebRtcError::Interrupted(self.cx.settings.disconnected_grace));
        }
    }

    /// It is not left to heal by itself any longer.
    fn stop_healing(&mut self) {
        if self.link.is_alive(&self.cx) {
            self.restart_over_control();
        }
        if self.recovery.step() == Some(Step::Heal) {
            self.schedule_attempt();
        }
    }

    /// Somebody wants the connection back: what is under way goes on, and nothing is waited for.
    pub(super) fn try_now(&mut self, command: CommandId) {
        self.starting.push(command);
        self.hurry_polls();
        match self.recovery.step() {
            Some(Step::Heal) => self.stop_healing(),
            Some(Step::Pause) => self.cx.after(Timer::Reconnect, Duration::ZERO),
            Some(Step::Restart | Step::Meet) | None => {}
        }
    }

    /// The connection is lost, unless there is a way back to it.
    pub(super) fn lost(&mut self, loss: Loss) {
        if !self.may_reconnect() {
            return match loss {
                Loss::Path => self.fail_for_good(WebRtcError::PeerLost),
                Loss::Channel | Loss::Cut => self.on_peer_gone(WebRtcError::PeerLost),
            };
        }
        if self.is_connected() {
            self.recovery.begin(&self.cx);
            let reason = match loss {
                Loss::Path => "the network path failed",
                // A browser closes what a page leaves behind, and reports that at once.
                Loss::Channel if self.link.is_alive(&self.cx) => "the other page was closed or is reloading",
                Loss::Channel | Loss::Cut => "the data channel closed",
            };
            self.enter(ConnectionState::Disconnected, Some(reason.to_owned()));
        }
        if loss != Loss::Path {
            self.drop_link();
        }
        if matches!(self.recovery.step(), Some(Step::Heal | Step::Restart)) {
            self.schedule_attempt();
        }
    }

    /// Cuts a connection on purpose, as a crash would.
    pub(super) fn cut(&mut self) {
        if self.is_connected() {
            self.link.record_closed(&mut self.cx);
            self.lost(Loss::Cut);
        }
    }

    /// Nothing is left to heal, and there is nobody to look for.
    pub(super) fn on_peer_gone(&mut self, kind: WebRtcError) {
        let error = self.error(kind);
        self.give_up_room();
        if self.is_connected() {
            let reason = if error.kind.code() == "peer_left" { "the peer left" } else { "the data channel closed" };
            self.enter(ConnectionState::Disconnected, Some(reason.to_owned()));
        }
        self.release(error.clone(), Effect::Release);
        self.delivery.end_session(&mut self.cx, false);
        self.cx.record(Event::Failure(error));
    }

    /// Closes the peer connection; another will replace it.
    pub(super) fn drop_link(&mut self) -> Vacancy {
        self.delivery.on_connection_replaced();
        self.link.close(&mut self.cx)
    }

    /// Plans the next attempt in a fallback room, unless there were enough.
    pub(super) fn schedule_attempt(&mut self) {
        match self.recovery.schedule(&mut self.cx) {
            Ok(()) if self.is_connecting() => self.enter(ConnectionState::Disconnected, None),
            Ok(()) => {}
            Err(error) => self.fail_for_good(error),
        }
    }

    /// No attempt follows.
    pub(super) fn exhausted(&mut self) {
        let error = self.recovery.exhaust(&mut self.cx);
        self.fail_for_good(error);
    }

    /// The next attempt begins.
    pub(super) fn on_reconnect_due(&mut self) {
        let Some(attempt) = self.recovery.begin_attempt(&mut self.cx) else { return };
        self.enter(ConnectionState::Connecting, Some(format!("reconnect attempt {attempt}")));
        if !self.fallback.is_used_up() && self.attempt_stands() {
            // Nobody has come, or the Registry was away; with the same offer the room's life begins anew.
            self.cx.after(Timer::Attempt, self.cx.settings.reconnect_timeout);
            self.in_room(|room, cx| room.publish_again(cx));
        } else {
            self.meet_in_fallback();
        }
    }

    /// The attempt has waited for the peer for long enough.
    pub(super) fn on_attempt_due(&mut self) {
        self.attempt_failed(TimeoutError::Reconnect { after: self.cx.settings.reconnect_timeout }.into());
    }

    /// An attempt has failed; on to the next.
    pub(super) fn attempt_failed(&mut self, kind: ErrorKind) {
        let error = self.error(kind);
        if !self.recovery.is_active() {
            return;
        }
        let attempt = self.recovery.attempts();
        // Whether a guest's answer has arrived the room will tell, should this side not know.
        if self.is_spent() {
            // Either a restart did not help, or the peer connection that it made is one that the peer does not know to work.
            self.recovery.set_rebuild();
            self.fallback.use_up_meeting();
        }
        self.cx.record(Event::ReconnectFailed { attempt, error });
        if self.attempt_stands() {
            self.in_room(|room, cx| room.pause(cx));
            self.cx.timers().cancel_attempt();
        } else {
            self.abandon_attempt();
        }
        if self.is_connecting() {
            self.enter(ConnectionState::Disconnected, Some(format!("reconnect attempt {attempt} failed")));
        }
        if self.may_reconnect() { self.schedule_attempt() } else { self.exhausted() }
    }

    /// Ends what the current attempt began; the peer connection stays.
    pub(super) fn abandon_attempt(&mut self) {
        self.end_exchange();
        self.cx.timers().cancel_attempt();
        self.handshake = None;
        self.cx.next_attempt();
        self.cx.push(Effect::Abandon);
    }

    /// Ends the exchange of the current handshake, in whatever room it is.
    pub(super) fn end_exchange(&mut self) {
        self.in_room(|room, cx| room.end(cx));
    }

    /// The connection is there, for the first time or again.
    pub(super) fn connected(&mut self) {
        self.in_room(|room, cx| room.pause(cx));
        self.cx.timers().cancel_attempt();
        // A restart over the control channel goes on for its time: the peer may still need candidates.
        for timer in [Timer::DisconnectedGrace, Timer::Reconnect] {
            self.cx.cancel(timer);
        }
        // What was answered over the control channel has used up no room.
        let in_room = |handshake: &Handshake| !handshake.is_over_control() && handshake.knows_peer_description();
        let answered = self.handshake.as_ref().is_some_and(in_room);
        self.fallback.on_connected(&mut self.cx, answered);
        self.link.forget_ping();
        self.recovery.set_peer_origin(self.link.remote_origin());
        self.cx.rtc(RtcAction::FindMessageLimit);
        let reason = self.recovery.is_active().then(|| "the connection is back".to_owned());
        self.enter(ConnectionState::Connected, reason);
        self.recovery.finish(&mut self.cx);
        self.settle_starting(&Ok(()));
        self.find_pair();
        self.begin_durable_life();
    }

    /// The network has changed, or the browser is online again: nothing is waited for.
    pub(super) fn on_network_changed(&mut self) {
        self.hurry_polls();
        match self.recovery.step() {
            None if self.is_connected() => {
                self.link.forget_ping();
                self.ping();
                self.restart_over_control();
            }
            Some(Step::Heal) if self.may_reconnect() => self.schedule_attempt(),
            Some(Step::Pause) => self.cx.after(Timer::Reconnect, Duration::ZERO),
            Some(Step::Meet) if self.role() == Some(Role::Host) && self.attempt_stands() => self.offer_again(),
            _ => {}
        }
    }
}
