//! The trace over a reload of the page. It is kept for this tab, and has no secret.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_utils::window;
use registry_analysis::Track;
use registry_analysis::recording::{Recording, Redaction};
use registry_client::{Trace, TraceEvent};

use super::harness::recording;
use super::storage::{self, Keep};

/// So many of the latest events are kept.
const EVENTS: usize = 1_000;
/// A text of more bytes than this is not kept: browsers give a page about five megabytes.
const BYTES: usize = 1_500_000;
const EVERYTHING: Redaction = Redaction { addresses: false, messages: false };

fn name(scope: &str) -> String {
    format!("registry-harness.trace {scope}")
}

/// Keeps a trace when the page goes, until it is dropped. Pages with more than one trace have a scope for each.
pub struct Keeper {
    trace: Rc<Trace>,
    cleared: Rc<Cell<u64>>,
    _leaving: EventListener,
}

impl Keeper {
    /// Keeps the latest events of `trace`.
    pub fn new(scope: &'static str, trace: &Rc<Trace>) -> Self {
        let cleared = Rc::new(Cell::new(0));
        let (kept, from) = (Rc::clone(trace), Rc::clone(&cleared));
        let leaving = EventListener::new(&window(), "pagehide", move |_| keep(scope, kept.since(from.get())));
        Self { trace: Rc::clone(trace), cleared, _leaving: leaving }
    }

    /// What was recorded until now is not kept.
    pub fn clear(&self) {
        self.cleared.set(self.trace.events().last().map_or(0, |entry| entry.seq));
    }
}

fn keep(scope: &str, mut events: Vec<Rc<TraceEvent>>) {
    events.drain(..events.len().saturating_sub(EVENTS));
    let written = recording(vec![Track::new(events)]).write(EVERYTHING);
    let text = Some(written.as_str()).filter(|text| text.len() <= BYTES);
    storage::write(Keep::ForThisTab, &name(scope), text.unwrap_or_default());
}

/// What was kept before the page was reloaded. What this version cannot read is as if it was not there.
pub fn kept(scope: &str) -> Vec<TraceEvent> {
    let text = storage::read(Keep::ForThisTab, &name(scope));
    let recording = text.and_then(|text| Recording::read(&text).ok());
    let tracks = recording.map(|recording| recording.tracks).unwrap_or_default();
    tracks.into_iter().flat_map(|track| track.events).map(Rc::unwrap_or_clone).collect()
}
