//! From items to rows: a call with its answer, and calls that repeat.

use std::rc::Rc;

use registry_client::interfaces::registry::Operation;
use registry_client::text::duration;
use registry_client::{Event, TraceEvent};

use super::build::{Builder, Item, Peer};
use super::infer::{self, kind_of};
use super::{Kind, Label, Lane, Row};
use crate::calls::{Call, Outcome, RoomNews};
use crate::cargo::{Cargo, Way};

/// What makes two calls the same: whose they are, what they are, how they ended.
type Same = (usize, Operation, Outcome, Cargo);

/// The rows of all items.
pub(super) fn rows(builder: Builder) -> Vec<Row> {
    let alone = builder.is_alone();
    let Builder { peers, items, .. } = builder;
    let mut rows = Rows { rows: Vec::with_capacity(items.len()), last: None };
    let mut taken = vec![0; peers.len()];
    for item in items {
        match item {
            Item::Row(draft) => rows.push(draft.row),
            Item::Burst(burst) => rows.push(burst.row(!alone)),
            Item::Taken(at_ms) => {
                if let Some(row) = infer::taken(&peers[0], &mut taken[0], at_ms) {
                    rows.push(row);
                }
            }
            Item::Ask(index, call) => rows.ask(index, &peers[index], &peers[index].calls.list[call]),
            Item::Reply(index, call) => {
                let (peer, call) = (&peers[index], &peers[index].calls.list[call]);
                if alone {
                    infer_before(&mut rows, peer, call, &mut taken[index]);
                }
                if call.brought_news() {
                    rows.push(reply(peer, call));
                }
            }
        }
    }
    rows.rows
}

/// What the other side must have done before this answer. Only an answer says that the offer was taken.
fn infer_before(rows: &mut Rows, peer: &Peer, call: &Call, taken: &mut usize) {
    if let (Some(at_ms), Some(Kind::Answer)) = (call.to_ms, kind_of(&call.got))
        && let Some(row) = infer::taken(peer, taken, at_ms)
    {
        rows.push(row);
    }
    if let Some(row) = infer::posted(call, peer.lane) {
        rows.push(row);
    }
}

struct Rows {
    rows: Vec<Row>,
    /// The call in the last row, if another one like it may be added.
    last: Option<Same>,
}

impl Rows {
    fn push(&mut self, row: Row) {
        self.last = None;
        self.rows.push(row);
    }

    fn ask(&mut self, index: usize, peer: &Peer, call: &Call) {
        let repeats = call.was_for_nothing() || call.is_bad();
        let same = repeats.then(|| (index, call.operation, call.outcome.clone(), call.sent));
        let row = ask(peer, call);
        if let Some(last) = self.rows.last_mut()
            && same.is_some()
            && self.last == same
        {
            last.count += 1;
            last.until_ms = row.until_ms;
            last.back = row.back;
            return last.keep_all(&row.events);
        }
        self.push(row);
        self.last = same;
    }
}

/// The arrow of a call, with its answer if that brought nothing.
fn ask(peer: &Peer, call: &Call) -> Row {
    let kind = match kind_of(&call.sent) {
        Some(kind) => kind,
        None if call.waits => Kind::Wait,
        None if call.asks() => Kind::Poll,
        None => Kind::Room,
    };
    let words = if call.sent.is_empty() { call.words().to_owned() } else { call.sent.words() };
    let mut row = Row {
        until_ms: call.to_ms,
        via: Some(format!("{} {}", call.operation.method(), call.operation.path_template())),
        back: back(call),
        bad: call.is_bad(),
        open: call.to_ms.is_none(),
        ..Row::new(call.from_ms, peer.lane, Lane::Registry, kind, Label::new(words))
    };
    let here = |event: &&Rc<TraceEvent>| !call.brought_news() || is_of_request(event);
    call.events.iter().filter(here).for_each(|event| row.keep(event));
    row
}

fn is_of_request(event: &TraceEvent) -> bool {
    matches!(event.event, Event::Request { .. }) || Way::of(&event.event) == Some(Way::Out)
}

/// What came back, unless that is an arrow of its own.
fn back(call: &Call) -> Option<Label> {
    let again = call.again_ms.map(|ms| format!(", again in {}", duration(ms))).unwrap_or_default();
    match &call.outcome {
        Outcome::Pending => None,
        Outcome::Answered { .. } if call.brought_news() => None,
        Outcome::Answered { code: None, .. } if call.was_for_nothing() => Some(Label::new("nothing new")),
        Outcome::Answered { status, code } => Some(Label { words: format!("{status}{again}"), quote: code.clone() }),
        Outcome::Failed(reason) => Some(Label::quoting(format!("no answer{again}"), reason)),
        Outcome::Aborted => Some(Label::new("aborted")),
    }
}

/// The arrow of an answer that brought something.
fn reply(peer: &Peer, call: &Call) -> Row {
    let kind = kind_of(&call.got).unwrap_or(Kind::Room);
    let words = match call.news {
        _ if !call.got.is_empty() => call.got.words(),
        Some(RoomNews::Joined) => "a guest has joined".to_owned(),
        Some(RoomNews::Closed) | None => "the room is closed".to_owned(),
    };
    let mut row = Row::new(call.to_ms.unwrap_or(call.from_ms), Lane::Registry, peer.lane, kind, Label::new(words));
    if let Outcome::Answered { status, .. } = &call.outcome {
        row.via = Some(status.to_string());
    }
    call.events.iter().filter(|event| !is_of_request(event)).for_each(|event| row.keep(event));
    row
}
