//! The states of an attempt: transitions, visits and time spent.

use registry_client::{ConnectionState, TraceEvent};

/// A moment by both of the trace's clocks. Durations use the monotonic one if both ends have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    at_ms: Option<f64>,
    /// Wall-clock time in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
}

impl Moment {
    /// A moment without an event.
    pub fn wall(epoch_ms: f64) -> Self {
        Self { at_ms: None, epoch_ms }
    }

    /// The moment of an event.
    pub fn of(entry: &TraceEvent) -> Self {
        Self { at_ms: Some(entry.at_ms), epoch_ms: entry.epoch_ms }
    }

    fn until(self, later: Self) -> f64 {
        let ms = match (self.at_ms, later.at_ms) {
            (Some(from), Some(to)) => to - from,
            _ => later.epoch_ms - self.epoch_ms,
        };
        ms.max(0.0)
    }
}

/// The path of an attempt through the nine states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stays {
    present: ConnectionState,
    since: Moment,
    spent_ms: [f64; 9],
    visits: [u32; 9],
    ways: [u16; 9],
}

impl Stays {
    /// An attempt that has not started.
    pub fn idle(now: Moment) -> Self {
        let mut visits = [0; 9];
        visits[ConnectionState::Idle as usize] = 1;
        Self { present: ConnectionState::Idle, since: now, spent_ms: [0.0; 9], visits, ways: [0; 9] }
    }

    /// Enters the next state. A new room starts a new attempt, which begins at `idle`.
    pub fn enter(&mut self, next: ConnectionState, now: Moment) {
        let (mut from, mut stay) = (self.present, self.since.until(now));
        if matches!(next, ConnectionState::Creating | ConnectionState::Joining) {
            if from != ConnectionState::Idle {
                (from, stay) = (ConnectionState::Idle, 0.0);
            }
            *self = Self::idle(now);
        }
        self.spent_ms[from as usize] += stay;
        self.ways[from as usize] |= 1 << next as u16;
        self.visits[next as usize] += 1;
        self.present = next;
        self.since = now;
    }

    /// The current state.
    pub fn present(&self) -> ConnectionState {
        self.present
    }

    /// When it was entered, in milliseconds since the Unix epoch.
    pub fn since_epoch_ms(&self) -> f64 {
        self.since.epoch_ms
    }

    /// Time spent in a state so far, without the current stay, in milliseconds.
    pub fn spent_ms(&self, state: ConnectionState) -> f64 {
        self.spent_ms[state as usize]
    }

    /// How often this attempt has entered a state.
    pub fn visits(&self, state: ConnectionState) -> u32 {
        self.visits[state as usize]
    }

    /// Whether this attempt has gone from one state to another.
    pub fn went(&self, from: ConnectionState, to: ConnectionState) -> bool {
        self.ways[from as usize] & (1 << to as u16) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Error, Idle, Joining};

    fn at(ms: f64) -> Moment {
        Moment { at_ms: Some(ms), epoch_ms: 1e12 + ms * 2.0 }
    }

    #[test]
    fn durations_are_monotonic_where_they_can_be() {
        let mut stays = Stays::idle(Moment::wall(1e12));
        for (state, ms) in [(Creating, 100.0), (Created, 150.0), (Connecting, 400.0), (Connected, 900.0)] {
            stays.enter(state, at(ms));
        }
        assert_eq!([Idle, Creating, Created, Connecting].map(|s| stays.spent_ms(s)), [200.0, 50.0, 250.0, 500.0]);
        assert_eq!(
            (stays.present(), stays.spent_ms(Connected), stays.since_epoch_ms()),
            (Connected, 0.0, 1e12 + 1800.0)
        );
    }

    #[test]
    fn ways_and_visits_are_remembered_and_returns_add_up() {
        let mut stays = Stays::idle(at(0.0));
        for (state, ms) in [(Creating, 1.0), (Created, 2.0), (Connecting, 3.0), (Connected, 5.0), (Disconnected, 8.0)] {
            stays.enter(state, at(ms));
        }
        stays.enter(Connected, at(10.0));
        stays.enter(Disconnected, at(14.0));
        assert_eq!((stays.visits(Connected), stays.spent_ms(Connected)), (2, 7.0));
        assert!(stays.went(Disconnected, Connected) && stays.went(Idle, Creating));
        assert!(!stays.went(Creating, Idle) && stays.visits(Joining) == 0);
    }

    #[test]
    fn a_new_room_is_a_new_attempt() {
        let mut stays = Stays::idle(at(0.0));
        for (state, ms) in [(Creating, 1.0), (Error, 2.0), (Joining, 10.0)] {
            stays.enter(state, at(ms));
        }
        assert_eq!((stays.visits(Creating), stays.visits(Error), stays.visits(Joining)), (0, 0, 1));
        assert!(stays.went(Idle, Joining) && !stays.went(Creating, Error));
        assert_eq!((stays.spent_ms(Idle), stays.spent_ms(Error)), (0.0, 0.0));
    }

    #[test]
    fn a_clock_that_goes_back_makes_no_negative_time() {
        let mut stays = Stays::idle(Moment::wall(2e12));
        stays.enter(Creating, Moment::wall(1e12));
        assert_eq!(stays.spent_ms(Idle), 0.0);
    }
}
