use std::time::Duration;

use strum::{EnumCount, IntoEnumIterator};

pub(crate) use crate::event::Timer;

/// When each [`Timer`] is due, by the monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Duration>; Timer::COUNT]);

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
        for timer in Timer::iter().filter(|timer| timer.is_of_an_attempt()) {
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
        let first = Timer::iter().filter(due).min_by_key(|timer| self.0[*timer as usize])?;
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
