use std::time::Duration;

use registry_protocol::limits::Rate;

/// Keeps one peer's share of a rate limit that both peers have together.
#[derive(Debug)]
pub(super) struct Budget {
    count: usize,
    window: Duration,
    spent: Vec<Duration>,
}

impl Budget {
    /// At most `count` in any `window`.
    pub(super) fn new(count: usize, window: Duration) -> Self {
        Self { count, window, spent: Vec::new() }
    }

    /// One is spent now.
    pub(super) fn spend(&mut self, now: Duration) {
        self.spent.push(now);
    }

    /// How many may be spent in a window.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// How many are spent in the window that ends now.
    pub(super) fn used(&mut self, now: Duration) -> usize {
        let window = self.window;
        self.spent.retain(|&at| at + window > now);
        self.spent.len()
    }

    /// When the last was spent, if that is not long ago.
    pub(super) fn last(&self) -> Option<Duration> {
        self.spent.last().copied()
    }

    /// When the next may be spent.
    pub(super) fn earliest(&mut self, now: Duration) -> Duration {
        self.earliest_for(now, self.count)
    }

    /// When the next may be spent, if a window holds another count for once.
    pub(super) fn earliest_for(&mut self, now: Duration, count: usize) -> Duration {
        let over = self.used(now).checked_sub(count).and_then(|over| self.spent.get(over));
        over.map_or(now, |spent| *spent + self.window)
    }

    /// When the next is best spent if `wish` is when it would be. While plenty is left, as wished; the last few are
    /// spread evenly over what remains of the window, so that a burst is never followed by a long silence.
    pub(super) fn paced(&mut self, now: Duration, wish: Duration) -> Duration {
        let earliest = self.earliest(now);
        let left = self.count.saturating_sub(self.spent.len());
        match (u32::try_from(left), self.spent.first()) {
            (Ok(left @ 1..=3), Some(&oldest)) => wish.max(now + (oldest + self.window - now) / (left + 1)),
            _ => wish.max(earliest),
        }
    }
}

/// One peer's share of what both have together, less one for requests that the network delays into the window.
pub(super) fn half_of(rate: Rate) -> Budget {
    Budget::new(rate.count as usize / 2 - 1, Duration::from_millis(rate.window_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(10);

    /// Spends as fast as the budget allows.
    fn greedy(mut budget: Budget, until: Duration) -> Vec<Duration> {
        let (mut now, mut times) = (Duration::ZERO, Vec::new());
        while now < until {
            times.push(now);
            budget.spend(now);
            now = budget.paced(now, now + Duration::from_millis(1));
        }
        times
    }

    #[test]
    fn no_window_ever_holds_more_than_the_count() {
        let times = greedy(Budget::new(9, WINDOW), Duration::from_secs(100));
        for start in &times {
            let inside = times.iter().filter(|t| **t >= *start && **t < *start + WINDOW).count();
            assert!(inside <= 9, "{inside} from {start:?}");
        }
        assert!(times.len() >= 80, "the budget is used: {}", times.len());
    }

    #[test]
    fn there_is_no_long_silence_after_a_burst() {
        let times = greedy(Budget::new(9, WINDOW), Duration::from_secs(100));
        let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(longest <= WINDOW / 3, "{longest:?}");
    }
}
