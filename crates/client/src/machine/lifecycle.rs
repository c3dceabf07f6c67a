use std::time::Duration;

use registry_protocol::{EpochMs, RoomCode};

use super::admission::Admission;
use super::context::Context;
use super::delivery::Delivery;
use super::effect::Effect;
use super::ending::Ending;
use super::handshake::{Handshake, Place};
use super::input::{Command, CommandId, Input, Outcome, PeerEvent, RtcOutcome};
use super::link::Link;
use super::recovery::Recovery;
use super::recovery::fallback::Fallback;
use super::signalling::Signalling;
use super::timers::Timer;
use crate::event::{Event, PollKind};
use crate::interfaces::clock::Now;
use crate::settings::Settings;
use crate::types::state::{ConnectionState, Role, RoomLife};

mod closing;
mod control;
mod ending;
mod join_code;
mod link_events;
mod meeting;
mod messages;
mod negotiating;
mod recovering;
mod restarting;
mod resuming;
mod rooms;
mod state;

/// What an answer of the Registry is called in the trace.
const ANSWER: &str = "answer of the Registry";

/// All protocol logic of one client: pure, `(state, now, input) -> effects`.
///
/// It owns the nine states and the commands that wait, and routes everything else to the parts, which own the rest. Every
/// input that belongs to an attempt carries its number; what carries an old one is dropped and traced, so that nothing of
/// one attempt can touch the next.
#[derive(Debug)]
pub(crate) struct Machine {
    cx: Context,
    state: ConnectionState,
    /// Since when, by the monotonic clock.
    entered: Duration,
    /// The room that is being made or joined.
    admission: Option<Admission>,
    /// The application's room.
    room: Option<Signalling>,
    /// The current attempt at a connection, or the one that led to it.
    handshake: Option<Handshake>,
    /// The peer connection.
    link: Link,
    /// The messages that go over it, and over those that follow it.
    delivery: Delivery,
    /// The way back to a connection that is lost.
    recovery: Recovery,
    /// The rooms for that.
    fallback: Fallback,
    /// Commands to start, which wait for the connection.
    starting: Vec<CommandId>,
    /// Commands to replace the join code of a room, which wait for the Registry.
    replacing: Vec<(RoomCode, CommandId)>,
    /// Commands to close, which wait until everything that was accepted is delivered.
    closing: Vec<CommandId>,
    /// What is still to be done for sessions that are over.
    ending: Ending,
}

impl Machine {
    /// A machine in state `idle`; all its randomness (jitter, session identifiers) comes from `seed`. `needs_permission` says
    /// whether exchanges must be permitted before the first one (CORS preflight).
    pub(crate) fn new(settings: Settings, seed: u64, needs_permission: bool) -> Self {
        let mut cx = Context::new(settings, seed);
        cx.needs_permission = needs_permission;
        Self {
            cx,
            state: ConnectionState::Idle,
            entered: Duration::ZERO,
            admission: None,
            room: None,
            handshake: None,
            link: Link::default(),
            delivery: Delivery::default(),
            recovery: Recovery::default(),
            fallback: Fallback::default(),
            starting: Vec::new(),
            replacing: Vec::new(),
            closing: Vec::new(),
            ending: Ending::default(),
        }
    }

    /// Takes one input at `now`; returns what is to be done, in order. To be called again with [`Input::Timeout`] at
    /// [`next_timeout`](Self::next_timeout); a call too many does no harm.
    pub(crate) fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        if self.cx.set_now(now) && self.cx.is_set(Timer::RoomExpiry) {
            // Nobody knows how much of the room's life is over: the Registry does.
            self.cx.after(Timer::RoomExpiry, Duration::ZERO);
        }
        match input {
            Input::Command(id, command) => self.on_command(id, command),
            Input::Response(number, outcome) => self.on_response(number, outcome),
            Input::Rtc(number, outcome) if self.is_current(number, "step of the negotiation") => self.on_rtc(outcome),
            Input::Peer(number, event) if self.link.is(number) => self.on_peer(event),
            Input::Peer(attempt, _) => {
                self.cx.record(Event::Stale { what: "event of the peer connection".into(), attempt })
            }
            Input::Rtc(..) | Input::Timeout => {}
            Input::Wake => {
                self.hurry_polls();
                self.ping();
            }
            Input::NetworkChanged => self.on_network_changed(),
            Input::Cut => self.cut(),
            Input::Leave => self.close(None, true),
            Input::Suspend => self.suspend(),
            Input::Parted(command) => self.ending.on_step(&mut self.cx, command),
        }
        self.close_if_delivered();
        while let Some(timer) = self.cx.timers().pop_due(now.monotonic) {
            self.on_timer(timer);
            self.close_if_delivered();
        }
        self.in_room(|room, cx| room.update_polls(cx));
        self.cx.take_effects()
    }

    /// When [`Input::Timeout`] is due, by the monotonic clock.
    pub(crate) fn next_timeout(&self) -> Option<Duration> {
        self.cx.next_timeout()
    }

    /// What is to be done since the last call of [`handle`](Self::handle).
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        self.cx.take_effects()
    }

    /// The Registry answered with this `Date` at `moment` of the monotonic clock.
    pub(crate) fn on_date(&mut self, date: EpochMs, moment: Duration) {
        self.cx.registry_clock.dated(date, moment);
    }

    /// This side's role, in a room.
    pub(crate) fn role(&self) -> Option<Role> {
        self.room.as_ref().map(Signalling::role)
    }

    /// How long the application's room lives, as far as this side knows.
    pub(crate) fn room_life(&self) -> RoomLife {
        self.room.as_ref().map_or(RoomLife::Unknown, |room| room.life(&self.cx))
    }

    fn on_command(&mut self, id: CommandId, command: Command) {
        match command {
            Command::Create(name) => self.admit(Admission::create(id, name), ConnectionState::Creating),
            Command::Join { room, join_code, guest_user_name } => {
                self.admit(Admission::join(id, room, join_code, guest_user_name), ConnectionState::Joining);
            }
            Command::ReplaceJoinCode => self.replace_join_code(id),
            Command::Start => self.start(id),
            Command::Resume(saved) => self.resume(id, *saved),
            Command::Close => self.close_room(id),
        }
    }

    fn on_response(&mut self, number: u32, outcome: Outcome) {
        self.cx.registry_clock.hear(&outcome, self.cx.now());
        if let Some(ahead_ms) = self.cx.registry_clock.news() {
            self.cx.record(Event::RegistryClock { ahead_ms });
        }
        match outcome {
            // These outlive the attempt in which they began.
            Outcome::RoomClosed(room, command, result) => self.on_room_closed(&room, command, result),
            Outcome::JoinCodeReplaced(room, result) => self.on_join_code_replaced(&room, result),
            Outcome::RoomCreated(result) => self.on_room_created(number, result),
            Outcome::RoomRenewed(room, result) => self.on_room_renewed(&room, result),
            Outcome::FallbackMade(result) => self.on_fallback_made(number, result),
            Outcome::FallbackJoined(room, result) => self.on_fallback_joined(number, &room, result),
            Outcome::OfRoom(answer) => self.on_room_answer(number, answer),
            Outcome::PublicRoomInfo(result) if self.is_current(number, ANSWER) => {
                if let Some(admission) = &mut self.admission {
                    admission.on_public_room_info(&mut self.cx, result);
                }
            }
            Outcome::RoomJoined(result) if self.is_current(number, ANSWER) => self.on_room_joined(result),
            Outcome::PublicRoomInfo(_) | Outcome::RoomJoined(_) => {}
        }
    }

    fn on_rtc(&mut self, outcome: RtcOutcome) {
        match outcome {
            RtcOutcome::PeerRefused(error) => self.on_peer_refused(error),
            RtcOutcome::ChannelRefused(reason) => self.on_channel_refused(reason),
            RtcOutcome::RestartRefused => self.on_restart_refused(),
            RtcOutcome::MessageLimit(bytes) => self.delivery.set_message_limit(bytes),
            RtcOutcome::OfferCreated(result) => self.on_offer_created(result),
            RtcOutcome::AnswerCreated(result) => self.on_answer_created(result),
            RtcOutcome::LocalSet(description, result) => self.on_local_set(description, result),
            RtcOutcome::RemoteSet(result) => self.on_remote_set(result),
            RtcOutcome::CandidateAdded(candidate, result) => {
                if let Some(handshake) = &self.handshake {
                    handshake.on_added(&mut self.cx, candidate, result);
                }
            }
            RtcOutcome::Pair(pair, announced) => self.link.on_pair(&mut self.cx, pair, announced),
        }
    }

    fn on_peer(&mut self, event: PeerEvent) {
        match event {
            PeerEvent::LocalCandidate(candidate) => self.on_local_candidate(candidate),
            PeerEvent::ConnectionState(state) => self.on_connection_state(state),
            PeerEvent::Diagnostic(diagnostic) => {
                if self.link.on_diagnostic(&mut self.cx, diagnostic) {
                    self.find_pair();
                }
            }
            PeerEvent::ChannelAnnounced => self.link.on_channel_announced(&mut self.cx),
            PeerEvent::Channel(event) => self.on_channel(event),
            PeerEvent::Control(event) => self.on_control(event),
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        match timer {
            Timer::Admission => self.send_admission(),
            Timer::RoomExpiry => self.on_expiry_due(),
            Timer::PostDescription => self.on_room_timer(|room, cx| room.post_description(cx)),
            Timer::PostCandidate => self.on_room_timer(|room, cx| room.post_next_candidate(cx)),
            Timer::RoomPoll => self.on_room_timer(|room, cx| room.poll(cx, PollKind::Room)),
            Timer::CandidatePoll => self.on_room_timer(|room, cx| room.poll(cx, PollKind::Candidates)),
            Timer::Connection => self.on_connection_due(),
            Timer::Gathering => self.cx.record(Event::Timer(Timer::Gathering)),
            Timer::DisconnectedGrace => self.on_grace_over(),
            Timer::Restart => self.on_restart_over(),
            Timer::Reconnect => self.on_reconnect_due(),
            Timer::Attempt => self.on_attempt_due(),
            Timer::Greeting => self.on_greeting_due(),
            Timer::Heartbeat => self.on_heartbeat(),
            Timer::Acknowledge => self.acknowledge(),
            Timer::BufferExpiry => self.delivery.expire(&mut self.cx),
            Timer::Standby => self.on_fallback_due(),
            Timer::Close => self.close_now(),
            Timer::SelectedPair => self.find_pair(),
        }
    }

    /// Does something in the room in which the current handshake exchanges descriptions and candidates, if it is in one.
    fn in_room<T>(&mut self, act: impl FnOnce(&mut Signalling, &mut Context) -> T) -> Option<T> {
        let room = match self.handshake.as_mut()?.place() {
            Place::Room => self.room.as_mut(),
            Place::Fallback => self.fallback.meeting_mut(),
            Place::Control(_) => None,
        };
        room.map(|room| act(room, &mut self.cx))
    }

    fn on_room_timer(&mut self, act: impl FnOnce(&mut Signalling, &mut Context)) {
        self.in_room(act);
    }

    /// There is reason to expect an update: polls are quick again.
    fn hurry_polls(&mut self) {
        self.in_room(|room, cx| room.hurry_polls(cx));
    }
}
