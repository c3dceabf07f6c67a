//! How often the page draws what has happened.

use registry_client::{ConnectionState, Event};

/// Events of a client that is busy are drawn together, this long after the first, in milliseconds. Short enough to look
/// immediate, and long enough for a handshake on a local network to end without being drawn in between.
const TOGETHER_MS: f64 = 80.0;

/// When an event is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As soon as the client has finished what it is doing.
    Next,
    /// After this many milliseconds.
    Later(u32),
}

/// When to draw: at once when little happens, and a few times a second while a handshake is in progress or many messages
/// arrive. Drawing takes as long as a step of a handshake, which it would delay otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When it was drawn last.
    last_ms: Option<f64>,
}

impl Pace {
    /// When to draw an event at `now_ms`, with the client in this state after it.
    pub fn of(&self, event: &Event, now_ms: f64, state: ConnectionState) -> When {
        let handshake = matches!(state, ConnectionState::Connecting | ConnectionState::Disconnected);
        let connected = state == ConnectionState::Connected;
        // Rare events that change what the user can do, with nothing to hold up.
        if matches!(event, Event::State { .. } | Event::Room { .. } | Event::Failure(_)) && !handshake && !connected {
            return When::Next;
        }
        // A clock that was set back counts like no time at all.
        let since_last = self.last_ms.map_or(f64::INFINITY, |last| (now_ms - last).max(0.0));
        let delay = if handshake { TOGETHER_MS } else { (TOGETHER_MS - since_last).max(0.0) };
        When::Later(delay as u32)
    }

    /// It is drawn now.
    pub fn drawn(&mut self, now_ms: f64) {
        self.last_ms = Some(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConnectionState::{Connected, Connecting, Created, Disconnected, Idle};

    fn after(pace: &Pace, now_ms: f64, state: ConnectionState) -> When {
        pace.of(&Event::PeerKind { durable: true }, now_ms, state)
    }

    #[test]
    fn what_happens_now_and_then_is_drawn_at_once() {
        let mut pace = Pace::default();
        assert_eq!(after(&pace, 1000.0, Idle), When::Later(0));
        pace.drawn(1000.0);
        assert_eq!(after(&pace, 1080.0, Connected), When::Later(0));
    }

    #[test]
    fn messages_in_quick_succession_are_drawn_together() {
        let mut pace = Pace::default();
        pace.drawn(1000.0);
        assert_eq!(after(&pace, 1001.0, Connected), When::Later(79));
        assert_eq!(after(&pace, 1079.0, Connected), When::Later(1));
        assert_eq!(after(&pace, 10.0, Connected), When::Later(80), "the clock was set back");
    }

    #[test]
    fn a_handshake_is_not_drawn_at_its_first_step() {
        let mut pace = Pace::default();
        for state in [Connecting, Disconnected] {
            assert_eq!(after(&pace, 1000.0, state), When::Later(80));
        }
        pace.drawn(1000.0);
        assert_eq!(after(&pace, 5000.0, Connecting), When::Later(80));
    }

    #[test]
    fn a_change_of_state_is_drawn_next_unless_it_is_in_a_handshake_or_its_end() {
        let change = |to| Event::State { from: Idle, to, reason: None };
        let pace = Pace { last_ms: Some(1000.0) };
        for (state, expected) in
            [(Created, When::Next), (Idle, When::Next), (Connecting, When::Later(80)), (Connected, When::Later(79))]
        {
            assert_eq!(pace.of(&change(state), 1001.0, state), expected, "{state}");
        }
    }
}
