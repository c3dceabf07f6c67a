//! What the rules need to know of a session, collected from its events in one pass.

mod candidate;
mod connection;
mod descriptions;
mod gathering;
mod page;
mod requests;
mod states;

use std::cell::Cell;

use registry_client::types::environment::Environment;
use registry_client::types::fault::InjectedFault;
use registry_client::{ConnectionState, Error, Event, Role, TraceEvent};

use crate::Track;
pub(super) use candidate::{Candidate, CandidateType};
use connection::Connection;
pub(super) use descriptions::{Descriptions, sections, user_fragment};
pub(super) use gathering::{Gathering, ServerError};
use page::Page;
use requests::Requests;
pub(super) use requests::{Refusal, Trouble};
use states::States;

/// Which event, and when it happened, in milliseconds of the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    pub(super) seq: u64,
    pub(super) ms: f64,
}

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen<T> {
    pub(super) at: At,
    pub(super) what: T,
}

/// What the room looked like when it was read last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RoomView<'a> {
    pub(super) status: &'a str,
    pub(super) offer: bool,
}

/// A session, as one client has seen it.
#[derive(Default)]
pub(super) struct Facts<'a> {
    now_ms: f64,
    /// The earliest time at which a rule that has found nothing yet may find something.
    again_ms: Cell<Option<f64>>,
    pub(super) role: Option<Role>,
    pub(super) environment: Option<Seen<&'a Environment>>,
    /// By how many milliseconds the Registry's clock is ahead.
    pub(super) clock: Option<Seen<f64>>,
    pub(super) page: Page,
    pub(super) states: States<'a>,
    pub(super) requests: Requests<'a>,
    pub(super) room: Option<Seen<RoomView<'a>>>,
    /// Since when the room is known to have a guest.
    pub(super) joined: Option<At>,
    /// What the client has reported, as far as it still matters.
    pub(super) errors: Vec<Seen<&'a Error>>,
    pub(super) faults: Vec<Seen<&'a InjectedFault>>,
    // Of the latest attempt to connect.
    pub(super) descriptions: Descriptions<'a>,
    pub(super) gathering: Gathering<'a>,
    pub(super) connection: Connection<'a>,
}

impl<'a> Facts<'a> {
    /// The STUN and TURN servers that have failed so far, as [`Gathering::failed_servers`] has them.
    pub(super) fn failed_servers(&self) -> Vec<ServerError<'a>> {
        let configured = self.environment.map(|environment| environment.what.ice_servers.as_slice());
        self.gathering.failed_servers(configured.unwrap_or_default())
    }

    /// The facts of the latest session of a track at `now_ms`.
    pub(super) fn of(track: &'a Track, now_ms: f64) -> Self {
        // A page that is loaded anew, or has other settings, is another client.
        let born = track.events.iter().rposition(|entry| matches!(entry.event, Event::Environment(_))).unwrap_or(0);
        let (before, session) = track.events.split_at((track.events.len() - track.session().len()).max(born));
        let mut facts = Self { role: track.role(), ..Self::default() };
        for entry in before {
            facts.see_around(entry);
        }
        facts.page.begin_session();
        for entry in session {
            facts.see_around(entry);
            facts.see(entry);
        }
        // A session that has ended is looked at as it was then.
        facts.now_ms = facts.states.ended.map_or(now_ms, |ended| ended.ms);
        facts
    }

    /// Facts that outlive sessions.
    fn see_around(&mut self, entry: &'a TraceEvent) {
        let at = At { seq: entry.seq, ms: entry.at_ms };
        match &entry.event {
            Event::Environment(environment) => {
                self.environment = Some(Seen { at, what: environment });
                (self.page, self.clock) = (Page::default(), None);
            }
            Event::RegistryClock { ahead_ms } => self.clock = Some(Seen { at, what: *ahead_ms }),
            Event::Page { step, gap_ms } => self.page.see(at, *step, *gap_ms),
            Event::Response { operation, code: Some(code), .. } => {
                self.requests.see_wrong_code(at, *operation, code);
            }
            _ => {}
        }
    }

    fn see(&mut self, entry: &'a TraceEvent) {
        let at = At { seq: entry.seq, ms: entry.at_ms };
        match &entry.event {
            // Most events are about messages, and say nothing here.
            Event::Message { .. }
            | Event::MessageSent { .. }
            | Event::MessagesDelivered { .. }
            | Event::MessageBuffered { .. }
            | Event::RoundTrip { .. } => {}
            Event::State { from, to, reason } => {
                if self.states.see(at, *from, *to, reason.as_deref()) {
                    self.begin_attempt();
                }
            }
            Event::ReconnectAttempting { .. } => self.states.recovering = true,
            Event::ReconnectSuccess { .. } => self.forget_loss(),
            Event::Snapshot { status, offer, .. } => {
                self.room = Some(Seen { at, what: RoomView { status, offer: *offer } });
                if !matches!(status.as_str(), "open" | "closed") {
                    self.joined.get_or_insert(at);
                }
            }
            Event::Failure(error) => self.errors.push(Seen { at, what: error }),
            Event::Fault(fault) => {
                self.faults.push(Seen { at, what: fault });
                self.requests.see(at, &entry.event);
            }
            event => {
                self.requests.see(at, event);
                self.descriptions.see(at, event, self.role);
                self.gathering.see(at, event);
                self.connection.see(at, event);
            }
        }
    }

    /// A handshake begins, the first or another one in the same room.
    fn begin_attempt(&mut self) {
        self.errors.clear();
        self.descriptions = Descriptions::default();
        self.gathering = Gathering::default();
        self.connection = Connection::default();
    }

    /// The connection is back: what went wrong meanwhile explains nothing any more.
    fn forget_loss(&mut self) {
        self.errors.retain(|error| error.what.kind.code() == "conflicting_answer");
        self.requests.forget_trouble();
        self.page.begin_session();
    }

    /// Whether `limit_ms` have passed since `since`. If not, it is worth looking again when they have.
    /// What happens while the page is asleep takes no time.
    pub(super) fn lasts(&self, since: At, limit_ms: f64) -> bool {
        let awake_ms = self.page.slept.map_or(since.ms, |slept| slept.at.ms.max(since.ms));
        let due = awake_ms + limit_ms;
        if self.now_ms < due && self.states.ended.is_none() {
            let earlier = self.again_ms.get().map_or(due, |again| again.min(due));
            self.again_ms.set(Some(earlier));
        }
        self.now_ms >= due
    }

    /// When it is worth looking again although nothing happens.
    pub(super) fn again_ms(&self) -> Option<f64> {
        self.again_ms.get()
    }

    /// Whether the session is over.
    pub(super) fn is_over(&self) -> bool {
        self.states.ended.is_some()
    }

    /// The last error with this code that the client has reported.
    pub(super) fn error(&self, code: &str) -> Option<Seen<&'a Error>> {
        self.errors.iter().rev().find(|error| error.what.kind.code() == code).copied()
    }

    /// Whether the first handshake of the session is going on.
    pub(super) fn is_connecting(&self) -> bool {
        self.states.now == ConnectionState::Connecting && !self.states.recovering
    }

    /// Whether the client has given up.
    pub(super) fn has_failed(&self) -> bool {
        self.states.now == ConnectionState::Error
    }

    /// Whether the connection stands, as far as this side knows.
    pub(super) fn is_connected(&self) -> bool {
        self.states.now == ConnectionState::Connected
    }
}
