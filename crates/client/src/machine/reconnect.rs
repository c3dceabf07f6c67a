//! From a lost connection back to one, rung by rung: ICE may heal by itself; it is restarted over the control channel
//! while that lives; it is restarted through the standby room; there a fresh peer connection is made; it is given up.
//!
//! tidy: long because it is the whole ladder

use std::time::Duration;

use super::attempt::{Attempt, Room, Via};
use super::backoff::spread;
use super::effect::{Effect, RtcAction};
use super::input::CommandId;
use super::lifecycle::Machine;
use super::link::Link;
use super::rendezvous::standby_of;
use super::timers::Timer;
use crate::error::{ErrorKind, TimeoutError, WebRtcError};
use crate::event::Event;
use crate::interfaces::state::{ConnectionState, Role};

/// A control channel on which the other side was heard so lately still lives.
const STILL_ALIVE: Duration = Duration::from_secs(3);

/// The longest pause before a failed call is repeated while the connection is lost.
const LONGEST_RETRY_PAUSE: Duration = Duration::from_secs(2);
/// And the longest that a request waits for news then: one that was under way when the network broke is never answered.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How a connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The peer connection has failed; it is kept for a restart.
    Path,
    /// The channel was closed, and not by this side.
    Channel,
    /// This side has broken it.
    Cut,
}

/// Where on the way back to a connection this side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rung {
    /// It may heal by itself.
    Grace,
    /// ICE is restarted over the control channel.
    Restart,
    /// The next attempt waits for its time.
    Pause,
    /// The peers meet in the standby room.
    Standby,
}

/// A connection that is lost, and what is done about it.
#[derive(Debug)]
pub(super) struct Ladder {
    pub(super) rung: Rung,
    /// When it was lost.
    since: Duration,
    /// How many attempts have begun.
    pub(super) attempts: u32,
    /// A restart has failed or cannot be made: only a fresh peer connection helps.
    pub(super) rebuild: bool,
    /// In the last attempt this side could not make a peer connection: the other side is not to blame.
    pub(super) refused: Option<WebRtcError>,
}

impl Machine {
    /// Whether there is a way back to this peer.
    pub(super) fn may_reconnect(&self) -> bool {
        let somewhere = self.standby.is_usable() || self.detour.as_ref().is_some_and(|detour| !detour.gone);
        self.settings.reconnect_enabled && self.session.peer().is_some() && somewhere
    }

    /// The connection does not work at the moment.
    pub(super) fn interrupted(&mut self, reason: String) {
        self.enter_ladder();
        self.enter(ConnectionState::Disconnected, Some(reason));
        match (&mut self.ladder, self.attempt.via) {
            // What can be done is being done already.
            (Some(ladder), Via::Control(_)) => ladder.rung = Rung::Restart,
            _ => self.after(Timer::DisconnectedGrace, self.settings.disconnected_grace),
        }
    }

    pub(super) fn enter_ladder(&mut self) {
        let since = self.now.monotonic;
        self.ladder.get_or_insert(Ladder { rung: Rung::Grace, since, attempts: 0, rebuild: false, refused: None });
    }

    /// ICE has not healed within the grace period.
    pub(super) fn on_grace_over(&mut self) {
        self.record(Event::Timer(Timer::DisconnectedGrace));
        if !self.may_reconnect() {
            // It may still heal, as long as the peer connection has not failed.
            let error = self.error(WebRtcError::Interrupted(self.settings.disconnected_grace));
            return self.record(Event::Failure(error));
        }
        self.leave_grace();
    }

    /// It is not left to heal by itself any longer.
    fn leave_grace(&mut self) {
        if self.link.heard_within(STILL_ALIVE, self.now.monotonic) {
            self.restart_over_control();
        }
        if self.rung() == Some(Rung::Grace) {
            self.schedule_attempt();
        }
    }

    fn rung(&self) -> Option<Rung> {
        self.ladder.as_ref().map(|ladder| ladder.rung)
    }

    /// Somebody wants the connection back: what is under way goes on, and nothing is waited for.
    pub(super) fn try_now(&mut self, command: CommandId) {
        self.starting.push(command);
        self.hurry_polls();
        match self.rung() {
            Some(Rung::Grace) => self.leave_grace(),
            Some(Rung::Pause) => self.after(Timer::Reconnect, Duration::ZERO),
            Some(Rung::Restart | Rung::Standby) | None => {}
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
        if self.state == ConnectionState::Connected {
            self.enter_ladder();
            let reason = match loss {
                Loss::Path => "the network path failed",
                // A browser closes what a page leaves behind, and says so at once.
                Loss::Channel if self.link.heard_within(STILL_ALIVE, self.now.monotonic) => {
                    "the other page was closed or is reloading"
                }
                Loss::Channel | Loss::Cut => "the data channel closed",
            };
            self.enter(ConnectionState::Disconnected, Some(reason.to_owned()));
        }
        if loss != Loss::Path {
            self.drop_link();
        }
        if matches!(self.rung(), Some(Rung::Grace | Rung::Restart)) {
            self.schedule_attempt();
        }
    }

    /// Breaks a connection on purpose, as a crash would.
    pub(super) fn cut(&mut self) {
        if self.state == ConnectionState::Connected {
            self.close_channel();
            self.lost(Loss::Cut);
        }
    }

    /// The other side has left on purpose.
    pub(super) fn on_peer_left(&mut self) {
        self.on_peer_gone(WebRtcError::PeerLeft);
    }

    /// Nothing is left to heal, and there is nobody to look for.
    fn on_peer_gone(&mut self, kind: WebRtcError) {
        let error = self.error(kind);
        self.give_up_room();
        if self.state == ConnectionState::Connected {
            let reason = if error.kind.code() == "peer_left" { "the peer left" } else { "the data channel closed" };
            self.enter(ConnectionState::Disconnected, Some(reason.to_owned()));
        }
        self.release(error.clone());
        self.end_session(false);
        self.record(Event::Failure(error));
    }

    /// Closes the peer connection; another will take its place.
    pub(super) fn drop_link(&mut self) {
        for timer in [Timer::Greeting, Timer::Heartbeat, Timer::Acknowledge, Timer::SelectedPair] {
            self.timers.cancel(timer);
        }
        if self.link.number.is_some() {
            self.close_channel();
            self.push(Effect::CloseConnection);
        }
        self.link = Link::default();
        self.session.connection_replaced();
    }

    /// How long a call that failed is put off at the longest. A network that is away comes back without a word, and
    /// then somebody waits.
    pub(super) fn longest_retry_pause(&self) -> Duration {
        let longest = self.settings.retry_backoff_max;
        if self.ladder.is_some() { longest.min(LONGEST_RETRY_PAUSE) } else { longest }
    }

    /// Plans the next attempt in the standby room, unless there were enough.
    pub(super) fn schedule_attempt(&mut self) {
        let max_attempts = self.settings.max_reconnect_attempts;
        let Some(ladder) = &mut self.ladder else { return };
        if max_attempts > 0 && ladder.attempts >= max_attempts {
            return self.exhausted();
        }
        ladder.rung = Rung::Pause;
        if self.state == ConnectionState::Connecting {
            self.enter(ConnectionState::Disconnected, None);
        }
        let Some(ladder) = &self.ladder else { return };
        let (attempt, settings) = (ladder.attempts + 1, &self.settings);
        // The first comes at once: grace and restart were its pause.
        let delay = match attempt.checked_sub(2) {
            None => Duration::ZERO,
            Some(doublings) => settings.reconnect_backoff_base.saturating_mul(1 << doublings.min(16)),
        };
        let delay = spread(delay.min(settings.reconnect_backoff_max), settings.reconnect_jitter, &mut self.rng);
        self.timers.cancel(Timer::DisconnectedGrace);
        self.record(Event::ReconnectScheduled { attempt, delay_ms: delay.as_secs_f64() * 1000.0, max_attempts });
        self.after(Timer::Reconnect, delay);
    }

    pub(super) fn exhausted(&mut self) {
        let ladder = self.ladder.as_mut();
        let (attempts, refused) = ladder.map_or((0, None), |ladder| (ladder.attempts, ladder.refused.take()));
        self.record(Event::ReconnectExhausted { attempts });
        self.fail_for_good(refused.unwrap_or(WebRtcError::PeerLost));
    }

    /// The next attempt begins.
    pub(super) fn on_reconnect_due(&mut self) {
        let Some(ladder) = &mut self.ladder else { return };
        (ladder.rung, ladder.attempts, ladder.refused) = (Rung::Standby, ladder.attempts + 1, None);
        let attempt = ladder.attempts;
        self.record(Event::ReconnectAttempting { attempt });
        self.enter(ConnectionState::Connecting, Some(format!("attempt {attempt} to reconnect")));
        let used_up = self.detour.as_ref().is_none_or(|detour| detour.used);
        if !used_up && self.attempt_stands() {
            // Nobody has come, or the Registry was away; with the same offer the room's life begins anew.
            self.after(Timer::Attempt, self.settings.reconnect_timeout);
            return self.post_description();
        }
        self.meet_in_standby();
    }

    /// The attempt has waited for the other side for long enough.
    pub(super) fn on_attempt_due(&mut self) {
        self.attempt_failed(TimeoutError::Reconnect { after: self.settings.reconnect_timeout }.into());
    }

    /// An attempt has failed; on to the next.
    pub(super) fn attempt_failed(&mut self, kind: ErrorKind) {
        let error = self.error(kind);
        // Whether a guest's answer has arrived the room will say, should this side not know.
        let answered = match self.role() {
            Some(Role::Guest) => self.attempt.negotiation.is_posted(),
            _ => self.attempt.negotiation.knows_remote(),
        };
        let Some(ladder) = &mut self.ladder else { return };
        let attempt = ladder.attempts;
        ladder.rebuild |= answered && self.attempt.restarts;
        if answered {
            self.use_up_standby();
        }
        self.record(Event::ReconnectFailed { attempt, error });
        if self.attempt_stands() {
            self.stop_polls();
            self.timers.cancel_attempt();
        } else {
            self.abandon_attempt();
        }
        if self.state == ConnectionState::Connecting {
            self.enter(ConnectionState::Disconnected, Some(format!("attempt {attempt} failed")));
        }
        if self.may_reconnect() { self.schedule_attempt() } else { self.exhausted() }
    }

    /// Ends what the present attempt began; the peer connection stays.
    pub(super) fn abandon_attempt(&mut self) {
        self.stop_polls();
        (self.polls.room.in_flight, self.polls.candidates.in_flight) = (false, false);
        self.timers.cancel_attempt();
        self.attempt = Attempt::default();
        self.retry.reset();
        self.number += 1;
        self.push(Effect::Abandon);
    }

    /// The other side was heard, or ICE is well again.
    pub(super) fn look_whether_back(&mut self) {
        let Some(rung) = self.rung() else { return };
        let done = match rung {
            Rung::Grace => true,
            // Before the offer is there, nothing has been begun that would have to be brought to its end.
            Rung::Restart => self.restart_is_done() || self.attempt.via == Via::Registry,
            Rung::Pause | Rung::Standby => self.restart_is_done() || self.may_come_back(),
        };
        if done && self.link.is_connected() && self.link.is_open() {
            if matches!(rung, Rung::Pause | Rung::Standby) && !self.restart_is_done() {
                // What was begun elsewhere must not go on there.
                self.abandon_attempt();
            }
            self.connected();
        }
    }

    /// The connection is there, for the first time or again.
    pub(super) fn connected(&mut self) {
        self.stop_polls();
        self.timers.cancel_attempt();
        // A restart over the control channel goes on for its time: the other side may still need candidates.
        for timer in [Timer::DisconnectedGrace, Timer::Reconnect] {
            self.timers.cancel(timer);
        }
        // What was answered over the control channel has used up no room.
        let answered = self.attempt.via == Via::Registry && self.attempt.negotiation.knows_remote();
        match self.detour.take().filter(|detour| !detour.gone) {
            Some(detour) if answered || detour.used => self.keep_as_last(detour),
            // The guest need not have gone there; it is as good as before.
            Some(detour) => self.standby.rooms.push(standby_of(detour)),
            None => {}
        }
        self.link.asked = None;
        self.session.peer_origin = self.link.remote_origin.clone();
        self.rtc(RtcAction::FindMessageLimit);
        let reason = self.ladder.as_ref().map(|_| "the connection is back".to_owned());
        self.enter(ConnectionState::Connected, reason);
        if let Some(ladder) = self.ladder.take() {
            let lost_ms = self.now.monotonic.saturating_sub(ladder.since).as_secs_f64() * 1000.0;
            self.record(Event::ReconnectSuccess { attempts: ladder.attempts, lost_ms });
        }
        self.settle_starting(&Ok(()));
        self.find_pair();
        self.begin_durable_life();
    }

    /// The room in which the peers have met is kept until they meet in another: the guest may still be writing there.
    fn keep_as_last(&mut self, room: Room) {
        let before = self.standby.last.replace(Room { used: true, ..room });
        if let Some(before) = before.filter(|before| !before.gone && before.info.role == Role::Host) {
            self.close_standby(standby_of(before));
        }
    }

    /// The network has changed, or the browser is online again: nothing is waited for.
    pub(super) fn on_network_changed(&mut self) {
        self.hurry_polls();
        match self.rung() {
            None if self.state == ConnectionState::Connected => {
                self.link.asked = None;
                self.ask_now();
                self.restart_over_control();
            }
            Some(Rung::Grace) if self.may_reconnect() => {
                self.timers.cancel(Timer::DisconnectedGrace);
                self.schedule_attempt();
            }
            Some(Rung::Pause) => self.after(Timer::Reconnect, Duration::ZERO),
            Some(Rung::Standby) if self.role() == Some(Role::Host) && self.attempt_stands() => {
                self.offer_again();
            }
            _ => {}
        }
    }
}
