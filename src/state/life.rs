//! How long the room has left, in words.

use std::time::Duration;

use registry_client::RoomLife;

use crate::format;

/// When the countdown starts to warn.
const SOON: Duration = Duration::from_secs(30);

/// The tone and the text of the countdown at `now`, by the client's monotonic clock. Only the Registry decides that a room
/// has expired.
pub fn remaining(life: RoomLife, now: Duration) -> (&'static str, String) {
    match life {
        RoomLife::Until(due) if due <= now => ("tone-warn", "any moment".to_owned()),
        RoomLife::Until(due) => {
            let left = due - now;
            let tone = if left < SOON { "tone-warn" } else { "tone-idle" };
            (tone, format!("in {}", format::clock(left.as_secs_f64() * 1000.0)))
        }
        RoomLife::Unknown => ("tone-idle", "unknown".to_owned()),
        RoomLife::Over => ("tone-bad", "gone".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted_down_and_an_unknown_expiry_is_not_made_up() {
        let at = |left: u64| remaining(RoomLife::Until(Duration::from_secs(100 + left)), Duration::from_secs(100));
        assert_eq!(at(180), ("tone-idle", "in 3:00".to_owned()));
        assert_eq!(at(29), ("tone-warn", "in 0:29".to_owned()));
        // Only the Registry knows that it has expired.
        assert_eq!(at(0), ("tone-warn", "any moment".to_owned()));
        assert_eq!(remaining(RoomLife::Unknown, Duration::MAX).1, "unknown");
        assert_eq!(remaining(RoomLife::Over, Duration::ZERO), ("tone-bad", "gone".to_owned()));
    }
}
