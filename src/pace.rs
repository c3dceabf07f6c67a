//! How often the page draws what has happened.

use registry_client::ConnectionState;

/// Events of a client that is busy are drawn together, this long after the first, in milliseconds. Short enough to look
/// immediate, and long enough for a handshake on a local network to end without being drawn in between.
const TOGETHER_MS: f64 = 80.0;

/// When to draw: at once when little happens, and a few times a second while a handshake is in progress or many messages
/// arrive. Drawing takes as long as a step of a handshake, which it would delay otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When it was drawn last.
    last_ms: Option<f64>,
}

impl Pace {
    /// How long an event at `now_ms` may wait to be drawn, in milliseconds, with the client in this state after it.
    pub fn delay_ms(&self, now_ms: f64, state: ConnectionState) -> u32 {
        let handshake = matches!(state, ConnectionState::Connecting | ConnectionState::Disconnected);
        // A clock that was set back counts like no time at all.
        let since_last = self.last_ms.map_or(f64::INFINITY, |last| (now_ms - last).max(0.0));
        let delay = if handshake { TOGETHER_MS } else { (TOGETHER_MS - since_last).max(0.0) };
        delay as u32
    }

    /// It is drawn now.
    pub fn drawn(&mut self, now_ms: f64) {
        self.last_ms = Some(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConnectionState::{Connected, Connecting, Disconnected, Idle};

    #[test]
    fn what_happens_now_and_then_is_drawn_at_once() {
        let mut pace = Pace::default();
        assert_eq!(pace.delay_ms(1000.0, Idle), 0);
        pace.drawn(1000.0);
        assert_eq!(pace.delay_ms(1080.0, Connected), 0);
    }

    #[test]
    fn messages_in_quick_succession_are_drawn_together() {
        let mut pace = Pace::default();
        pace.drawn(1000.0);
        assert_eq!(pace.delay_ms(1001.0, Connected), 79);
        assert_eq!(pace.delay_ms(1079.0, Connected), 1);
        assert_eq!(pace.delay_ms(10.0, Connected), 80, "the clock was set back");
    }

    #[test]
    fn a_handshake_is_not_drawn_at_its_first_step() {
        let mut pace = Pace::default();
        for state in [Connecting, Disconnected] {
            assert_eq!(pace.delay_ms(1000.0, state), 80);
        }
        pace.drawn(1000.0);
        assert_eq!(pace.delay_ms(5000.0, Connecting), 80);
    }
}
