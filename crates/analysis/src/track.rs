use std::ops::Deref;
use std::rc::Rc;

use registry_client::json::Json;
use registry_client::{ConnectionState, Event, Role, TraceEvent};

use crate::statistics::{Readings, Report};

/// The statistics of a peer connection at one moment. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Monotonic time in milliseconds, as in [`TraceEvent::at_ms`].
    pub at_ms: f64,
    /// The entries of `RTCPeerConnection.getStats`, a JSON array.
    pub entries: Json,
    readings: Readings,
}

impl Sample {
    /// A sample of these entries, a JSON array. What is of an unknown type or shape in it is kept, but not understood.
    pub fn new(at_ms: f64, entries: Json) -> Self {
        let readings = Report::parse(&entries).readings();
        Self { at_ms, entries, readings }
    }

    /// What its entries say about candidates, pairs and channels.
    pub fn report(&self) -> Report {
        Report::parse(&self.entries)
    }

    /// Its numbers.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }
}

/// What one client has recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// Its events, oldest first.
    pub events: Vec<Rc<TraceEvent>>,
    /// Samples of its statistics, oldest first.
    pub samples: Vec<Sample>,
}

impl Track {
    /// A track of these events.
    pub fn new(events: Vec<Rc<TraceEvent>>) -> Self {
        Self { events, samples: Vec::new() }
    }

    /// The events of the latest session: since a room was last created or joined, or the client was made.
    pub fn session(&self) -> &[Rc<TraceEvent>] {
        let begins = |entry: &Rc<TraceEvent>| {
            matches!(entry.event, Event::State { to: ConnectionState::Creating | ConnectionState::Joining, .. })
        };
        &self.events[self.events.iter().rposition(begins).unwrap_or(0)..]
    }

    /// The client's role in the latest session, once it has one.
    pub fn role(&self) -> Option<Role> {
        self.session().iter().find_map(|entry| match &entry.event {
            Event::State { to: ConnectionState::Creating, .. } => Some(Role::Host),
            Event::State { to: ConnectionState::Joining, .. } => Some(Role::Guest),
            Event::Room { role, .. } => Some(*role),
            _ => None,
        })
    }
}

/// The tracks that are looked at together, of one peer or of both. Cheap to clone and to compare: equal if they are the same
/// version.
#[derive(Clone, Debug, Default)]
pub struct Tracks(Rc<[Track]>);

impl Tracks {
    /// Puts tracks together.
    pub fn new(tracks: impl Into<Rc<[Track]>>) -> Self {
        Self(tracks.into())
    }
}

impl PartialEq for Tracks {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Tracks {
    type Target = [Track];

    fn deref(&self) -> &[Track] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use registry_client::testing::Pair;

    use super::*;

    #[test]
    fn the_session_begins_with_the_room_and_knows_its_role() {
        let mut pair = Pair::connected();
        let track = Track::new(pair.guest.trace().events());
        assert_eq!(track.role(), Some(Role::Guest));
        assert!(matches!(track.session()[0].event, Event::State { to: ConnectionState::Joining, .. }));
        let closed = pair.guest.close_room();
        pair.world.block_on(std::time::Duration::from_secs(10), closed).unwrap();
        let _made = pair.guest.create_room("Ann");
        let track = Track::new(pair.guest.trace().events());
        assert_eq!(track.role(), Some(Role::Host));
        assert!(track.session().len() < track.events.len());
    }
}
