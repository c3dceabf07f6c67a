//! How long the room lives, in words.

use std::time::Duration;

use registry_client::RoomLife;

use crate::format;

/// From here on the countdown warns.
const SOON: Duration = Duration::from_secs(30);

/// What is shown of it at `now` by the client's monotonic clock, and the tone. That a room is over is the Registry's to say.
pub fn remaining(life: RoomLife, now: Duration) -> (&'static str, String) {
    match life {
        RoomLife::Until(due) if due <= now => ("tone-warn", "time is up".to_owned()),
        RoomLife::Until(due) => {
            let left = due - now;
            let tone = if left < SOON { "tone-warn" } else { "tone-idle" };
            (tone, format!("in {}", format::clock(left.as_secs_f64() * 1000.0)))
        }
        RoomLife::Unknown => ("tone-idle", "not known".to_owned()),
        RoomLife::Over => ("tone-bad", "over".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted_down_and_what_is_not_known_is_not_made_up() {
        let at = |left: u64| remaining(RoomLife::Until(Duration::from_secs(100 + left)), Duration::from_secs(100));
        assert_eq!(at(180), ("tone-idle", "in 3:00".to_owned()));
        assert_eq!(at(29), ("tone-warn", "in 0:29".to_owned()));
        // Only the Registry knows that it has expired.
        assert_eq!(at(0), ("tone-warn", "time is up".to_owned()));
        assert_eq!(remaining(RoomLife::Unknown, Duration::MAX).1, "not known");
        assert_eq!(remaining(RoomLife::Over, Duration::ZERO), ("tone-bad", "over".to_owned()));
    }
}
