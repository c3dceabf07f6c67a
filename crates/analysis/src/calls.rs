//! The calls of a client to the Registry, each with its answer and with what both carried. What a call carried is known from
//! the events that follow its answer.

use std::rc::Rc;

use registry_client::event::DescriptionStep;
use registry_client::interfaces::registry::Operation;
use registry_client::{ConnectionState, Event, Role, TraceEvent};

use crate::cargo::{Cargo, Way};

/// Sizes of the bodies of exchanges that wait: larger than one that asks at once, and too small to carry anything.
const WAITING_BODY: std::ops::Range<usize> = 30..64;

/// How a call has ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Not yet.
    Pending,
    /// With a response.
    Answered {
        /// Its HTTP status.
        status: u16,
        /// Its error code, if it is an error or malformed.
        code: Option<String>,
    },
    /// Without a response; why.
    Failed(String),
    /// By this side, which no longer needs it.
    Aborted,
}

/// What the Registry has said about the room that is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoomNews {
    /// A guest has joined.
    Joined,
    /// The room is closed.
    Closed,
}

/// A call to the Registry.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Its number.
    pub(crate) id: u64,
    /// What it is.
    pub(crate) operation: Operation,
    /// When it began, in milliseconds.
    pub(crate) from_ms: f64,
    /// When it ended.
    pub(crate) to_ms: Option<f64>,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Whether the Registry may keep it waiting for news.
    pub(crate) waits: bool,
    /// What it took there.
    pub(crate) sent: Cargo,
    /// What it brought back.
    pub(crate) got: Cargo,
    /// What it brought to light about the room.
    pub(crate) news: Option<RoomNews>,
    /// After how many milliseconds it is made again, if it failed.
    pub(crate) again_ms: Option<f64>,
    /// The events that tell of it.
    pub(crate) events: Vec<Rc<TraceEvent>>,
}

impl Call {
    /// Whether it failed or was refused.
    pub(crate) fn is_bad(&self) -> bool {
        match &self.outcome {
            Outcome::Answered { status, code } => *status >= 400 || code.is_some(),
            Outcome::Failed(_) => true,
            Outcome::Pending | Outcome::Aborted => false,
        }
    }

    /// Whether it brought news.
    pub(crate) fn brought_news(&self) -> bool {
        !self.got.is_empty() || self.news.is_some()
    }

    /// Whether it takes nothing there, but asks.
    pub(crate) fn asks(&self) -> bool {
        let can = matches!(self.operation, Operation::GetRoom | Operation::GetCandidates | Operation::Exchange);
        can && self.sent.is_empty()
    }

    /// Whether it only asked, and there was nothing new.
    pub(crate) fn was_for_nothing(&self) -> bool {
        let answered = matches!(self.outcome, Outcome::Answered { .. });
        self.asks() && answered && !self.is_bad() && !self.brought_news()
    }

    /// What it does, apart from what it carries.
    pub(crate) fn words(&self) -> &'static str {
        match self.operation {
            Operation::CreateRoom => "create the room",
            Operation::GetPublicRoomInfo => "look up the room",
            Operation::JoinRoom => "join the room",
            Operation::CloseRoom => "close the room",
            Operation::ReplaceJoinCode => "replace the join code",
            Operation::PostOffer => "post the offer",
            Operation::PostAnswer => "post the answer",
            Operation::PostCandidate => "post candidates",
            Operation::GetCandidates => "read the candidates",
            Operation::Exchange | Operation::GetRoom if self.sent.description == Some(Role::Host) => "post the offer",
            Operation::Exchange | Operation::GetRoom if self.sent.description == Some(Role::Guest) => "post the answer",
            Operation::Exchange | Operation::GetRoom if self.sent.candidates() > 0 => "post candidates",
            Operation::Exchange | Operation::GetRoom if self.waits => "wait for news",
            Operation::Exchange | Operation::GetRoom => "read the room",
        }
    }
}

/// What an event says about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The call with this index has begun.
    Begins(usize),
    /// It has ended.
    Ends(usize),
    /// More is known about it.
    More,
}

/// The calls of one client, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// All of them.
    pub(crate) list: Vec<Call>,
    role: Option<Role>,
    answered: Option<usize>,
    failed: Option<usize>,
    may_wait: bool,
    joined: bool,
    connecting: bool,
    /// A description that is set and not posted, with its size.
    unposted: Option<(Role, usize)>,
    /// The call that seems to take it there.
    carrier: Option<(usize, (Role, usize))>,
    /// Whether descriptions and candidates go over the control channel.
    direct: bool,
}

impl Calls {
    /// Takes the next event; `None` if it is not about a call.
    pub(crate) fn take(&mut self, at_ms: f64, entry: &Rc<TraceEvent>) -> Option<Said> {
        match &entry.event {
            Event::Request { id, operation, bytes } => {
                let call = self.begun(*id, *operation, *bytes, at_ms);
                self.list.push(call);
                self.note(self.list.len() - 1, entry);
                return Some(Said::Begins(self.list.len() - 1));
            }
            Event::Response { id, status, code, .. } => {
                let index = self.end(*id, at_ms, Outcome::Answered { status: *status, code: code.clone() }, entry)?;
                self.answered = Some(index);
                return Some(Said::Ends(index));
            }
            Event::RequestFailed { id, reason, .. } => {
                return self.end(*id, at_ms, Outcome::Failed(reason.clone()), entry).map(Said::Ends);
            }
            Event::RequestAborted { id, .. } => {
                return self.end(*id, at_ms, Outcome::Aborted, entry).map(Said::Ends);
            }
            Event::Retry { operation, delay_ms, .. } => {
                let index = self.failed.filter(|index| self.list[*index].operation == *operation)?;
                self.list[index].again_ms = Some(*delay_ms);
                self.note(index, entry);
            }
            Event::Snapshot { status, .. } => self.learn(status, entry)?,
            event => {
                self.follow(event);
                let way = Way::of(event).filter(|_| !self.direct)?;
                let index = self.answered?;
                let call = &mut self.list[index];
                match way {
                    Way::Out => call.sent.add(event),
                    Way::In => call.got.add(event),
                }
                self.note(index, entry);
            }
        }
        Some(Said::More)
    }

    fn begun(&mut self, id: u64, operation: Operation, bytes: usize, from_ms: f64) -> Call {
        let waits = match operation {
            Operation::GetRoom => self.may_wait,
            Operation::Exchange => self.may_wait && WAITING_BODY.contains(&bytes),
            _ => false,
        };
        let sent = match operation {
            Operation::PostOffer => Cargo::description(Role::Host),
            Operation::PostAnswer => Cargo::description(Role::Guest),
            Operation::PostCandidate => Cargo::unknown_candidate(),
            Operation::Exchange => self.presumed(bytes),
            _ => Cargo::default(),
        };
        let (to_ms, outcome, got, events) = (None, Outcome::Pending, Cargo::default(), Vec::new());
        Call { id, operation, from_ms, to_ms, outcome, waits, sent, got, news: None, again_ms: None, events }
    }

    /// What an exchange of this size must carry, until it is known.
    fn presumed(&mut self, bytes: usize) -> Cargo {
        if let Some(description) = self.unposted.take_if(|(_, size)| *size < bytes) {
            self.carrier = Some((self.list.len(), description));
            return Cargo::description(description.0);
        }
        if bytes < WAITING_BODY.end { Cargo::default() } else { Cargo::unknown_candidate() }
    }

    fn end(&mut self, id: u64, at_ms: f64, outcome: Outcome, entry: &Rc<TraceEvent>) -> Option<usize> {
        let index = self.list.iter().rposition(|call| call.id == id && call.to_ms.is_none())?;
        let call = &mut self.list[index];
        (call.to_ms, call.outcome) = (Some(at_ms.max(call.from_ms)), outcome);
        let failed = call.is_bad();
        if failed {
            self.failed = Some(index);
        }
        if let Some((_, description)) = self.carrier.take_if(|(carrier, _)| *carrier == index) {
            self.unposted = Some(description).filter(|_| failed);
        }
        self.note(index, entry);
        Some(index)
    }

    /// A snapshot of the room was in the latest answer.
    fn learn(&mut self, status: &str, entry: &Rc<TraceEvent>) -> Option<()> {
        let index = self.answered?;
        let news = match status {
            "closed" => Some(RoomNews::Closed),
            "joined" if !self.joined && self.role == Some(Role::Host) => Some(RoomNews::Joined),
            _ => None,
        };
        // Of a guest that has answered already, the answer is the news.
        self.joined |= matches!(status, "joined" | "paired");
        self.list[index].news = self.list[index].news.or(news);
        self.note(index, entry);
        Some(())
    }

    fn follow(&mut self, event: &Event) {
        match event {
            Event::State { to, .. } => {
                self.connecting = *to == ConnectionState::Connecting;
                match to {
                    ConnectionState::Creating => *self = Self::of_session(Role::Host, std::mem::take(&mut self.list)),
                    ConnectionState::Joining => *self = Self::of_session(Role::Guest, std::mem::take(&mut self.list)),
                    ConnectionState::Connecting => self.direct = false,
                    _ => {}
                }
            }
            Event::Room { role, .. } => self.role = Some(*role),
            Event::Offer { step: DescriptionStep::Set, bytes, .. } => self.unposted = Some((Role::Host, *bytes)),
            Event::Answer { step: DescriptionStep::Set, bytes, .. } => self.unposted = Some((Role::Guest, *bytes)),
            Event::Waiting { .. } => self.may_wait = true,
            // At the Registry ICE is restarted only by an attempt to reconnect.
            Event::IceRestart => self.direct = !self.connecting,
            _ => {}
        }
    }

    fn of_session(role: Role, list: Vec<Call>) -> Self {
        Self { list, role: Some(role), ..Self::default() }
    }

    fn note(&mut self, index: usize, entry: &Rc<TraceEvent>) {
        self.list[index].events.push(Rc::clone(entry));
    }
}
