//! The sequence diagram: host, Registry and guest as lanes, and what went between them as arrows in time.
//!
//! Of one peer only its own side is recorded. What the other side must have done for it is drawn as inferred.

mod build;
mod bursts;
mod draft;
mod fold;
mod infer;
mod markup;
mod mermaid;
mod notes;
mod row;
mod svg;

use std::rc::Rc;

use crate::Tracks;
use crate::moments::{merged, roles};
use build::Builder;

pub use row::{Identity, KEPT_EVENTS, Kind, Label, Lane, Row};

/// How many rows a diagram has at most; the oldest are left out.
pub const MOST_ROWS: usize = 400;

/// The sequence diagram.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    /// Its rows, in the order of time.
    pub rows: Vec<Rc<Row>>,
    /// How many rows before them are left out.
    pub earlier: usize,
    /// When it begins, in milliseconds of the first track's monotonic clock.
    pub start_ms: f64,
    /// The lanes of the peers that have recorded it.
    pub seen: Vec<Lane>,
}

impl Sequence {
    /// How long after the beginning a row happened, in seconds with three decimals: `2.133`, `1:02.133`.
    pub fn elapsed(&self, row: &Row) -> String {
        let ms = (row.at_ms - self.start_ms).max(0.0).round() as u64;
        let (minutes, seconds, ms) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
        if minutes > 0 { format!("{minutes}:{seconds:02}.{ms:03}") } else { format!("{seconds}.{ms:03}") }
    }
}

/// Draws the tracks of one peer or of both: everything that they hold, at most [`MOST_ROWS`] rows.
pub fn sequence(tracks: &Tracks) -> Sequence {
    let events: Vec<_> = tracks.iter().map(|track| track.events.as_slice()).collect();
    let moments = merged(&events);
    let seen: Vec<Lane> = roles(tracks).into_iter().map(Lane::from).collect();
    let start_ms = moments.first().map_or(0.0, |first| first.at_ms);
    let mut builder = Builder::new(&seen);
    moments.iter().for_each(|moment| builder.take(moment));
    let mut rows = fold::rows(builder);
    let earlier = rows.len().saturating_sub(MOST_ROWS);
    let rows = rows.drain(earlier..).map(Rc::new).collect();
    Sequence { rows, earlier, start_ms, seen }
}

#[cfg(test)]
mod tests;
