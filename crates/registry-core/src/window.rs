use std::collections::VecDeque;

use registry_protocol::limits::Rate;

/// A sliding rate limit window: the times of recently admitted events. Refused events are not recorded, so a client
/// that asks too often is served at the permitted rate instead of being locked out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window(VecDeque<u64>);

impl Window {
    /// How long until `rate` admits another event, in milliseconds; `None` if it does so now.
    pub(crate) fn wait(&mut self, now: u64, rate: Rate) -> Option<u64> {
        // A time in the future was recorded before the clock was set back.
        self.0.retain(|at| *at <= now && now - at < rate.window_ms);
        let excess = (self.0.len() + 1).saturating_sub(rate.count as usize);
        // `excess` events must leave the window first; a rate of zero never admits any.
        let leaving = *self.0.get(excess.checked_sub(1)?).unwrap_or(&now);
        Some(leaving.saturating_add(rate.window_ms) - now)
    }

    /// Records an event.
    pub(crate) fn record(&mut self, now: u64) {
        self.0.push_back(now);
    }
}

/// Records an event in all windows if each of them admits it.
///
/// # Errors
/// The longest wait, in milliseconds. In that case nothing is recorded.
pub(crate) fn admit<const N: usize>(now: u64, windows: [(&mut Window, Rate); N]) -> Result<(), u64> {
    let mut longest = None;
    let windows = windows.map(|(window, rate)| {
        longest = longest.max(window.wait(now, rate));
        window
    });
    match longest {
        Some(wait) => Err(wait),
        None => {
            windows.into_iter().for_each(|window| window.record(now));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(2, 100);

    #[test]
    fn a_window_admits_its_count_and_reports_the_wait() {
        let mut w = Window::default();
        assert_eq!(admit(0, [(&mut w, RATE)]), Ok(()));
        assert_eq!(admit(40, [(&mut w, RATE)]), Ok(()));
        assert_eq!(admit(60, [(&mut w, RATE)]), Err(40));
        assert_eq!(admit(99, [(&mut w, RATE)]), Err(1));
        assert_eq!(admit(100, [(&mut w, RATE)]), Ok(()), "refused events do not count");
        assert_eq!(admit(101, [(&mut w, RATE)]), Err(39));
    }

    #[test]
    fn an_event_refused_by_one_window_is_recorded_in_none() {
        let (mut a, mut b) = (Window::default(), Window::default());
        assert_eq!(admit(0, [(&mut a, Rate::new(1, 10)), (&mut b, RATE)]), Ok(()));
        assert_eq!(admit(1, [(&mut a, Rate::new(1, 10)), (&mut b, RATE)]), Err(9));
        assert_eq!(b.0.len(), 1);
    }

    #[test]
    fn a_clock_set_back_does_not_lock_anybody_out() {
        let mut w = Window::default();
        for _ in 0..2 {
            admit(1_000_000, [(&mut w, RATE)]).unwrap();
        }
        assert_eq!(admit(5, [(&mut w, RATE)]), Ok(()));
    }

    #[test]
    fn a_rate_of_zero_admits_nothing() {
        assert_eq!(admit(5, [(&mut Window::default(), Rate::new(0, 100))]), Err(100));
    }
}
