//! Candidates and pairs of candidates: what became of each, which pair carries the connection, what the STUN and TURN servers
//! answered, and what they show of the NAT.

mod lives;
mod nat;
mod pairs;
mod selections;
mod servers;

use std::rc::Rc;

use registry_client::event::DescriptionStep;
use registry_client::{Event, TraceEvent};

use crate::{Sample, Track};

pub use lives::{CandidateLife, Passed, Stage};
pub use nat::{Mapping, Nat};
pub use pairs::PairView;
pub use selections::{Relay, Selection};
pub use servers::{Server, ServerError, Servers};

/// What is known about the paths between the peers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    /// How many attempts to connect the session has had. Candidates, pairs and servers are those of the latest.
    pub attempts: usize,
    /// This side's candidates, in the order of their appearance.
    pub local: Vec<CandidateLife>,
    /// The peer's.
    pub remote: Vec<CandidateLife>,
    /// Whether this side has gathered all of its candidates.
    pub gathered: bool,
    /// The pairs of candidates, as of the latest sample: the selected one first, then what works or may work.
    pub pairs: Vec<PairView>,
    /// Each pair that ICE has selected in the session, oldest first.
    pub selections: Vec<Selection>,
    /// The STUN and TURN servers, as far as they have shown themselves.
    pub servers: Vec<Server>,
    /// The kind of NAT.
    pub nat: Nat,
}

impl Paths {
    /// The paths of a track's latest session.
    pub fn of(track: &Track) -> Self {
        let attempt = Attempt::latest(track);
        let (pairs, selected) = pairs::of(&attempt);
        let [local, remote] = lives::of(&attempt, &pairs, selected.as_ref());
        let gathered = attempt.has_gathered();
        let mut servers = Servers::default();
        attempt.events.iter().for_each(|entry| servers.apply(&entry.event));
        Self {
            attempts: attempt.number,
            nat: nat::of(track, &local, &servers, gathered),
            selections: selections::of(track),
            servers: servers.all().to_vec(),
            local,
            remote,
            gathered,
            pairs,
        }
    }

    /// The pair that carries the connection now, or carried it last.
    pub fn selected(&self) -> Option<&Selection> {
        self.selections.last()
    }
}

/// What belongs to one attempt to connect: from its offer on.
struct Attempt<'a> {
    number: usize,
    events: &'a [Rc<TraceEvent>],
    samples: &'a [Sample],
}

impl<'a> Attempt<'a> {
    fn latest(track: &'a Track) -> Self {
        let session = track.session();
        let begins = |entry: &Rc<TraceEvent>| {
            matches!(entry.event, Event::Offer { step: DescriptionStep::Created | DescriptionStep::Received, .. })
        };
        let events = &session[session.iter().rposition(begins).unwrap_or(0)..];
        let from_ms = events.first().map_or(f64::INFINITY, |entry| entry.at_ms);
        let first = track.samples.partition_point(|sample| sample.at_ms < from_ms);
        let number = session.iter().filter(|entry| begins(entry)).count();
        Self { number, events, samples: track.samples.get(first..).unwrap_or_default() }
    }

    fn has_gathered(&self) -> bool {
        use registry_client::interfaces::webrtc::IceGatheringState::{Complete, Gathering};
        let last = self.events.iter().rev().find_map(|entry| match &entry.event {
            Event::IceGatheringState(state @ (Gathering | Complete)) => Some(*state),
            _ => None,
        });
        last == Some(Complete)
    }
}

#[cfg(test)]
mod tests;
