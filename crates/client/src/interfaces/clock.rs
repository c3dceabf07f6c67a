//! Time and tasks, as arguments.

use std::time::Duration;

use futures::future::LocalBoxFuture;

/// A time of so many seconds, rounded to microseconds; none for what is negative or not a number, and the longest for what is
/// too long. The standard library's conversions are large in WebAssembly, or panic.
pub fn seconds(seconds: f64) -> Duration {
    Duration::from_micros((seconds * 1e6 + 0.5) as u64)
}

/// One reading of a [`Clock`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// Monotonic time since an origin that stays the same as long as the clock lives.
    pub monotonic: Duration,
    /// Wall-clock time in milliseconds since the Unix epoch; it may jump, so only differences to what a server says
    /// are made of it.
    pub epoch_ms: f64,
}

/// Reads and awaits time.
///
/// 1. `now().monotonic` never decreases.
/// 2. `sleep(d)` resolves once, not before `d` has passed by `now().monotonic`; how much later depends on the host (a
///    browser slows the timers of hidden tabs).
/// 3. Dropping the future that `sleep` returned cancels the timer behind it.
pub trait Clock {
    /// What time it is.
    fn now(&self) -> Now;
    /// Resolves when `duration` has passed.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;
}

/// Runs futures that nobody awaits.
///
/// 1. `spawn` returns before the task is polled for the first time.
/// 2. The task is polled until it is ready, then dropped. The client ends its tasks by itself; a spawner need not.
pub trait Spawner {
    /// Runs `task` to its end.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_and_what_is_no_time_is_none() {
        for ms in [1_u32, 999, 1001, 2050, 16_400, 999_999] {
            assert_eq!(seconds(f64::from(ms) / 1000.0), Duration::from_millis(ms.into()));
        }
        assert_eq!([-1.0, f64::NAN, 0.0].map(seconds), [Duration::ZERO; 3]);
        assert!(seconds(f64::INFINITY) > Duration::from_hours(1_000_000));
    }
}
