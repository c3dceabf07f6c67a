//! The page's state: the client's trace, folded by a pure reducer.

mod action;
pub mod candidates;
pub mod chat;
pub mod counts;
mod delivery;
pub mod facts;
mod history;
pub mod life;
pub mod log;
pub mod opened;
pub mod problem;
pub mod progress;
pub mod reconnect;
mod recorded;
pub mod retries;
mod room_view;
pub mod rows;
mod stays;
pub mod view;
pub mod window;

use std::collections::VecDeque;
use std::rc::Rc;

use registry_analysis::Sample;
use registry_client::protocol::RoomStatus;
use registry_client::{BufferLevels, ConnectionState, Error, Event, Role, RoomLife, TraceEvent};

pub use action::Action;
use chat::LongTexts;
pub use chat::{ChatMessage, Delivery};
pub use facts::Facts;
pub use history::History;
pub use log::{Filter, Kind, LogEntry};
pub use opened::Opened;
pub use problem::{Problem, Remedy};
pub use progress::{Progress, Turn, progress};
pub use reconnect::Reconnect;
pub use recorded::Recorded;
pub use room_view::RoomView;
pub use stays::{Moment, Stays};
pub use view::View;

/// How many events the timeline keeps.
pub const LOG_CAPACITY: usize = registry_client::trace::TRACE_CAPACITY;

/// How many samples of the statistics the page keeps: ten minutes of them, at one a second.
pub const SAMPLES: usize = 600;

/// Everything the page shows. Cheap to clone and to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The connection state and the path to it.
    pub stays: Stays,
    /// Whose page it is, where there are two peers.
    pub peer: Option<Role>,
    /// The selected role, or the role in the room.
    pub role: Option<Role>,
    /// The room.
    pub room: Option<Rc<RoomView>>,
    /// How long the room lives.
    pub life: RoomLife,
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
    /// The conversation.
    pub chat: History<Rc<ChatMessage>>,
    /// Every event, as the timeline shows it.
    pub log: History<Rc<LogEntry>>,
    /// Every event, for the views; clearing the timeline does not clear it.
    pub record: History<Rc<TraceEvent>>,
    /// The latest samples of the statistics.
    pub samples: History<Sample>,
    /// The last error, until it is dismissed or resolved.
    pub problem: Option<Rc<Problem>>,
    /// The recovery of a lost connection.
    pub reconnect: Option<Reconnect>,
    /// Whether the room is closing and still delivers messages.
    pub closing: bool,
    /// Messages that are not delivered yet.
    pub buffer: BufferLevels,
    /// Own messages without a final status: their ids, and their indices in the conversation.
    pending: Rc<VecDeque<(u64, usize)>>,
    long_texts: LongTexts,
}

impl Page {
    /// A page without events.
    pub fn new(epoch_ms: f64, role: Option<Role>) -> Self {
        Self {
            stays: Stays::idle(Moment::wall(epoch_ms)),
            peer: None,
            role,
            room: None,
            life: RoomLife::default(),
            facts: Rc::default(),
            chat: History::new(chat::CHAT_CAPACITY),
            log: History::new(LOG_CAPACITY),
            record: History::new(LOG_CAPACITY),
            samples: History::new(SAMPLES),
            problem: None,
            reconnect: None,
            closing: false,
            buffer: BufferLevels::default(),
            pending: Rc::default(),
            long_texts: LongTexts::default(),
        }
    }

    /// The page of one of two peers.
    #[must_use]
    pub fn of_peer(self, peer: Option<Role>) -> Self {
        Self { peer, ..self }
    }

    /// What has been recorded.
    pub fn recorded(&self) -> Recorded {
        Recorded { events: self.record.clone(), samples: self.samples.clone() }
    }

    /// The connection state.
    pub fn state(&self) -> ConnectionState {
        self.stays.present()
    }

    /// Whether a room can be created or joined now.
    pub fn is_free(&self) -> bool {
        matches!(self.state(), ConnectionState::Idle | ConnectionState::Error)
    }

    /// Whether the peers in a room have not met yet: they can still be invited, and start.
    pub fn is_waiting(&self) -> bool {
        let state = self.state();
        matches!(state, ConnectionState::Created | ConnectionState::Joined)
            || (state == ConnectionState::Connecting && self.reconnect.is_none())
    }

    /// Whether the join code of the host's room can be replaced: nobody has joined, as far as is known, and the Registry can.
    pub fn can_replace_join_code(&self) -> bool {
        let joined = self.facts.room_status.as_ref().is_some_and(|status| status.as_str() != RoomStatus::Open.as_str());
        self.is_waiting() && !joined && self.room.as_ref().is_some_and(|room| room.extended)
    }

    /// Whether this attempt has, or had, a conversation.
    pub fn has_chat(&self) -> bool {
        match self.state() {
            ConnectionState::Connected | ConnectionState::Disconnected => true,
            ConnectionState::Connecting | ConnectionState::Error => self.stays.visits(ConnectionState::Connected) > 0,
            _ => false,
        }
    }

    /// The page after `action`.
    #[must_use]
    pub fn after(&self, action: Action) -> Self {
        let mut page = self.clone();
        match action {
            Action::Attached { epoch_ms } => page.attach(epoch_ms),
            Action::Restored { events } if page.record.is_empty() => {
                events.iter().for_each(|entry| page.keep(entry));
            }
            Action::Restored { .. } => {}
            Action::Events { events, room, life, buffer } => {
                events.iter().for_each(|entry| page.take(entry));
                page.set_room(room);
                (page.life, page.buffer) = (life, buffer);
            }
            Action::Sampled(samples) => samples.into_iter().for_each(|sample| page.samples.push(sample)),
            Action::Failed(error) => page.fail(&error),
            Action::Choose(role) if page.is_free() => page.choose(role),
            Action::Choose(_) => {}
            Action::Dismiss => page.problem = None,
            Action::ClearLog => page.log.clear(),
        }
        page
    }

    fn attach(&mut self, epoch_ms: f64) {
        self.stays = Stays::idle(Moment::wall(epoch_ms));
        (self.room, self.life) = (None, RoomLife::default());
        self.begin_attempt();
    }

    fn choose(&mut self, role: Role) {
        if self.role != Some(role) {
            self.problem = None;
        }
        self.role = Some(role);
    }

    fn set_room(&mut self, room: Option<RoomView>) {
        if self.room.as_deref() != room.as_ref() {
            self.room = room.map(Rc::new);
        }
    }

    fn begin_attempt(&mut self) {
        self.facts = Rc::default();
        self.chat.clear();
        self.pending = Rc::default();
        self.long_texts = LongTexts::default();
        self.reconnect = None;
    }

    fn take(&mut self, entry: &Rc<TraceEvent>) {
        match &entry.event {
            Event::State { to, .. } => self.enter(*to, Moment::of(entry)),
            Event::Room { role, .. } => self.role = Some(*role),
            Event::Failure(error) => self.fail(error),
            Event::JoinCodeReplaced { .. } => {
                self.problem.take_if(|problem| problem.is_about_join_code());
            }
            Event::Message { data, .. } => self.add_message(ChatMessage::new(false, data, entry.epoch_ms)),
            Event::Closing { .. } => self.closing = true,
            event => self.apply_delivery(event, entry.epoch_ms),
        }
        Reconnect::apply(&mut self.reconnect, entry);
        // Events in `idle` belong to the cleanup of an attempt, not to a new one.
        if self.state() != ConnectionState::Idle {
            Rc::make_mut(&mut self.facts).apply(&entry.event);
        }
        self.keep(entry);
    }

    fn keep(&mut self, entry: &Rc<TraceEvent>) {
        let kept = entry.abridged();
        self.log.push(Rc::new(LogEntry::new(&kept, self.peer)));
        self.record.push(kept);
    }

    fn enter(&mut self, state: ConnectionState, now: Moment) {
        let from = self.state();
        self.stays.enter(state, now);
        match state {
            ConnectionState::Creating => self.begin_as(Role::Host),
            ConnectionState::Joining => self.begin_as(Role::Guest),
            ConnectionState::Connecting if from != ConnectionState::Disconnected => self.problem = None,
            ConnectionState::Connected => self.problem = None,
            ConnectionState::Idle => {
                self.begin_attempt();
                (self.problem, self.closing) = (None, false);
            }
            _ => {}
        }
    }

    fn begin_as(&mut self, role: Role) {
        self.role = Some(role);
        self.problem = None;
        self.begin_attempt();
    }

    fn fail(&mut self, error: &Error) {
        // A failed call is reported twice: in the trace, and as the outcome of the call.
        let known = self.problem.as_ref().is_some_and(|problem| problem.error.kind == error.kind);
        // After a reload, the error knows the role from before.
        self.role = self.role.or(error.diagnostics.role);
        if !known && let Some(problem) = Problem::new(error, self.role) {
            self.problem = Some(Rc::new(problem));
        }
    }

    /// Whether messages are accepted now, to be sent at once or later.
    pub fn takes_messages(&self) -> bool {
        !self.closing && (self.state() == ConnectionState::Connected || self.reconnect.is_some())
    }
}

#[cfg(test)]
mod tests;
