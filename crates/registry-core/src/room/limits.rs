use serde::{Deserialize, Serialize};

use crate::window::{Window, admit};
use crate::{Rates, Refusal};

/// The rate limit windows of one room, shared by both peers.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows {
    join: Window,
    snapshot: Window,
    exchange: Window,
    signal: Window,
    signal_long: Window,
}

impl Windows {
    pub(super) fn count_join(&mut self, now: u64, rates: &Rates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.join, rates.join)]))
    }

    pub(super) fn count_snapshot(&mut self, now: u64, rates: &Rates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.snapshot, rates.snapshot)]))
    }

    pub(super) fn count_exchange(&mut self, now: u64, rates: &Rates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.exchange, rates.exchange)]))
    }

    pub(super) fn count_signal(&mut self, now: u64, rates: &Rates) -> Result<(), Refusal> {
        let Self { signal, signal_long, .. } = self;
        limited(admit(now, [(signal, rates.signal), (signal_long, rates.signal_long)]))
    }
}

fn limited(admitted: Result<(), u64>) -> Result<(), Refusal> {
    admitted.map_err(|wait_ms| Refusal::RateLimited { wait_ms })
}

/// Protects a room's join code from being guessed: after a few failed attempts joining is locked for a while.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct JoinLock {
    wrong: u32,
    until: u64,
}

impl JoinLock {
    /// # Errors
    /// [`Refusal::RateLimited`] while joining is locked.
    pub(super) fn check(&self, now: u64) -> Result<(), Refusal> {
        match self.until.saturating_sub(now) {
            0 => Ok(()),
            wait_ms => Err(Refusal::RateLimited { wait_ms }),
        }
    }

    /// Records a failed attempt.
    pub(super) fn record_failure(&mut self, now: u64, rates: &Rates) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(beyond) = self.wrong.checked_sub(rates.wrong_joins) {
            let factor = 1_u64.checked_shl(beyond).unwrap_or(u64::MAX);
            self.until = now.saturating_add(rates.join_lock_ms.saturating_mul(factor));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_engages_after_a_few_failures_and_doubles() {
        let rates = Rates { wrong_joins: 2, join_lock_ms: 100, ..Rates::default() };
        let mut lock = JoinLock::default();
        lock.record_failure(0, &rates);
        assert_eq!(lock.check(0), Ok(()));
        lock.record_failure(1, &rates);
        assert_eq!(lock.check(1), Err(Refusal::RateLimited { wait_ms: 100 }));
        assert_eq!(lock.check(101), Ok(()));
        lock.record_failure(101, &rates);
        assert_eq!(lock.check(101), Err(Refusal::RateLimited { wait_ms: 200 }));
        for _ in 0..100 {
            lock.record_failure(u64::MAX, &rates);
        }
        assert_eq!(lock.check(u64::MAX), Ok(()), "it never overflows");
    }
}
