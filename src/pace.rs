//! How often the page draws what has happened.

use registry_client::{ConnectionState, Event};

/// Events of a client that is busy are drawn together, this long after the first, in milliseconds. Short enough to look
/// immediate, and long enough for a handshake on a local network to end without being drawn in between.
const TOGETHER_MS: f64 = 80.0;

/// With more events than this in one drawing after another, so much happens that nobody can follow it line by line.
const MANY: usize = 25;

/// While so much happens, the page rests between drawings for this many times as long as it has drawn. The browser's
/// layout and painting, which cannot be measured here, come on top.
const REST: f64 = 15.0;

/// The shortest and the longest time between drawings meanwhile, in milliseconds, however long they take.
const HEAVY_MS: (f64, f64) = (200.0, 400.0);

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
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// When it was drawn last.
    last_ms: Option<f64>,
    /// How many drawings in a row had many events.
    heavy: u32,
    /// How long to wait after that.
    pause_ms: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { last_ms: None, heavy: 0, pause_ms: TOGETHER_MS }
    }
}

impl Pace {
    /// When to draw an event at `now_ms`, with the client in this state after it.
    pub fn of(&self, event: &Event, now_ms: f64, state: ConnectionState) -> When {
        let handshake = matches!(state, ConnectionState::Connecting | ConnectionState::Disconnected);
        let connected = state == ConnectionState::Connected;
        // Rare events that change what the user can do.
        let notable = matches!(
            event,
            Event::State { .. } | Event::Room { .. } | Event::JoinCodeReplaced { .. } | Event::Failure(_)
        );
        if notable && !handshake && !connected {
            // There is nothing to hold up.
            return When::Next;
        }
        let pause = if notable { TOGETHER_MS } else { self.pause_ms };
        self.later(pause, now_ms, handshake)
    }

    /// When to draw a sample of the statistics that was taken at `now_ms`, with the client in this state.
    pub fn of_sample(&self, now_ms: f64, state: ConnectionState) -> When {
        self.later(self.pause_ms, now_ms, matches!(state, ConnectionState::Connecting | ConnectionState::Disconnected))
    }

    /// Draws after `pause` since the last drawing.
    fn later(&self, pause: f64, now_ms: f64, handshake: bool) -> When {
        // A clock that was set back counts like no time at all.
        let since_last = self.last_ms.map_or(f64::INFINITY, |last| (now_ms - last).max(0.0));
        let least = if handshake { TOGETHER_MS } else { 0.0 };
        When::Later((pause - since_last).max(least) as u32)
    }

    /// This many events are drawn now.
    pub fn drawn(&mut self, now_ms: f64, events: usize) {
        let heavy = if events > MANY { self.heavy.saturating_add(1) } else { 0 };
        *self = Self { last_ms: Some(now_ms), heavy, pause_ms: TOGETHER_MS };
    }

    /// The last drawing took this many milliseconds.
    pub fn took(&mut self, ms: f64) {
        if self.heavy > 1 {
            self.pause_ms = (ms * REST).clamp(HEAVY_MS.0, HEAVY_MS.1);
        }
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
        pace.drawn(1000.0, 1);
        assert_eq!(after(&pace, 1080.0, Connected), When::Later(0));
    }

    #[test]
    fn messages_in_quick_succession_are_drawn_together() {
        let mut pace = Pace::default();
        pace.drawn(1000.0, 1);
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
        pace.drawn(1000.0, 1);
        assert_eq!(after(&pace, 5000.0, Connecting), When::Later(80));
    }

    #[test]
    fn a_change_of_state_is_drawn_next_unless_it_is_in_a_handshake_or_its_end() {
        let change = |to| Event::State { from: Idle, to, reason: None };
        let mut pace = Pace::default();
        for _ in 0..2 {
            pace.drawn(1000.0, 1000);
            pace.took(20.0);
        }
        for (state, expected) in
            [(Created, When::Next), (Idle, When::Next), (Connecting, When::Later(80)), (Connected, When::Later(79))]
        {
            assert_eq!(pace.of(&change(state), 1001.0, state), expected, "{state}");
        }
    }

    #[test]
    fn heavy_traffic_is_drawn_less_often_the_longer_a_drawing_takes() {
        let mut pace = Pace::default();
        for (events, took, expected) in [
            (1000, 500.0, 80),
            (1000, 2.0, 200),
            (1000, 20.0, 300),
            (1000, 500.0, 400),
            (5, 500.0, 80),
            (1000, 2.0, 80),
        ] {
            pace.drawn(1000.0, events);
            assert_eq!(after(&pace, 1000.0, Connected), When::Later(80), "it is not known yet how long it takes");
            pace.took(took);
            assert_eq!(after(&pace, 1000.0, Connected), When::Later(expected), "{events} events, {took} ms");
            assert_eq!(after(&pace, 1000.0, Connecting), When::Later(expected), "{events} events, {took} ms");
        }
    }
}
