//! The rows of a sequence diagram, and its lanes.

use std::rc::Rc;

use registry_client::{Role, TraceEvent};
use strum::IntoStaticStr;

/// How many events a row keeps at most, of those that it stands for.
pub const KEPT_EVENTS: usize = 24;

/// A lane of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Lane {
    /// The host.
    Host,
    /// The Registry.
    Registry,
    /// The guest.
    Guest,
}

impl Lane {
    /// All of them, from left to right.
    pub const ALL: [Self; 3] = [Self::Host, Self::Registry, Self::Guest];

    /// Its name in test ids and in Mermaid.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Its name above the lane.
    pub fn title(self) -> &'static str {
        match self {
            Self::Host => "Host",
            Self::Registry => "Registry",
            Self::Guest => "Guest",
        }
    }

    /// Its place, from left to right.
    pub fn place(self) -> usize {
        self as usize
    }

    /// The peer on the other side; the Registry has none.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Host => Self::Guest,
            Self::Registry => Self::Registry,
            Self::Guest => Self::Host,
        }
    }
}

impl From<Role> for Lane {
    fn from(role: Role) -> Self {
        match role {
            Role::Host => Self::Host,
            Role::Guest => Self::Guest,
        }
    }
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// A call about the room: created, looked up, joined, read, closed.
    Room,
    /// A call that asks and brings nothing new.
    Poll,
    /// A call that the Registry keeps waiting for news.
    Wait,
    /// The offer, with or without candidates.
    Offer,
    /// The answer, with or without candidates.
    Answer,
    /// Candidates.
    Candidates,
    /// The data channel opens.
    Open,
    /// The application's messages.
    Message,
    /// Messages of the control channel.
    Control,
    /// The connection is lost.
    Cut,
    /// A step of a reconnect.
    Reconnect,
    /// A state, or a step on one side.
    State,
    /// A fault that was injected on purpose.
    Fault,
}

impl Kind {
    /// Its name in test ids.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A text of which a part comes from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Our own words.
    pub words: String,
    /// What a peer, a Registry or the browser has said.
    pub quote: Option<String>,
}

impl Label {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), quote: None }
    }

    pub(super) fn quoting(words: impl Into<String>, quote: impl Into<String>) -> Self {
        Self { words: words.into(), quote: Some(quote.into()) }
    }
}

/// What tells a row from the others: when it happened or began, from where, and to where.
pub type Identity = (u64, Lane, Lane);

/// A row of the diagram: an arrow from one lane to another, or a note on a lane.
#[derive(Clone, Debug)]
pub struct Row {
    /// When it happened or began, in milliseconds of the monotonic clock of the first track.
    pub at_ms: f64,
    /// When it ended, or when the last of several happened.
    pub until_ms: Option<f64>,
    /// Where it comes from.
    pub from: Lane,
    /// Where it goes to; a note stays where it is.
    pub to: Lane,
    /// What it is about.
    pub kind: Kind,
    /// What it says.
    pub label: Label,
    /// The call that carries it, as method and path.
    pub via: Option<String>,
    /// What came back for it, if that was no arrow of its own.
    pub back: Option<Label>,
    /// Whether nobody has seen it, and it must have happened all the same.
    pub inferred: bool,
    /// Whether it failed.
    pub bad: bool,
    /// Whether it goes on.
    pub open: bool,
    /// How many it stands for.
    pub count: usize,
    /// The events that tell of it; of many, the first ones.
    pub events: Vec<Rc<TraceEvent>>,
    /// How many events are not kept.
    pub more: usize,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.at_ms == other.at_ms
            && self.until_ms == other.until_ms
            && (self.from, self.to, self.kind) == (other.from, other.to, other.kind)
            && (&self.label, &self.via, &self.back) == (&other.label, &other.via, &other.back)
            && (self.inferred, self.bad, self.open) == (other.inferred, other.bad, other.open)
            && (self.count, self.events.len(), self.more) == (other.count, other.events.len(), other.more)
    }
}

impl Row {
    pub(super) fn new(at_ms: f64, from: Lane, to: Lane, kind: Kind, label: Label) -> Self {
        Self {
            at_ms,
            until_ms: None,
            from,
            to,
            kind,
            label,
            via: None,
            back: None,
            inferred: false,
            bad: false,
            open: false,
            count: 1,
            events: Vec::new(),
            more: 0,
        }
    }

    pub(super) fn keep(&mut self, event: &Rc<TraceEvent>) {
        if self.events.len() < KEPT_EVENTS {
            self.events.push(Rc::clone(event));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn keep_all(&mut self, events: &[Rc<TraceEvent>]) {
        events.iter().for_each(|event| self.keep(event));
    }

    /// What it keeps while more becomes known about it.
    pub fn identity(&self) -> Identity {
        (self.at_ms.to_bits(), self.from, self.to)
    }

    /// Whether it is a note on a lane and no arrow.
    pub fn is_note(&self) -> bool {
        self.from == self.to
    }

    /// How many times it happened, as it is written: `×120`; empty for once.
    pub fn times(&self) -> String {
        if self.count > 1 { format!("×{}", self.count) } else { String::new() }
    }

    /// The whole row as a sentence, without what others have said: `host to registry: offer and 1 candidate (host)`.
    pub fn sentence(&self) -> String {
        let whither = if self.is_note() {
            self.from.title().to_owned()
        } else {
            format!("{} to {}", self.from.title(), self.to.title())
        };
        let mut sentence = format!("{whither}: {}", self.label.words);
        if self.count > 1 {
            sentence += &format!(", {} times", self.count);
        }
        if let Some(back) = self.back.as_ref().filter(|back| !back.words.is_empty()) {
            sentence += &format!(", {}", back.words);
        }
        if self.inferred {
            sentence += " (inferred)";
        }
        sentence
    }
}
