//! From a lost connection back to one, step by step: ICE may heal by itself; it is restarted over the control channel as long
//! as that works; it is restarted through a room; there a fresh peer connection is made; it is given up.

pub(super) mod fallback;
mod joining;
mod joins;
mod lasting;
mod providing;
mod rooms;

use std::time::Duration;

use super::context::{Context, ms};
use super::timers::Timer;
use crate::error::WebRtcError;
use crate::event::Event;
use crate::machine::backoff::spread;
use crate::machine::budget::Budget;

/// How often ICE is restarted because the peer asks for it: more often than any network changes.
const RESTARTS: (usize, Duration) = (6, Duration::from_secs(30));

/// What is being done to get a lost connection back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Waiting for ICE to heal by itself.
    Heal,
    /// Restarting ICE over the control channel.
    Restart,
    /// Waiting for the next attempt.
    Pause,
    /// Meeting in a fallback room.
    Meet,
}

/// A connection that is lost, and what is done about it.
#[derive(Debug)]
struct Lost {
    step: Step,
    since: Duration,
    /// How many attempts have begun.
    attempts: u32,
    /// A restart has failed or is impossible: only a fresh peer connection helps.
    rebuild: bool,
    /// In the last attempt this side could not make a peer connection: the peer is not to blame.
    refused: Option<WebRtcError>,
}

/// The recovery of a lost connection.
#[derive(Debug)]
pub(super) struct Recovery {
    lost: Option<Lost>,
    /// Identifies the peer's peer connection that was the last to carry messages, by its SDP.
    peer_origin: Option<String>,
    /// How often the peer may make this side restart ICE.
    restarts: Budget,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { lost: None, peer_origin: None, restarts: Budget::new(RESTARTS.0, RESTARTS.1) }
    }
}

impl Recovery {
    /// Whether the connection is lost.
    pub(super) fn is_active(&self) -> bool {
        self.lost.is_some()
    }

    /// What is being done, while the connection is lost.
    pub(super) fn step(&self) -> Option<Step> {
        self.lost.as_ref().map(|lost| lost.step)
    }

    /// Whether the peer is looked for in a fallback room, now or soon.
    pub(super) fn is_elsewhere(&self) -> bool {
        matches!(self.step(), Some(Step::Pause | Step::Meet))
    }

    /// The connection is lost.
    pub(super) fn begin(&mut self, cx: &Context) {
        let lost = Lost { step: Step::Heal, since: cx.now(), attempts: 0, rebuild: false, refused: None };
        self.lost.get_or_insert(lost);
    }

    /// ICE is being restarted over the control channel, if the connection is lost.
    pub(super) fn on_restarting(&mut self, cx: &mut Context) {
        if let Some(lost) = &mut self.lost {
            lost.step = Step::Restart;
            cx.cancel(Timer::DisconnectedGrace);
            cx.cancel(Timer::Reconnect);
        }
    }

    /// How many attempts have begun.
    pub(super) fn attempts(&self) -> u32 {
        self.lost.as_ref().map_or(0, |lost| lost.attempts)
    }

    /// Whether only a fresh peer connection helps.
    pub(super) fn must_rebuild(&self) -> bool {
        self.lost.as_ref().is_some_and(|lost| lost.rebuild)
    }

    /// A restart has failed or is impossible.
    pub(super) fn set_rebuild(&mut self) {
        if let Some(lost) = &mut self.lost {
            lost.rebuild = true;
        }
    }

    /// In this attempt this side could not make a peer connection.
    pub(super) fn on_peer_refused(&mut self, error: &WebRtcError) {
        if let Some(lost) = &mut self.lost {
            lost.refused = Some(error.clone());
        }
    }

    /// Plans the next attempt in a fallback room.
    ///
    /// # Errors
    /// There have been as many as there may be; what is to blame.
    pub(super) fn schedule(&mut self, cx: &mut Context) -> Result<(), WebRtcError> {
        let max_attempts = cx.settings.max_reconnect_attempts;
        let Some(lost) = &mut self.lost else { return Ok(()) };
        if max_attempts > 0 && lost.attempts >= max_attempts {
            return Err(self.exhaust(cx));
        }
        lost.step = Step::Pause;
        let attempt = lost.attempts + 1;
        // The first comes at once: healing and restarting were its pause.
        let delay = match attempt.checked_sub(2) {
            None => Duration::ZERO,
            Some(doublings) => cx.settings.reconnect_backoff_base.saturating_mul(1 << doublings.min(16)),
        };
        let delay = delay.min(cx.settings.reconnect_backoff_max);
        let delay = spread(cx, delay, cx.settings.reconnect_jitter);
        cx.cancel(Timer::DisconnectedGrace);
        cx.record(Event::ReconnectScheduled { attempt, delay_ms: ms(delay), max_attempts });
        cx.after(Timer::Reconnect, delay);
        Ok(())
    }

    /// No attempt follows. Returns what is to blame.
    pub(super) fn exhaust(&mut self, cx: &mut Context) -> WebRtcError {
        cx.record(Event::ReconnectExhausted { attempts: self.attempts() });
        let refused = self.lost.as_mut().and_then(|lost| lost.refused.take());
        refused.unwrap_or(WebRtcError::PeerLost)
    }

    /// The next attempt begins. Returns its number, counted from 1.
    pub(super) fn begin_attempt(&mut self, cx: &mut Context) -> Option<u32> {
        let lost = self.lost.as_mut()?;
        (lost.step, lost.attempts, lost.refused) = (Step::Meet, lost.attempts + 1, None);
        cx.record(Event::ReconnectAttempting { attempt: lost.attempts });
        Some(lost.attempts)
    }

    /// The connection is back, if it was lost.
    pub(super) fn finish(&mut self, cx: &mut Context) {
        if let Some(lost) = self.lost.take() {
            let lost_ms = ms(cx.now().saturating_sub(lost.since));
            cx.record(Event::ReconnectSuccess { attempts: lost.attempts, lost_ms });
        }
    }

    /// The connection is given up, or the room closed.
    pub(super) fn end(&mut self) {
        self.lost = None;
    }

    /// Whether the peer may make this side restart ICE once more; then it has.
    pub(super) fn grants_restart(&mut self, cx: &Context) -> bool {
        let granted = self.restarts.earliest(cx.now()) <= cx.now();
        if granted {
            self.restarts.spend(cx.now());
        }
        granted
    }

    /// The peer connection of the peer that was the last to carry messages.
    pub(super) fn peer_origin(&self) -> Option<&String> {
        self.peer_origin.as_ref()
    }

    /// This peer connection of the peer carries messages now.
    pub(super) fn set_peer_origin(&mut self, origin: Option<String>) {
        self.peer_origin = origin;
    }
}

#[cfg(test)]
mod tests;
