use std::time::Duration;

use super::attempt::{Attempt, Room};
use super::effect::{Effect, Request, RtcAction};
use super::input::{Command, CommandId, Input, Outcome, PeerEvent, RtcOutcome};
use super::polling::Polls;
use super::timers::{Timer, Timers};
use super::{admission::Admission, backoff::Backoff};
use crate::clock::Now;
use crate::error::{Diagnostics, Error, ErrorKind, StateError};
use crate::event::Event;
use crate::settings::Settings;
use crate::state::{ConnectionState, Role};
use crate::webrtc::DataChannelState;

/// All protocol logic of one client: pure, `(state, now, input) -> effects`.
///
/// Every input that belongs to an attempt carries its number; what carries an old one is dropped and traced, so that
/// nothing of one attempt can touch the next.
#[derive(Debug)]
pub struct Machine {
    pub(super) settings: Settings,
    pub(super) rng: fastrand::Rng,
    pub(super) now: Now,
    pub(super) state: ConnectionState,
    pub(super) entered: Duration,
    pub(super) room: Option<Room>,
    /// Counts everything that can leave stragglers: admissions, handshakes, releases.
    pub(super) number: u32,
    pub(super) attempt: Attempt,
    pub(super) admission: Option<Admission>,
    pub(super) starting: Option<CommandId>,
    pub(super) retry: Backoff,
    pub(super) polls: Polls,
    pub(super) timers: Timers,
    effects: Vec<Effect>,
}

impl Machine {
    /// A machine in state `idle`; all its randomness (jitter) comes from `seed`.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            rng: fastrand::Rng::with_seed(seed),
            now: Now::default(),
            state: ConnectionState::Idle,
            entered: Duration::ZERO,
            room: None,
            number: 0,
            attempt: Attempt::default(),
            admission: None,
            starting: None,
            retry: Backoff::default(),
            polls: Polls::default(),
            timers: Timers::default(),
            effects: Vec::new(),
        }
    }

    /// Takes one input at `now` and says what is to be done, in order. To be called again with [`Input::Timeout`] at
    /// [`next_timeout`](Self::next_timeout); a call too many does no harm.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Command(id, command) => self.on_command(id, command),
            Input::Response(number, outcome) => self.on_response(number, outcome),
            Input::Rtc(number, outcome) if self.is_current(number, "step of the negotiation") => self.on_rtc(outcome),
            Input::Peer(number, event) if self.is_current(number, "event of the peer connection") => {
                self.on_peer(event);
            }
            Input::Rtc(..) | Input::Peer(..) | Input::Timeout => {}
            Input::Wake => self.hurry_polls(),
            Input::Leave => self.close(None, true),
        }
        while let Some(timer) = self.timers.pop_due(now.monotonic) {
            self.on_timer(timer);
        }
        self.update_polls();
        std::mem::take(&mut self.effects)
    }

    /// When [`Input::Timeout`] is due, by the monotonic clock.
    pub fn next_timeout(&self) -> Option<Duration> {
        self.timers.next()
    }

    /// The state.
    pub fn state(&self) -> ConnectionState {
        self.state
    }

    /// Whether a message may be sent now.
    ///
    /// # Errors
    /// [`StateError::NotConnected`] unless the state is `connected`.
    pub fn may_send(&self) -> Result<(), StateError> {
        match self.state {
            ConnectionState::Connected => Ok(()),
            state => Err(StateError::NotConnected(state)),
        }
    }

    /// An error with what is known at `now`.
    pub fn error_at(&mut self, now: Now, kind: impl Into<ErrorKind>) -> Error {
        self.now = now;
        self.error(kind)
    }

    fn on_command(&mut self, id: CommandId, command: Command) {
        match command {
            Command::Create(name) => self.create(id, name),
            Command::Join { room, join_code, guest_user_name } => self.join(id, room, join_code, guest_user_name),
            Command::Start => self.start(id),
            Command::Close => self.close(Some(id), false),
        }
    }

    fn on_response(&mut self, number: u32, outcome: Outcome) {
        if let Outcome::RoomClosed(command, result) = outcome {
            return self.on_room_closed(command, result);
        }
        if !self.is_current(number, "answer of the Registry") {
            return;
        }
        match outcome {
            Outcome::RoomCreated(result) => self.on_room_created(result),
            Outcome::PublicRoomInfo(result) => self.on_public_room_info(result),
            Outcome::RoomJoined(result) => self.on_room_joined(result),
            Outcome::OfferPosted(result) | Outcome::AnswerPosted(result) => self.on_description_posted(result),
            Outcome::CandidatePosted(candidate, result) => self.on_candidate_posted(candidate, result),
            Outcome::Room(result) => self.on_room(result, false),
            Outcome::RoomNews(result) => self.on_room(result, true),
            Outcome::Candidates(result) => self.on_candidates(result),
            Outcome::RoomClosed(..) => {}
        }
    }

    fn on_rtc(&mut self, outcome: RtcOutcome) {
        match outcome {
            RtcOutcome::PeerRefused(reason) => self.on_peer_refused(reason),
            RtcOutcome::ChannelRefused(reason) => self.on_channel_refused(reason),
            RtcOutcome::OfferCreated(result) => self.on_offer_created(result),
            RtcOutcome::AnswerCreated(result) => self.on_answer_created(result),
            RtcOutcome::LocalSet(result) => self.on_local_set(result),
            RtcOutcome::RemoteSet(result) => self.on_remote_set(result),
            RtcOutcome::CandidateAdded(candidate, result) => self.on_candidate_added(candidate, result),
            RtcOutcome::Pair(pair) => self.on_pair(pair),
        }
    }

    fn on_peer(&mut self, event: PeerEvent) {
        match event {
            PeerEvent::LocalCandidate(candidate) => self.on_local_candidate(candidate),
            PeerEvent::ConnectionState(state) => self.on_connection_state(state),
            PeerEvent::Diagnostic(diagnostic) => self.on_diagnostic(diagnostic),
            PeerEvent::ChannelAnnounced => self.on_channel_announced(),
            PeerEvent::Channel(event) => self.on_channel(event),
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        match timer {
            Timer::Admission => self.retry_admission(),
            Timer::RoomExpiry => self.on_expiry_due(),
            Timer::PostDescription => self.post_description(),
            Timer::PostCandidate => self.post_next_candidate(),
            Timer::RoomPoll => self.poll_room(),
            Timer::CandidatePoll => self.poll_candidates(),
            Timer::Connection => self.on_connection_due(),
            Timer::Gathering => self.record(Event::Timer(Timer::Gathering)),
            Timer::DisconnectedGrace => self.on_grace_over(),
        }
    }

    fn is_current(&mut self, number: u32, what: &'static str) -> bool {
        let current = number == self.number;
        if !current {
            self.record(Event::Stale { what, attempt: number });
        }
        current
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn record(&mut self, event: Event) {
        self.push(Effect::Record(event));
    }

    pub(super) fn request(&mut self, request: Request) {
        self.push(Effect::Request(self.number, request));
    }

    pub(super) fn rtc(&mut self, action: RtcAction) {
        self.push(Effect::Rtc(self.number, action));
    }

    pub(super) fn settle(&mut self, id: Option<CommandId>, outcome: Result<(), Error>) {
        if let Some(id) = id {
            self.push(Effect::Settle(id, outcome));
        }
    }

    /// Refuses a command; nothing else changes.
    pub(super) fn refuse(&mut self, id: CommandId, kind: impl Into<ErrorKind>) {
        let error = self.error(kind);
        self.record(Event::Failure(error.clone()));
        self.settle(Some(id), Err(error));
    }

    pub(super) fn after(&mut self, timer: Timer, pause: Duration) {
        self.timers.set(timer, self.now.monotonic + pause);
    }

    pub(super) fn role(&self) -> Option<Role> {
        self.room.as_ref().map(|room| room.info.role)
    }

    /// Goes to `to`; every caller has made sure that the transition is legal.
    pub(super) fn enter(&mut self, to: ConnectionState, reason: Option<String>) {
        debug_assert!(self.state.may_become(to), "{} → {to}", self.state);
        let from = std::mem::replace(&mut self.state, to);
        self.entered = self.now.monotonic;
        self.push(Effect::SetState { from, to, reason });
    }

    pub(super) fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        let room = self.room.as_ref();
        let diagnostics = Diagnostics {
            phase: self.state,
            phase_ms: self.now.monotonic.saturating_sub(self.entered).as_secs_f64() * 1000.0,
            role: self.role(),
            room_status: room.and_then(|room| room.last.as_ref()).map(|last| last.status.as_str().to_owned()),
            rtc: self.attempt.rtc,
        };
        Error { kind: kind.into(), diagnostics: Box::new(diagnostics) }
    }

    /// Something failed for good: state `error`, everything released, whoever waits is told.
    pub(super) fn fail(&mut self, kind: impl Into<ErrorKind>) {
        let error = self.error(kind);
        self.give_up_room();
        self.enter(ConnectionState::Error, Some(error.kind.code().to_owned()));
        self.release(error.clone());
        self.record(Event::Failure(error));
    }

    /// A room whose handshake has begun on the wire cannot be used again: the host closes it.
    pub(super) fn give_up_room(&mut self) {
        let spent = self.attempt.negotiation.is_on_the_wire();
        if let Some(room) = self.room.as_mut().filter(|room| spent && !room.gone) {
            room.gone = true;
            if room.info.role == Role::Host {
                let (room, token) = (room.info.code.clone(), room.info.token.clone());
                self.request(Request::CloseRoom { room, token, keepalive: false, command: None });
            }
        }
    }

    /// Ends the attempt: nothing of it is left, and what comes of it later is stale. Whoever waits gets `error`.
    pub(super) fn release(&mut self, error: Error) {
        self.stop_polls();
        (self.polls.room, self.polls.candidates) = Default::default();
        self.timers.cancel_all();
        if self.attempt.rtc.data_channel_state.is_some_and(|state| state != DataChannelState::Closed) {
            self.record(Event::DataChannel(DataChannelState::Closed));
        }
        self.attempt = Attempt::default();
        self.retry.reset();
        self.number += 1;
        self.push(Effect::Release);
        let admission = self.admission.take().map(|admission| admission.command);
        let starting = self.starting.take();
        self.settle(admission, Err(error.clone()));
        self.settle(starting, Err(error));
    }
}
