//! Time and tasks, as arguments.

use std::time::Duration;

use futures::future::LocalBoxFuture;

/// Converts seconds to a duration, rounded to microseconds. Negative numbers and NaN become zero, and what is too long the
/// longest duration. The standard library's conversions panic, or are large in WebAssembly.
pub fn seconds(seconds: f64) -> Duration {
    Duration::from_micros((seconds * 1e6 + 0.5) as u64)
}

/// One reading of a [`Clock`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// Monotonic time since an origin that does not change during the clock's lifetime.
    pub monotonic: Duration,
    /// Wall-clock time in milliseconds since the Unix epoch. It may jump, so it is only compared with the time of a server.
    pub epoch_ms: f64,
}

/// Reads and awaits time.
///
/// 1. `now().monotonic` never decreases.
/// 2. `sleep(d)` resolves once, not before `d` has passed by `now().monotonic`; how much later depends on the environment
///    (browsers throttle the timers of hidden tabs).
/// 3. Dropping the future returned by `sleep` cancels its timer.
pub trait Clock {
    /// The current time.
    fn now(&self) -> Now;
    /// Resolves when `duration` has passed.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;
}

/// Runs futures that nobody awaits.
///
/// 1. `spawn` returns before the task is polled for the first time.
/// 2. The task is polled until it is ready, then dropped. A spawner does not have to cancel tasks; the client ends its own.
pub trait Spawner {
    /// Runs `task` to completion.
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
