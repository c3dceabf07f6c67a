//! What time it is at the Registry. Every `expiresAt` is a moment of its clock, and the device's may be minutes off.
//!
//! What is kept is the Registry's time at the origin of the monotonic clock, so that a wall clock that is set changes
//! nothing. It is known by what the Registry has said:
//!
//! - a `Date` (within a second), where it can be read: not across origins, nor through every HTTP client;
//! - the `updatedAt` of a snapshot, which is over when it is read. Both say *at least so late*, so the latest counts;
//! - the `expiresAt` of a room that this side has just made or joined, less the state's time to live. That is the
//!   specification's until a snapshot (`expiresAt` less `updatedAt`) shows that this Registry has another. It is not used
//!   where there is a `Date`.
//!
//! A room that is shown has not expired: what would make it so was wrong, and is forgotten. The device's wall clock counts
//! only as long as the Registry has said nothing.

use std::time::Duration;

use registry_protocol::limits::{TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};
use registry_protocol::{EpochMs, RoomSnapshot, RoomStatus};

use super::input::{Outcome, RoomAnswer};
use crate::interfaces::clock::{Now, seconds};

/// Times to live that differ by no more than this are the same; a Registry may count in whole seconds.
const SAME_MS: f64 = 2000.0;
/// A wall clock that is so much further than the monotonic clock was set, or the device has slept.
const JUMP_MS: f64 = 5000.0;

/// The Registry's clock, as far as this side knows it. Its times are those at the origin of the monotonic clock, in
/// milliseconds since the Unix epoch.
#[derive(Debug, Default)]
pub(super) struct RegistryClock {
    /// At least this, by what the Registry has said of moments that were over.
    heard: Option<f64>,
    /// And this, if its times to live are the specification's; or by an earlier life of the page.
    assumed: Option<f64>,
    /// There is a `Date`, or the times to live are others.
    knows_better: bool,
    /// When the room that was made or joined last expires, and when that was said.
    began: Option<(EpochMs, Duration)>,
    /// The device's wall clock.
    device: f64,
    /// The Registry has said what time it is, not only that it is at least so late.
    precise: bool,
    /// By how much it was ahead when that was last news.
    noticed_ms: f64,
}

impl RegistryClock {
    /// The device's clocks are read. Says whether there is a gap: the wall clock was set forward, or the device has slept.
    pub(super) fn read(&mut self, now: Now) -> bool {
        let before = std::mem::replace(&mut self.device, now.epoch_ms - ms(now.monotonic));
        self.device - before > JUMP_MS
    }

    /// An earlier life of the page knew by how much the Registry was ahead of the device.
    pub(super) fn restore(&mut self, ahead_ms: Option<f64>) {
        if self.heard.is_none() {
            self.assumed = ahead_ms.map(|ahead_ms| self.device + ahead_ms);
        }
    }

    /// By how much it is ahead of the device's wall clock, in milliseconds, where that is known.
    pub(super) fn ahead_ms(&self) -> Option<f64> {
        self.origin().map(|origin| origin - self.device)
    }

    /// By how much it is ahead of the device's wall clock in milliseconds, if that is known well, and news.
    pub(super) fn news(&mut self) -> Option<f64> {
        let ahead_ms = self.ahead_ms().filter(|_| self.precise)?;
        let before = std::mem::replace(&mut self.noticed_ms, ahead_ms);
        if (ahead_ms - before).abs() > SAME_MS {
            return Some(ahead_ms);
        }
        self.noticed_ms = before;
        None
    }

    /// An answer that came at `at` had this `Date`.
    pub(super) fn dated(&mut self, date: EpochMs, at: Duration) {
        self.know_better();
        self.precise = true;
        self.tell(date, at);
    }

    /// What the answer that came at `at` says.
    pub(super) fn hear(&mut self, outcome: &Outcome, at: Duration) {
        match outcome {
            Outcome::RoomCreated(Ok(made)) | Outcome::FallbackMade(Ok(made)) => {
                self.begun(made.expires_at, TTL_OPEN_MS, at);
            }
            Outcome::RoomJoined(Ok(joined)) | Outcome::FallbackJoined(_, Ok(joined)) => {
                self.begun(joined.expires_at, TTL_JOINED_MS, at);
            }
            Outcome::OfRoom(
                RoomAnswer::Read(Ok(snapshot))
                | RoomAnswer::Posted(_, Ok(snapshot))
                | RoomAnswer::LongPolled(Ok(snapshot)),
            )
            | Outcome::RoomRenewed(_, Ok(snapshot)) => self.shown(snapshot, at),
            _ => {}
        }
    }

    /// This side has made or joined a room.
    fn begun(&mut self, expires_at: EpochMs, ttl_ms: u64, at: Duration) {
        self.lives(expires_at, at);
        self.began = Some((expires_at, at));
        if !self.knows_better {
            self.assumed = Some(epoch_ms(expires_at) - ttl_ms as f64 - ms(at));
        }
    }

    fn shown(&mut self, snapshot: &RoomSnapshot, at: Duration) {
        let RoomSnapshot { status, expires_at, updated_at, .. } = snapshot;
        let ttl_ms = match status {
            RoomStatus::Open => TTL_OPEN_MS,
            RoomStatus::Joined => TTL_JOINED_MS,
            RoomStatus::Paired => TTL_PAIRED_MS,
            _ => return,
        };
        self.lives(*expires_at, at);
        if (epoch_ms(*expires_at) - epoch_ms(*updated_at) - ttl_ms as f64).abs() > SAME_MS {
            self.know_better();
        }
        // Where nothing has happened since this side made or joined it, that is what was then.
        let began = self.began.filter(|(known, _)| known == expires_at && snapshot.offer.is_none());
        self.tell(*updated_at, began.map_or(at, |(_, began)| began));
        self.precise |= began.is_some();
    }

    /// A room that expires at that moment is there.
    fn lives(&mut self, expires_at: EpochMs, at: Duration) {
        let fits = |origin: &f64| origin + ms(at) < epoch_ms(expires_at);
        self.heard = self.heard.filter(fits);
        self.assumed = self.assumed.filter(fits);
    }

    fn know_better(&mut self) {
        (self.knows_better, self.assumed) = (true, None);
    }

    /// That moment was over at `at`.
    fn tell(&mut self, moment: EpochMs, at: Duration) {
        let origin = epoch_ms(moment) - ms(at);
        self.heard = Some(self.heard.map_or(origin, |heard| heard.max(origin)));
    }

    fn origin(&self) -> Option<f64> {
        self.heard.into_iter().chain(self.assumed).reduce(f64::max)
    }

    /// When that moment of the Registry's is, by the monotonic clock.
    pub(super) fn when(&self, moment: EpochMs) -> Duration {
        seconds((epoch_ms(moment) - self.origin().unwrap_or(self.device)) / 1000.0)
    }

    /// Whether that moment is certain to be over at `now` since `margin`.
    pub(super) fn is_long_over(&self, moment: EpochMs, now: Duration, margin: Duration) -> bool {
        self.origin().is_some_and(|origin| epoch_ms(moment) + ms(margin) < origin + ms(now))
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn epoch_ms(moment: EpochMs) -> f64 {
    moment.0 as f64
}
