use std::time::Duration;

use crate::interfaces::clock::seconds;
use crate::settings::Settings;

/// Spreads `pause` by the settings' jitter, both ways.
pub(super) fn jitter(pause: Duration, settings: &Settings, rng: &mut fastrand::Rng) -> Duration {
    spread(pause, settings.jitter, rng)
}

/// Spreads `pause` by a fraction of it, both ways.
pub(super) fn spread(pause: Duration, fraction: f64, rng: &mut fastrand::Rng) -> Duration {
    seconds(pause.as_secs_f64() * (1.0 + fraction.clamp(0.0, 1.0) * (2.0 * rng.f64() - 1.0)))
}

/// Counts failures in a row, and says how long to wait after each.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// One more failure: how long to wait, at the `longest`. What the Registry asked for (`retry_after`) is never undercut.
    pub(super) fn next(
        &mut self,
        retry_after: Option<Duration>,
        settings: &Settings,
        longest: Duration,
        rng: &mut fastrand::Rng,
    ) -> Duration {
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        let pause = settings.retry_backoff_base.saturating_mul(1 << doublings).min(longest);
        let pause = jitter(pause, settings, rng);
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

    #[test]
    fn pauses_double_up_to_the_limit_and_begin_anew_after_a_reset() {
        let settings = Settings { jitter: 0.0, ..Settings::default() };
        let (mut backoff, mut rng) = (Backoff::default(), fastrand::Rng::with_seed(1));
        let mut next =
            |backoff: &mut Backoff| backoff.next(None, &settings, settings.retry_backoff_max, &mut rng).as_millis();
        let pauses: Vec<_> = (0..6).map(|_| next(&mut backoff)).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 8000]);
        backoff.reset();
        assert_eq!(next(&mut backoff), 500);
    }

    #[test]
    fn jitter_stays_within_its_fraction_and_spreads() {
        let settings = Settings::default();
        let mut rng = fastrand::Rng::with_seed(7);
        let pauses: Vec<_> = (0..100).map(|_| jitter(Duration::from_secs(1), &settings, &mut rng)).collect();
        assert!(pauses.iter().all(|p| (900..=1100).contains(&p.as_millis())));
        assert!(pauses.iter().max().unwrap().as_millis() > 1050 && pauses.iter().min().unwrap().as_millis() < 950);
    }

    #[test]
    fn what_the_registry_asks_for_is_never_undercut() {
        let (mut backoff, mut rng) = (Backoff::default(), fastrand::Rng::with_seed(1));
        let asked = Duration::from_secs(20);
        assert!(backoff.next(Some(asked), &Settings::default(), asked, &mut rng) >= asked);
    }
}
