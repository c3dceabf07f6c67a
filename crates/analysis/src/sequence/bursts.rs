//! Messages: those that follow closely become one row.

use std::collections::VecDeque;

use registry_client::Event;
use registry_client::json::Json;

use super::build::Item;
use super::draft::Burst;
use super::{Kind, Lane};
use crate::moments::Moment;

/// A message this much later begins a new row.
const PAUSE_MS: f64 = 1_000.0;
/// How much of a message's text is kept for its row.
const SHOWN_CHARACTERS: usize = 60;

/// Which rows messages belong to.
pub(super) struct Bursts {
    /// Whether both sides are recorded.
    sees_both: bool,
    /// By track: messages that are not acknowledged, and their rows.
    unacknowledged: Vec<VecDeque<(u64, usize)>>,
    /// By the sender's lane: the rows of messages that have not arrived.
    on_the_way: [VecDeque<usize>; 3],
}

impl Bursts {
    pub(super) fn new(tracks: usize) -> Self {
        let unacknowledged = (0..tracks).map(|_| VecDeque::new()).collect();
        Self { sees_both: tracks > 1, unacknowledged, on_the_way: Default::default() }
    }

    /// Forgets what was on the way: the session is another.
    pub(super) fn clear(&mut self) {
        self.unacknowledged.iter_mut().for_each(VecDeque::clear);
        self.on_the_way.iter_mut().for_each(VecDeque::clear);
    }

    /// Takes an event about messages; `false` for another one.
    pub(super) fn take(&mut self, items: &mut Vec<Item>, moment: &Moment<'_>, own: Lane) -> bool {
        let Moment { track, at_ms, entry } = *moment;
        match &entry.event {
            Event::MessageSent { id, data, bytes, .. } => {
                let index = join(items, moment, own, Kind::Message, *bytes, Some(data));
                self.unacknowledged[track].push_back((*id, index));
                if self.sees_both {
                    self.on_the_way[own.place()].push_back(index);
                }
            }
            Event::Message { data, bytes } => match self.on_the_way[own.other().place()].pop_front() {
                Some(index) => {
                    if let Some(Item::Burst(burst)) = items.get_mut(index) {
                        burst.arrived += 1;
                        burst.until_ms = burst.until_ms.max(at_ms);
                        burst.keep(entry);
                    }
                }
                None => {
                    join(items, moment, own.other(), Kind::Message, *bytes, Some(data));
                }
            },
            Event::MessagesDelivered { ids } => {
                let last = ids.last().copied().unwrap_or_default();
                let waiting = &mut self.unacknowledged[track];
                let count = waiting.iter().take_while(|(id, _)| *id <= last).count();
                for (_, index) in waiting.drain(..count) {
                    if let Some(Item::Burst(burst)) = items.get_mut(index) {
                        burst.acknowledged += 1;
                    }
                }
            }
            Event::RoundTrip { ms } => {
                let index = join(items, moment, own, Kind::Control, 0, None);
                if let Some(Item::Burst(burst)) = items.get_mut(index) {
                    burst.round_trip_ms = *ms;
                }
            }
            _ => return false,
        }
        true
    }
}

/// Adds a message to the row that it follows, or begins a new one. Returns where that is among the items.
fn join(
    items: &mut Vec<Item>,
    moment: &Moment<'_>,
    from: Lane,
    kind: Kind,
    bytes: usize,
    data: Option<&Json>,
) -> usize {
    let Moment { at_ms, entry, .. } = *moment;
    let last =
        items.iter().rposition(|item| !matches!(item, Item::Burst(burst) if burst.from != from || burst.kind != kind));
    if let Some(index) = last
        && let Item::Burst(burst) = &mut items[index]
        // A ping stands for the connection as long as nothing else happens.
        && (kind == Kind::Control || at_ms - burst.until_ms < PAUSE_MS)
    {
        burst.count += 1;
        burst.bytes += bytes;
        burst.until_ms = burst.until_ms.max(at_ms);
        burst.keep(entry);
        return index;
    }
    let text = data.map_or_else(String::new, |data| data.as_str().chars().take(SHOWN_CHARACTERS).collect());
    let mut burst = Burst {
        from,
        kind,
        at_ms,
        until_ms: at_ms,
        count: 1,
        bytes,
        text,
        arrived: 0,
        acknowledged: 0,
        round_trip_ms: 0.0,
        events: Vec::new(),
        more: 0,
    };
    burst.keep(entry);
    items.push(Item::Burst(burst));
    items.len() - 1
}
