use registry_client::Role;
use yew::prelude::*;

use crate::state::LogEntry;

/// An event that somebody wants to see in the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whose it is.
    peer: Option<Role>,
    /// Its number there.
    seq: u64,
    /// Counts the wishes, so that the same event can be wanted again.
    turn: u32,
}

impl Wanted {
    /// Whether it is this entry of a timeline, which may have the events of both peers.
    pub fn is(&self, entry: &LogEntry) -> bool {
        entry.event.seq == self.seq && (entry.peer.is_none() || entry.peer == self.peer)
    }
}

/// Shows events in the timeline: a context of the timeline and of everything that has links to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reveal {
    /// The event that was wanted last.
    pub wanted: Option<Wanted>,
    /// Shows the event of this peer with this number.
    pub onwant: Callback<(Option<Role>, u64)>,
}

/// The value of the context.
#[hook]
pub fn use_reveal() -> Reveal {
    let wanted = use_state_eq(|| None::<Wanted>);
    let onwant = use_callback(wanted.clone(), |(peer, seq), wanted| {
        let turn = wanted.map_or(0, |wanted| wanted.turn.wrapping_add(1));
        wanted.set(Some(Wanted { peer, seq, turn }));
    });
    Reveal { wanted: *wanted, onwant }
}

/// The event that is to be shown, if there is one.
#[hook]
pub fn use_wanted() -> Option<Wanted> {
    let reveal = use_context::<Reveal>();
    reveal.and_then(|reveal| reveal.wanted)
}
