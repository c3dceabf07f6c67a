use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use registry_protocol::limits::{
    RATE_CREATE, RATE_JOIN, RATE_PUBLIC, RATE_SIGNAL, RATE_SIGNAL_LONG, RATE_SNAPSHOT, RATE_WAIT, Rate,
};

use crate::Ask;

/// A little more than a window: the server's clock and ours need not agree on when it began.
const MARGIN_MS: u64 = 500;

/// What was asked lately, so that a base server's limits are kept.
#[derive(Default)]
pub(crate) struct Pace(HashMap<String, VecDeque<Duration>>);

impl Pace {
    /// How long to wait before `ask` may be sent.
    pub(crate) fn wait(&mut self, now: Duration, ask: &Ask) -> Duration {
        limits(ask).into_iter().map(|(key, rate)| self.wait_one(now, &key, rate)).max().unwrap_or_default()
    }

    /// Notes that `ask` was sent.
    pub(crate) fn note(&mut self, now: Duration, ask: &Ask) {
        for (key, _) in limits(ask) {
            self.0.entry(key).or_default().push_back(now);
        }
    }

    fn wait_one(&mut self, now: Duration, key: &str, rate: Rate) -> Duration {
        let window = Duration::from_millis(rate.window_ms + MARGIN_MS);
        let Some(times) = self.0.get_mut(key) else { return Duration::ZERO };
        times.retain(|at| now.saturating_sub(*at) < window);
        let Some(excess) = times.len().checked_sub(rate.count as usize) else { return Duration::ZERO };
        times.get(excess).map_or(Duration::ZERO, |at| (*at + window).saturating_sub(now))
    }
}

/// The limits that a request counts towards, each with the name of what it is counted for.
fn limits(ask: &Ask) -> Vec<(String, Rate)> {
    let path = ask.path.split('?').next().unwrap_or_default();
    let mut parts = path.trim_start_matches('/').split('/').skip(1);
    let (room, action) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let of = |kind: &str, rate| (format!("{kind} {room}"), rate);
    match (ask.method, action) {
        ("POST", "") if room.is_empty() => vec![of("create", RATE_CREATE)],
        ("GET", "public") => vec![("public".to_owned(), RATE_PUBLIC)],
        ("POST", "join") => vec![("join".to_owned(), RATE_JOIN)],
        ("GET", "") if ask.path.contains("wait=") => vec![of("wait", RATE_WAIT)],
        ("GET", "") if !room.is_empty() => vec![of("snapshot", RATE_SNAPSHOT)],
        ("POST", "offer" | "answer" | "candidate") => vec![of("signal", RATE_SIGNAL), of("long", RATE_SIGNAL_LONG)],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_room_waits_until_the_first_is_a_minute_old() {
        let (mut pace, create) = (Pace::default(), Ask::post("/rooms"));
        for second in 0..5 {
            let now = Duration::from_secs(second);
            assert_eq!(pace.wait(now, &create), Duration::ZERO);
            pace.note(now, &create);
        }
        assert_eq!(pace.wait(Duration::from_secs(10), &create), Duration::from_millis(50_500));
        assert_eq!(pace.wait(Duration::from_secs(61), &create), Duration::ZERO);
    }

    #[test]
    fn rooms_have_limits_of_their_own() {
        let mut pace = Pace::default();
        for _ in 0..40 {
            pace.note(Duration::ZERO, &Ask::post("/rooms/AAAAAAAA/candidate"));
        }
        assert!(pace.wait(Duration::ZERO, &Ask::post("/rooms/AAAAAAAA/offer")) > Duration::ZERO);
        assert_eq!(pace.wait(Duration::ZERO, &Ask::post("/rooms/BBBBBBBB/offer")), Duration::ZERO);
    }
}
