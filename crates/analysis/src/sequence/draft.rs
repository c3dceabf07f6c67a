//! Rows that are not ready: more of the same may follow.

use registry_client::text;
use std::rc::Rc;

use registry_client::TraceEvent;

use super::{KEPT_EVENTS, Kind, Label, Lane, Row};
use crate::cargo::Cargo;

/// Notes that follow each other within this time become one.
const ONE_MOMENT_MS: f64 = 50.0;
/// Candidates that follow each other within this time become one row.
const TRICKLE_MS: f64 = 500.0;
/// A note is not made longer than this.
const LONGEST_NOTE: usize = 56;

/// A row that may take in those that follow.
pub(super) struct Draft {
    pub(super) row: Row,
    /// What it carries, and the words before and after that.
    cargo: Option<(Cargo, [&'static str; 2])>,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        Self { row, cargo: None }
    }
}

impl Draft {
    /// A row about candidates, to which others are added.
    pub(super) fn of_cargo(mut row: Row, cargo: Cargo, around: [&'static str; 2]) -> Self {
        row.label = label(&cargo, around);
        Self { row, cargo: Some((cargo, around)) }
    }

    /// Takes in the next row, if that says the same or belongs to it.
    pub(super) fn absorb(&mut self, next: &Self) -> bool {
        let row = &mut self.row;
        let place = |row: &Row| (row.from, row.to, row.bad);
        let pause = next.row.at_ms - row.until_ms.unwrap_or(row.at_ms);
        if place(row) != place(&next.row) {
            return false;
        }
        let joins = match (&mut self.cargo, &next.cargo) {
            (Some((cargo, around)), Some((more, same))) if around == same && pause < TRICKLE_MS => {
                cargo.extend(more);
                row.label = label(cargo, *around);
                true
            }
            (None, None) if row.label == next.row.label && row.kind == next.row.kind && row.kind != Kind::Open => {
                row.count += 1;
                true
            }
            (None, None) if row.is_note() && !row.bad && pause < ONE_MOMENT_MS => join(row, &next.row),
            _ => false,
        };
        if joins {
            row.until_ms = Some(next.row.at_ms);
            row.keep_all(&next.row.events);
        }
        joins
    }
}

fn label(cargo: &Cargo, [before, after]: [&str; 2]) -> Label {
    Label::new([before, &cargo.words(), after].concat())
}

/// Makes one note of two states of the same moment.
fn join(row: &mut Row, next: &Row) -> bool {
    let is_state = |row: &Row| matches!(row.kind, Kind::State | Kind::Reconnect) && row.label.quote.is_none();
    let fits = row.label.words.len() + next.label.words.len() < LONGEST_NOTE;
    if !is_state(row) || !is_state(next) || row.count > 1 || !fits {
        return false;
    }
    row.label.words += " · ";
    row.label.words += &next.label.words;
    if next.kind == Kind::Reconnect {
        row.kind = Kind::Reconnect;
    }
    true
}

/// Messages in one direction that follow closely, or answered pings.
pub(super) struct Burst {
    pub(super) from: Lane,
    pub(super) kind: Kind,
    pub(super) at_ms: f64,
    pub(super) until_ms: f64,
    pub(super) count: usize,
    /// Their size together.
    pub(super) bytes: usize,
    /// The text of the first.
    pub(super) text: String,
    /// How many the other side has received, as far as that is recorded.
    pub(super) arrived: usize,
    /// How many it has acknowledged.
    pub(super) acknowledged: usize,
    /// The last round-trip time.
    pub(super) round_trip_ms: f64,
    pub(super) events: Vec<Rc<TraceEvent>>,
    pub(super) more: usize,
}

impl Burst {
    pub(super) fn keep(&mut self, event: &Rc<TraceEvent>) {
        if self.events.len() < KEPT_EVENTS {
            self.events.push(Rc::clone(event));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn row(self, sees_both: bool) -> Row {
        let back = self.back(sees_both).map(Label::new);
        let label = match (self.kind, self.count) {
            (Kind::Control, _) => Label::new("ping"),
            (_, 1) => Label::quoting(format!("message, {}", text::bytes(self.bytes)), self.text),
            _ => Label::new(format!("messages, {}", text::bytes(self.bytes))),
        };
        Row {
            until_ms: (self.count > 1).then_some(self.until_ms),
            count: self.count,
            events: self.events,
            more: self.more,
            back,
            ..Row::new(self.at_ms, self.from, self.from.other(), self.kind, label)
        }
    }

    fn back(&self, sees_both: bool) -> Option<String> {
        let part = |some: usize, word: &str| match some {
            0 => None,
            all if all == self.count => Some(word.to_owned()),
            some => Some(format!("{some} {word}")),
        };
        match self.kind {
            Kind::Control => Some(format!("answered in {}", text::duration(self.round_trip_ms))),
            _ if self.acknowledged == self.count || !sees_both => part(self.acknowledged, "acknowledged"),
            _ => part(self.arrived, "arrived").or_else(|| Some("not arrived".to_owned())),
        }
    }
}
