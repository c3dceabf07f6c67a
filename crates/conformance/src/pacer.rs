use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use registry_protocol::limits::{
    RATE_CREATE, RATE_EXCHANGE, RATE_JOIN, RATE_PUBLIC, RATE_SIGNAL, RATE_SIGNAL_LONG, RATE_SNAPSHOT, Rate,
};

use serde_json::Value;

use crate::HttpRequest;

/// Added to each window, since the server may have started it later.
const MARGIN_MS: u64 = 500;

/// Tracks recent requests in order to stay within a server's rate limits.
#[derive(Default)]
pub(crate) struct Pacer(HashMap<String, VecDeque<Duration>>);

impl Pacer {
    /// How long to wait before `request` may be sent.
    pub(crate) fn wait(&mut self, now: Duration, request: &HttpRequest) -> Duration {
        limits(request).into_iter().map(|(key, rate)| self.wait_one(now, &key, rate)).max().unwrap_or_default()
    }

    /// Records that `request` was sent.
    pub(crate) fn record(&mut self, now: Duration, request: &HttpRequest) {
        for (key, _) in limits(request) {
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

/// The limits that a request counts towards, each with a key for what it is counted by.
fn limits(request: &HttpRequest) -> Vec<(String, Rate)> {
    let path = request.path.split('?').next().unwrap_or_default();
    if path == "/exchange" {
        return exchange_limits(&request.body);
    }
    let mut parts = path.trim_start_matches('/').split('/').skip(1);
    let (room, action) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let of = |kind: &str, rate| (format!("{kind} {room}"), rate);
    match (request.method, action) {
        ("POST", "") if room.is_empty() => vec![of("create", RATE_CREATE)],
        ("GET", "public") => vec![("public".to_owned(), RATE_PUBLIC)],
        ("POST", "join") => vec![("join".to_owned(), RATE_JOIN)],
        ("GET", "") if !room.is_empty() => vec![of("snapshot", RATE_SNAPSHOT)],
        ("POST", "offer" | "answer" | "candidate") => vec![of("signal", RATE_SIGNAL), of("long", RATE_SIGNAL_LONG)],
        _ => vec![],
    }
}

/// The limit that an exchange counts towards.
fn exchange_limits(body: &[u8]) -> Vec<(String, Rate)> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return vec![] };
    vec![(format!("exchange {}", body["room"].as_str().unwrap_or_default()), RATE_EXCHANGE)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_sixth_room_waits_until_the_first_is_a_minute_old() {
        let (mut pace, create) = (Pacer::default(), HttpRequest::post("/rooms"));
        for second in 0..5 {
            let now = Duration::from_secs(second);
            assert_eq!(pace.wait(now, &create), Duration::ZERO);
            pace.record(now, &create);
        }
        assert_eq!(pace.wait(Duration::from_secs(10), &create), Duration::from_millis(50_500));
        assert_eq!(pace.wait(Duration::from_secs(61), &create), Duration::ZERO);
    }

    #[test]
    fn limits_are_counted_per_room() {
        let mut pace = Pacer::default();
        for _ in 0..40 {
            pace.record(Duration::ZERO, &HttpRequest::post("/rooms/AAAAAAAA/candidate"));
        }
        assert!(pace.wait(Duration::ZERO, &HttpRequest::post("/rooms/AAAAAAAA/offer")) > Duration::ZERO);
        assert_eq!(pace.wait(Duration::ZERO, &HttpRequest::post("/rooms/BBBBBBBB/offer")), Duration::ZERO);
        let exchange = |room: &str| HttpRequest::post("/exchange").json(&json!({"room": room, "candidates": [{}]}));
        assert_eq!(pace.wait(Duration::ZERO, &exchange("AAAAAAAA")), Duration::ZERO, "it has a limit of its own");
        for _ in 0..RATE_EXCHANGE.count {
            pace.record(Duration::ZERO, &exchange("AAAAAAAA"));
        }
        assert!(pace.wait(Duration::ZERO, &exchange("AAAAAAAA")) > Duration::ZERO);
        assert_eq!(pace.wait(Duration::ZERO, &exchange("BBBBBBBB")), Duration::ZERO);
    }
}
