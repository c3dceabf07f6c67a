use std::time::Duration;

use registry_protocol::EpochMs;

use super::attempt::{Attempt, Room, Via};
use super::budget::Budget;
use super::delivery::SAFE_MESSAGE_BYTES;
use super::effect::Effect;
use super::ending::Closing;
use super::input::{Command, CommandId, Input, Outcome, PeerEvent, RtcOutcome};
use super::link::Link;
use super::polling::Polls;
use super::reconnect::Ladder;
use super::registry_clock::RegistryClock;
use super::restart::RESTARTS;
use super::signalling::ANSWER;
use super::standby::{self, Standby};
use super::timers::{Timer, Timers};
use super::unwanted::Unwanted;
use super::{admission::Admission, backoff::Backoff};
use crate::durable::Session;
use crate::error::{Diagnostics, Error, ErrorKind};
use crate::event::Event;
use crate::interfaces::clock::Now;
use crate::interfaces::state::{ConnectionState, Role};
use crate::settings::Settings;

/// All protocol logic of one client: pure, `(state, now, input) -> effects`.
///
/// Every input that belongs to an attempt carries its number; what carries an old one is dropped and traced, so that
/// nothing of one attempt can touch the next.
#[derive(Debug)]
pub struct Machine {
    pub(super) settings: Settings,
    pub(super) rng: fastrand::Rng,
    pub(super) now: Now,
    pub(super) registry_clock: RegistryClock,
    pub(super) state: ConnectionState,
    pub(super) entered: Duration,
    pub(super) room: Option<Room>,
    /// Counts everything that can leave stragglers: admissions, handshakes, releases.
    pub(super) number: u32,
    pub(super) attempt: Attempt,
    pub(super) admission: Option<Admission>,
    pub(super) closing: Vec<Closing>,
    /// Commands to close that wait until what was accepted is delivered.
    pub(super) close_commands: Vec<CommandId>,
    pub(super) unwanted: Vec<Unwanted>,
    /// Commands to start, which wait for the connection.
    pub(super) starting: Vec<CommandId>,
    pub(super) retry: Backoff,
    pub(super) polls: Polls,
    pub(super) timers: Timers,
    /// The peer connection.
    pub(super) link: Link,
    /// What goes over it, and over those that follow it.
    pub(super) session: Session,
    /// The largest message that the other side's browser takes, in bytes.
    pub(super) message_limit: usize,
    /// How often ICE is restarted because the other side says so.
    pub(super) restarts: Budget,
    /// The way back to a connection that is lost.
    pub(super) ladder: Option<Ladder>,
    /// The rooms for that.
    pub(super) standby: Standby,
    /// The rooms that were made, so that those for standby leave enough for the application.
    pub(super) creations: Budget,
    /// The one in which the peers meet now, in the place of the application's.
    pub(super) detour: Option<Room>,
    pub(super) effects: Vec<Effect>,
}

impl Machine {
    /// A machine in state `idle`; all its randomness (jitter) comes from `seed`.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            rng: fastrand::Rng::with_seed(seed),
            now: Now::default(),
            registry_clock: RegistryClock::default(),
            state: ConnectionState::Idle,
            entered: Duration::ZERO,
            room: None,
            number: 0,
            attempt: Attempt::default(),
            admission: None,
            closing: Vec::new(),
            close_commands: Vec::new(),
            unwanted: Vec::new(),
            starting: Vec::new(),
            retry: Backoff::default(),
            polls: Polls::default(),
            timers: Timers::default(),
            link: Link::default(),
            session: Session::default(),
            message_limit: SAFE_MESSAGE_BYTES,
            restarts: Budget::new(RESTARTS.0, RESTARTS.1),
            ladder: None,
            standby: Standby::default(),
            creations: standby::creations(),
            detour: None,
            effects: Vec::new(),
        }
    }

    /// Takes one input at `now` and says what is to be done, in order. To be called again with [`Input::Timeout`] at
    /// [`next_timeout`](Self::next_timeout); a call too many does no harm.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.now = now;
        if self.registry_clock.read(now) {
            self.hurry_expiry();
        }
        match input {
            Input::Command(id, command) => self.on_command(id, command),
            Input::Response(number, outcome) => self.on_response(number, outcome),
            Input::Rtc(number, outcome) if self.is_current(number, "step of the negotiation") => self.on_rtc(outcome),
            Input::Peer(number, event) if self.link.number == Some(number) => self.on_peer(event),
            Input::Peer(attempt, _) => self.record(Event::Stale { what: "event of the peer connection", attempt }),
            Input::Rtc(..) | Input::Timeout => {}
            Input::Wake => {
                self.hurry_polls();
                self.ask_now();
            }
            Input::NetworkChanged => self.on_network_changed(),
            Input::Cut => self.cut(),
            Input::Leave => self.close(None, true),
            Input::Suspend => self.suspend(),
            Input::Parted(command) => self.on_parted(command),
        }
        self.close_if_delivered();
        while let Some(timer) = self.timers.pop_due(now.monotonic) {
            self.on_timer(timer);
            self.close_if_delivered();
        }
        self.update_polls();
        std::mem::take(&mut self.effects)
    }

    /// When [`Input::Timeout`] is due, by the monotonic clock.
    pub fn next_timeout(&self) -> Option<Duration> {
        self.timers.next()
    }

    /// An error with what is known at `now`.
    pub fn error_at(&mut self, now: Now, kind: impl Into<ErrorKind>) -> Error {
        self.now = now;
        self.error(kind)
    }

    /// The Registry answered with this `Date` at `at` of the monotonic clock.
    pub(crate) fn date(&mut self, date: EpochMs, at: Duration) {
        self.registry_clock.dated(date, at);
    }

    /// What is to be done since the last call of [`handle`](Self::handle).
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn on_command(&mut self, id: CommandId, command: Command) {
        match command {
            Command::Create(name) => self.create(id, name),
            Command::Join { room, join_code, guest_user_name } => self.join(id, room, join_code, guest_user_name),
            Command::Start => self.start(id),
            Command::Resume(saved) => self.resume(id, *saved),
            Command::Close => self.close_room(id),
        }
    }

    fn on_response(&mut self, number: u32, outcome: Outcome) {
        self.registry_clock.hear(&outcome, self.now.monotonic);
        match outcome {
            // These outlive the attempt in which they began.
            Outcome::RoomClosed(room, command, result) => self.on_room_closed(&room, command, result),
            Outcome::RoomCreated(result) => self.on_room_created(number, result),
            Outcome::StandbyMade(result) => self.on_standby_made(number, result),
            Outcome::StandbyJoined(room, result) => self.on_standby_joined(number, &room, result),
            Outcome::OfRoom(room, answer) => self.on_room_answer(number, &room, answer),
            _ if !self.is_current(number, ANSWER) => {}
            Outcome::PublicRoomInfo(result) => self.on_public_room_info(result),
            Outcome::RoomJoined(result) => self.on_room_joined(result),
        }
    }

    fn on_rtc(&mut self, outcome: RtcOutcome) {
        match outcome {
            RtcOutcome::PeerRefused(error) => self.on_peer_refused(error),
            RtcOutcome::ChannelRefused(reason) => self.on_channel_refused(reason),
            RtcOutcome::RestartRefused => self.on_restart_refused(),
            RtcOutcome::MessageLimit(bytes) => self.message_limit = bytes,
            RtcOutcome::OfferCreated(result) => self.on_offer_created(result),
            RtcOutcome::AnswerCreated(result) => self.on_answer_created(result),
            RtcOutcome::LocalSet(result) => self.on_local_set(result),
            RtcOutcome::RemoteSet(result) => self.on_remote_set(result),
            RtcOutcome::CandidateAdded(candidate, result) => self.on_candidate_added(candidate, result),
            RtcOutcome::Pair(pair, announced) => self.on_pair(pair, announced),
        }
    }

    fn on_peer(&mut self, event: PeerEvent) {
        match event {
            PeerEvent::LocalCandidate(candidate) => self.on_local_candidate(candidate),
            PeerEvent::ConnectionState(state) => self.on_connection_state(state),
            PeerEvent::Diagnostic(diagnostic) => self.on_diagnostic(diagnostic),
            PeerEvent::ChannelAnnounced => self.on_channel_announced(),
            PeerEvent::Channel(event) => self.on_channel(event),
            PeerEvent::Control(event) => self.on_control(event),
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        match timer {
            Timer::Admission => self.send_admission(),
            Timer::RoomExpiry => self.on_expiry_due(),
            Timer::PostDescription => self.post_description(),
            Timer::PostCandidate => self.post_next_candidate(),
            Timer::RoomPoll => self.poll_room(),
            Timer::CandidatePoll => self.poll_candidates(),
            Timer::Connection => self.on_connection_due(),
            Timer::Gathering => self.record(Event::Timer(Timer::Gathering)),
            Timer::DisconnectedGrace => self.on_grace_over(),
            Timer::Restart => self.on_restart_over(),
            Timer::Reconnect => self.on_reconnect_due(),
            Timer::Attempt => self.on_attempt_due(),
            Timer::Greeting => self.on_greeting_due(),
            Timer::Heartbeat => self.on_heartbeat(),
            Timer::Acknowledge => self.acknowledge(),
            Timer::BufferExpiry => self.expire_messages(),
            Timer::Standby => self.on_standby_due(),
            Timer::Close => self.close_now(),
            Timer::SelectedPair => self.find_pair(),
        }
    }

    fn is_current(&mut self, number: u32, what: &'static str) -> bool {
        let current = number == self.number;
        if !current {
            self.record(Event::Stale { what, attempt: number });
        }
        current
    }

    pub(super) fn after(&mut self, timer: Timer, pause: Duration) {
        self.timers.set(timer, self.now.monotonic + pause);
    }

    /// Whether a handshake is under way: the first, one of a reconnect, or a restart of ICE.
    pub(super) fn is_negotiating(&self) -> bool {
        self.state == ConnectionState::Connecting || self.attempt.via != Via::Registry
    }

    pub(crate) fn role(&self) -> Option<Role> {
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
        Error::new(kind, self.diagnostics())
    }

    /// What is known now.
    fn diagnostics(&self) -> Diagnostics {
        let room = self.signalling_room();
        Diagnostics {
            phase: self.state,
            phase_ms: self.now.monotonic.saturating_sub(self.entered).as_secs_f64() * 1000.0,
            role: self.role(),
            room_status: room.and_then(|room| room.last.as_ref()).map(|last| last.status.as_str().to_owned()),
            rtc: self.link.rtc,
        }
    }
}
