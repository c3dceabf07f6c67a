//! Where the time of a handshake went: bars on one clock, and the longest part in a sentence.

mod bars;
mod gathering;
mod marks;
mod path;
mod recorder;
mod scale;
mod sentence;

use std::cmp::Ordering;
use std::rc::Rc;

use registry_client::{Event, Role, TraceEvent};
use strum::IntoStaticStr;

use crate::moments::{merged, roles};
use crate::{Track, Tracks};
use path::Path;
use recorder::Recorder;

pub use scale::{Break, Scale, Tick};
pub use sentence::Sentence;

/// What a bar is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// A person has not pressed a button yet.
    Person,
    /// This side waits for the other one.
    Peer,
    /// A request to the Registry.
    Request,
    /// A request that the Registry keeps waiting for news.
    Wait,
    /// The pause before a request is repeated.
    BackOff,
    /// Candidates are gathered.
    Gathering,
    /// A description is created, set or applied.
    Description,
    /// ICE checks pairs of candidates.
    Checks,
    /// The DTLS handshake.
    Dtls,
    /// The data channel opens.
    Channel,
    /// The connection is lost.
    Reconnect,
}

impl Kind {
    /// Its name in test ids.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Whether nothing is done in the meantime: only somebody or something else can end it.
    pub fn is_idle(self) -> bool {
        matches!(self, Self::Person | Self::Peer | Self::Wait)
    }
}

/// A part of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// When it began, in milliseconds of the monotonic clock of the first track.
    pub from_ms: f64,
    /// When it ended; `None` while it goes on.
    pub to_ms: Option<f64>,
    /// Whether it ended in a failure.
    pub bad: bool,
    /// How many it stands for, if there were more than can be told apart.
    pub count: usize,
    /// How it ended, if there is more to say: a status.
    pub outcome: Option<String>,
}

impl Bar {
    /// How long it has taken by `now_ms`, in milliseconds.
    pub fn took_ms(&self, now_ms: f64) -> f64 {
        (self.to_ms.unwrap_or(now_ms) - self.from_ms).max(0.0)
    }
}

/// Bars of the same kind, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose they are.
    pub peer: Role,
    /// What they are about.
    pub kind: Kind,
    /// What they are, in our own words.
    pub words: String,
    /// The address of a server, which the browser has reported.
    pub quote: Option<String>,
    /// The bars, oldest first.
    pub bars: Vec<Bar>,
}

impl Row {
    /// Where it is among the others: the host's first, then by time.
    fn place(&self) -> (bool, f64) {
        (self.peer == Role::Guest, self.bars.first().map_or(0.0, |bar| bar.from_ms))
    }

    /// How long all its bars have taken together by `now_ms`, in milliseconds.
    pub fn took_ms(&self, now_ms: f64) -> f64 {
        self.bars.iter().map(|bar| bar.took_ms(now_ms)).sum()
    }
}

/// A part of a session that is looked at by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub words: String,
    /// When it began, in milliseconds of the monotonic clock of the first track.
    pub from_ms: f64,
    /// When it ended; `None` while it goes on.
    pub to_ms: Option<f64>,
}

/// The waterfall of the latest session.
#[derive(Clone, Debug, Default)]
pub struct Waterfall {
    rows: Vec<Row>,
    parts: Vec<Part>,
    path: Path,
    /// When the last event happened, in milliseconds of the monotonic clock of the first track.
    pub end_ms: f64,
}

/// What is drawn of a part.
#[derive(Clone, Debug)]
pub struct View {
    /// The rows, by peer, each in the order in which it began.
    pub rows: Vec<Row>,
    /// Where each moment is drawn.
    pub scale: Scale,
    /// What took longest.
    pub longest: Option<Sentence>,
}

impl Waterfall {
    /// Its parts: the handshake, and each time that the connection was lost.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What is drawn of a part at `now_ms`; `None` if there is no such part.
    pub fn view(&self, part: usize, now_ms: f64) -> Option<View> {
        let Part { from_ms, to_ms, .. } = *self.parts.get(part)?;
        let end_ms = to_ms.unwrap_or(now_ms).max(from_ms);
        let within = |bar: &&Bar| bar.from_ms <= end_ms && bar.to_ms.is_none_or(|to| to >= from_ms);
        let clipped = |bar: &Bar| {
            let to_ms = if to_ms.is_some() { Some(bar.to_ms.unwrap_or(now_ms).min(end_ms)) } else { bar.to_ms };
            Bar { from_ms: bar.from_ms.max(from_ms), to_ms, ..bar.clone() }
        };
        let rows = self.rows.iter().filter(|row| part > 0 || row.kind != Kind::Reconnect);
        let rows = rows.map(|row| Row { bars: row.bars.iter().filter(within).map(clipped).collect(), ..row.clone() });
        let mut rows: Vec<_> = rows.filter(|row| !row.bars.is_empty()).collect();
        rows.sort_by(|one, other| one.place().partial_cmp(&other.place()).unwrap_or(Ordering::Equal));
        let longest = match part {
            0 => self.path.sentence(now_ms),
            _ => Some(longest_of_reconnect(&rows, end_ms - from_ms, to_ms.is_none(), now_ms)),
        };
        Some(View { scale: Scale::of(&rows, from_ms, end_ms), rows, longest })
    }

    /// Whether something still goes on in a part.
    pub fn goes_on(&self, part: usize) -> bool {
        self.parts.get(part).is_some_and(|part| part.to_ms.is_none())
    }
}

fn longest_of_reconnect(rows: &[Row], took_ms: f64, goes_on: bool, now_ms: f64) -> Sentence {
    let done = rows.iter().filter(|row| !matches!(row.kind, Kind::Person | Kind::Wait | Kind::Reconnect));
    let sums = done.map(|row| (row.words.as_str(), row.took_ms(now_ms)));
    let longest = sums.max_by(|(_, one), (_, other)| one.total_cmp(other)).filter(|(_, ms)| *ms > 0.0);
    sentence::of_reconnect(took_ms, goes_on, longest)
}

/// The waterfall of the latest session of one peer, or of both.
pub fn waterfall(tracks: &Tracks) -> Waterfall {
    let sessions: Vec<_> = tracks.iter().map(Track::session).collect();
    let moments = merged(&sessions);
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else { return Waterfall::default() };
    let begun = |entry: &Rc<TraceEvent>| !matches!(entry.event, Event::Environment(_) | Event::Page { .. });
    if !moments.iter().any(|moment| begun(moment.entry)) {
        return Waterfall::default();
    }
    let servers = tracks.iter().map(servers);
    let recorders = roles(tracks).into_iter().zip(servers).map(|(role, servers)| Recorder::new(role, servers));
    let mut recorders: Vec<_> = recorders.collect();
    for moment in &moments {
        recorders[moment.track].take(moment.at_ms, moment.entry);
    }
    let (start_ms, end_ms) = (first.at_ms, last.at_ms);
    recorders.sort_by_key(|recorder| recorder.role() == Role::Guest);
    let (rows, marks): (Vec<_>, Vec<_>) = recorders.into_iter().map(|recorder| recorder.finish(end_ms)).unzip();
    let rows: Vec<_> = rows.into_iter().flatten().collect();
    let path = Path::of(&marks);
    let parts = parts(&rows, start_ms, path.end_ms());
    Waterfall { rows, parts, path, end_ms }
}

/// The handshake, and each time that the connection was lost.
fn parts(rows: &[Row], start_ms: f64, open_ms: Option<f64>) -> Vec<Part> {
    let mut lost: Vec<(f64, Option<f64>)> = Vec::new();
    let reconnects = rows.iter().filter(|row| row.kind == Kind::Reconnect);
    let mut bars: Vec<_> = reconnects.flat_map(|row| &row.bars).map(|bar| (bar.from_ms, bar.to_ms)).collect();
    bars.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (from, to) in bars {
        match lost.last_mut().filter(|(_, end)| end.is_none_or(|end| end >= from)) {
            // Both sides have noticed.
            Some((_, end)) => *end = end.and_then(|end| to.map(|to| end.max(to))),
            None => lost.push((from, to)),
        }
    }
    // What has begun with the handshake belongs to it: gathering may go on when the channel is open.
    let next = lost.first().map_or(f64::INFINITY, |(from, _)| *from);
    let own = |kind: Kind| !matches!(kind, Kind::Wait | Kind::Reconnect);
    let ends = |open: f64| {
        let bars = rows.iter().filter(|row| own(row.kind)).flat_map(|row| &row.bars).filter(|bar| bar.from_ms <= open);
        bars.filter_map(|bar| bar.to_ms).filter(|to| *to < next).fold(open, f64::max)
    };
    let handshake = Part { words: "Handshake".to_owned(), from_ms: start_ms, to_ms: open_ms.map(ends) };
    let numbered = lost.into_iter().enumerate();
    let reconnects =
        numbered.map(|(index, (from_ms, to_ms))| Part { words: format!("Reconnect {}", index + 1), from_ms, to_ms });
    std::iter::once(handshake).chain(reconnects).collect()
}

/// The STUN and TURN servers of a client, if it has said.
fn servers(track: &Track) -> Vec<String> {
    let environment = |entry: &Rc<TraceEvent>| match &entry.event {
        Event::Environment(environment) => Some(environment.ice_servers.clone()),
        _ => None,
    };
    track.events.iter().rev().find_map(environment).unwrap_or_default()
}

#[cfg(test)]
mod tests;
