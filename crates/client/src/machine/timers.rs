use std::time::Duration;

use serde::Serialize;
use strum::IntoStaticStr;

/// Every deadline there is.
#[repr(usize)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum Timer {
    /// Creating or joining is repeated.
    Admission,
    /// The room should have expired by now: ask.
    RoomExpiry,
    /// Posting offer or answer is repeated.
    PostDescription,
    /// The next candidate may be posted.
    PostCandidate,
    /// The room is polled.
    RoomPoll,
    /// The other side's candidates are polled.
    CandidatePoll,
    /// Both descriptions are known, and the data channel should be open by now.
    Connection,
    /// All candidates should be gathered by now.
    Gathering,
    /// ICE should have healed by now.
    DisconnectedGrace,
    /// An ICE restart over the control channel should be done by now.
    Restart,
    /// The next attempt to reconnect begins.
    Reconnect,
    /// The peer should have come to the standby room by now.
    Attempt,
    /// The peer should have greeted by now.
    Greeting,
    /// The peer is asked whether it is there.
    Heartbeat,
    /// The peer is told what was delivered.
    Acknowledge,
    /// The oldest message that waits has waited for too long.
    BufferExpiry,
    /// The next standby room is made, or something about one is tried again.
    Standby,
    /// The room is closed, whether or not all is delivered that was accepted before.
    Close,
    /// The selected pair of candidates is asked for again.
    SelectedPair,
}

as_str!(Timer);

impl Timer {
    const ALL: [Self; 19] = [
        Self::Admission,
        Self::RoomExpiry,
        Self::PostDescription,
        Self::PostCandidate,
        Self::RoomPoll,
        Self::CandidatePoll,
        Self::Connection,
        Self::Gathering,
        Self::DisconnectedGrace,
        Self::Restart,
        Self::Reconnect,
        Self::Attempt,
        Self::Greeting,
        Self::Heartbeat,
        Self::Acknowledge,
        Self::BufferExpiry,
        Self::Standby,
        Self::Close,
        Self::SelectedPair,
    ];

    /// Whether it belongs to one attempt at a handshake; the others outlive it.
    fn is_of_an_attempt(self) -> bool {
        match self {
            Self::Admission
            | Self::RoomExpiry
            | Self::PostDescription
            | Self::PostCandidate
            | Self::RoomPoll
            | Self::CandidatePoll
            | Self::Connection
            | Self::Gathering
            | Self::Attempt => true,
            Self::DisconnectedGrace
            | Self::Restart
            | Self::Reconnect
            | Self::Greeting
            | Self::Heartbeat
            | Self::Acknowledge
            | Self::BufferExpiry
            | Self::Standby
            | Self::Close
            | Self::SelectedPair => false,
        }
    }
}

/// When each [`Timer`] is due, by the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Duration>; Timer::ALL.len()]);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Duration) {
        self.0[timer as usize] = Some(at);
    }

    pub(super) fn cancel(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.0[timer as usize].is_some()
    }

    pub(super) fn cancel_attempt(&mut self) {
        for timer in Timer::ALL.into_iter().filter(|timer| timer.is_of_an_attempt()) {
            self.cancel(timer);
        }
    }

    pub(super) fn cancel_all(&mut self) {
        self.0 = Default::default();
    }

    /// When the first is due.
    pub(super) fn next(&self) -> Option<Duration> {
        self.0.iter().flatten().min().copied()
    }

    /// Takes the one that has been due longest.
    pub(super) fn pop_due(&mut self, now: Duration) -> Option<Timer> {
        let due = |timer: &Timer| self.0[*timer as usize].is_some_and(|at| at <= now);
        let first = Timer::ALL.into_iter().filter(due).min_by_key(|timer| self.0[*timer as usize])?;
        self.cancel(first);
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_due_comes_first_and_only_once() {
        let mut timers = Timers::default();
        let at = Duration::from_secs;
        timers.set(Timer::Connection, at(3));
        timers.set(Timer::Gathering, at(1));
        timers.set(Timer::RoomPoll, at(9));
        assert_eq!(timers.next(), Some(at(1)));
        assert_eq!(timers.pop_due(at(5)), Some(Timer::Gathering));
        assert_eq!(timers.pop_due(at(5)), Some(Timer::Connection));
        assert_eq!(timers.pop_due(at(5)), None);
        assert_eq!(timers.next(), Some(at(9)));
    }

    #[test]
    fn a_timer_that_is_set_again_moves_and_one_that_is_cancelled_is_gone() {
        let mut timers = Timers::default();
        timers.set(Timer::RoomPoll, Duration::from_secs(1));
        timers.set(Timer::RoomPoll, Duration::from_secs(2));
        assert_eq!(timers.pop_due(Duration::from_secs(1)), None);
        timers.cancel(Timer::RoomPoll);
        assert_eq!(timers.next(), None);
    }
}
