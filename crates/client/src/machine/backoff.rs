use std::time::Duration;

use crate::interfaces::clock::seconds;
use crate::machine::context::Context;

/// Spreads `pause` by the settings' jitter, both ways.
pub(super) fn jitter(cx: &mut Context, pause: Duration) -> Duration {
    spread(cx, pause, cx.settings.jitter)
}

/// Spreads `pause` by a fraction of it, both ways.
pub(super) fn spread(cx: &mut Context, pause: Duration, fraction: f64) -> Duration {
    seconds(pause.as_secs_f64() * (1.0 + fraction.clamp(0.0, 1.0) * (2.0 * cx.rng.f64() - 1.0)))
}

/// Counts failures in a row, and knows how long to wait after each.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// One more failure: how long to wait, but no longer than `longest`. What the Registry asked for (`retry_after`) is never
    /// undercut.
    pub(super) fn next(&mut self, cx: &mut Context, retry_after: Option<Duration>, longest: Duration) -> Duration {
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        let pause = cx.settings.retry_backoff_base.saturating_mul(1 << doublings).min(longest);
        let pause = jitter(cx, pause);
        retry_after.map_or(pause, |after| after + pause / 10)
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn pauses_double_up_to_the_limit_and_begin_anew_after_a_reset() {
        let mut cx = Context::new(Settings { jitter: 0.0, ..Settings::default() }, 1);
        let longest = cx.settings.retry_backoff_max;
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..6).map(|_| backoff.next(&mut cx, None, longest).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000]);
        backoff.reset();
        assert_eq!(backoff.next(&mut cx, None, longest).as_millis(), 500);
    }

    #[test]
    fn jitter_stays_within_its_fraction_and_spreads() {
        let mut cx = Context::new(Settings::default(), 7);
        let pauses: Vec<_> = (0..100).map(|_| jitter(&mut cx, Duration::from_secs(1))).collect();
        assert!(pauses.iter().all(|p| (900..=1100).contains(&p.as_millis())));
        assert!(pauses.iter().max().unwrap().as_millis() > 1050 && pauses.iter().min().unwrap().as_millis() < 950);
    }

    #[test]
    fn what_the_registry_asks_for_is_never_undercut() {
        let (mut cx, asked) = (Context::new(Settings::default(), 1), Duration::from_secs(20));
        assert!(Backoff::default().next(&mut cx, Some(asked), asked) >= asked);
    }
}
