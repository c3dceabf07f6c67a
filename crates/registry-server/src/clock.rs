use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use registry_core::parse::millis;

/// The Registry's clock: the wall clock at the start, and from then on the monotonic one. If somebody sets the wall clock,
/// no room expires early or late, and no wait takes longer; the times in the answers and their `Date` stay consistent with
/// each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    wall: SystemTime,
    start: Instant,
}

impl Clock {
    /// A clock that shows the time of the wall clock now.
    pub(crate) fn start() -> Self {
        Self::showing(SystemTime::now())
    }

    /// A clock that shows this time now.
    pub(crate) fn showing(wall: SystemTime) -> Self {
        Self { wall, start: Instant::now() }
    }

    /// The time, in milliseconds since the epoch.
    pub(crate) fn now(self) -> u64 {
        self.time().duration_since(UNIX_EPOCH).map_or(0, millis)
    }

    /// The time, for a `Date` header (RFC 9110, section 5.6.7).
    pub(crate) fn date(self) -> String {
        httpdate::fmt_http_date(self.time())
    }

    /// How long the clock has been running.
    pub(crate) fn uptime(self) -> Duration {
        self.start.elapsed()
    }

    fn time(self) -> SystemTime {
        self.wall + self.start.elapsed()
    }
}
