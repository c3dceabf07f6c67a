//! Making and joining rooms, and what is learned from them.

use registry_protocol::{RoomCode, RoomCreationResponse, RoomJoinResponse, RoomSnapshot};

use super::{ANSWER, Machine};
use crate::error::{ApiError, RequestError, WebRtcError};
use crate::event::Event;
use crate::machine::admission::{Admission, Admitted};
use crate::machine::control::Note;
use crate::machine::effect::Effect;
use crate::machine::input::{CommandId, RoomAnswer};
use crate::machine::signalling::{Signal, Signalling};
use crate::types::state::{ConnectionState, Role, RoomInfo};

impl Machine {
    /// Makes or joins a room.
    pub(super) fn admit(&mut self, mut admission: Admission, to: ConnectionState) {
        if let Err(error) = self.state.check(to) {
            return self.refuse(admission.command(), error);
        }
        self.abandon_room(None, false);
        self.room = None;
        self.cx.next_attempt();
        self.enter(to, None);
        if admission.creates() {
            self.fallback.count_creation(&self.cx);
        }
        admission.begin(&mut self.cx);
        self.admission = Some(admission);
    }

    /// Repeats the call that makes or joins the room.
    pub(super) fn send_admission(&mut self) {
        let Some(admission) = &mut self.admission else { return };
        if admission.creates() {
            self.fallback.count_creation(&self.cx);
        }
        admission.send(&mut self.cx);
    }

    pub(super) fn on_room_created(&mut self, number: u32, result: Result<RoomCreationResponse, RequestError>) {
        let wanted = self.admission.as_mut().is_some_and(|admission| admission.take_making(number));
        let Some(admission) = self.admission.as_mut().filter(|_| wanted) else {
            return self.ending.on_unwanted_made(&mut self.cx, number, result);
        };
        let admitted = admission.on_created(&mut self.cx, result);
        self.on_admitted(admitted, ConnectionState::Created);
    }

    pub(super) fn on_room_joined(&mut self, result: Result<RoomJoinResponse, RequestError>) {
        let Some(admission) = &mut self.admission else { return };
        let admitted = admission.on_joined(&mut self.cx, result);
        self.on_admitted(admitted, ConnectionState::Joined);
    }

    fn on_admitted(&mut self, admitted: Admitted, to: ConnectionState) {
        match admitted {
            Admitted::Room(info, version) => {
                let command = self.admission.take().map(|admission| admission.command());
                self.enter_room(command, info, version, to);
            }
            Admitted::Later => {}
            Admitted::Failed(error) => self.fail(error),
        }
    }

    fn enter_room(&mut self, command: Option<CommandId>, info: RoomInfo, version: Option<u64>, to: ConnectionState) {
        self.set_room(info);
        let session = format!("{:016x}", self.cx.rng.u64(..));
        self.delivery.begin_session(session);
        if let Some(room) = &mut self.room {
            room.set_version(version);
            room.watch_expiry(&mut self.cx);
            room.prepare(&mut self.cx);
        }
        self.enter(to, None);
        self.settle(command, Ok(()));
    }

    /// From now on this is the application's room, and shown to it.
    pub(super) fn set_room(&mut self, info: RoomInfo) {
        let event = Event::Room {
            code: info.code.clone(),
            role: info.role,
            host_user_name: info.host_user_name.clone(),
            expires_at: info.expires_at,
        };
        self.cx.push(Effect::SetRoom(Box::new(info.clone())));
        self.cx.record(event);
        self.room = Some(Signalling::of_application(&self.cx, info));
    }

    /// The application's room should have expired by now.
    pub(super) fn on_expiry_due(&mut self) {
        if self.recovery.is_active() {
            return;
        }
        let expired = self.room.as_ref().and_then(|room| room.on_expiry_due(&mut self.cx));
        if let Some(expired) = expired {
            self.fail(expired);
        }
    }

    /// A room has answered. It goes to the room that asked, and to nobody when that exchange is over: so no answer can be
    /// taken for that of another.
    pub(super) fn on_room_answer(&mut self, number: u32, answer: RoomAnswer) {
        let cx = &mut self.cx;
        let meeting = self.fallback.meeting_mut().filter(|meeting| meeting.awaits(number));
        let (in_fallback, signals) = match (meeting, self.room.as_mut().filter(|room| room.awaits(number))) {
            (Some(meeting), _) => (true, meeting.on_answer(cx, answer)),
            (None, Some(room)) => (false, room.on_answer(cx, answer)),
            (None, None) => return self.on_stale_answer(number),
        };
        self.share_room();
        for signal in signals {
            self.on_signal(signal, in_fallback);
        }
    }

    /// An answer that nobody waits for any more is dropped.
    pub(super) fn on_stale_answer(&mut self, number: u32) {
        self.cx.record(Event::Stale { what: ANSWER.into(), attempt: number });
    }

    /// Something was learned from the application's room, or from that in which the peers meet.
    fn on_signal(&mut self, signal: Signal, in_fallback: bool) {
        let guest = self.role() == Some(Role::Guest);
        match signal {
            Signal::Published if in_fallback && guest => self.limit_handshake(),
            Signal::Published => {}
            Signal::Superseded => {
                // It was answered in an earlier attempt, and this side had not learned it.
                self.fallback.use_up_meeting();
                if let Some(error) = self.in_room(|room, _| room.already_paired()) {
                    self.fail(error);
                }
            }
            Signal::Description(description) if in_fallback && guest => self.take_fallback_offer(description),
            Signal::Description(description) => self.apply(description),
            Signal::OfferReplaced(offer) => {
                self.meet_in_fallback();
                self.take_fallback_offer(offer);
            }
            Signal::AnsweredReplacedOffer => self.fail(WebRtcError::OfferReplaced),
            Signal::AnsweredBefore => self.on_answered_before(),
            Signal::ConflictingAnswer => self.report(WebRtcError::ConflictingAnswer),
            Signal::Candidate(candidate) => {
                if let Some(handshake) = &mut self.handshake {
                    handshake.add(&mut self.cx, candidate);
                }
            }
            Signal::Note(note) if in_fallback => self.on_note(note),
            Signal::NotePosted(Note::Next(..)) => {
                self.fallback.on_next_announced();
                self.move_on();
            }
            Signal::Note(_) | Signal::NotePosted(_) => {}
            Signal::Gone(error) if in_fallback => self.on_fallback_gone(error),
            Signal::Gone(error) => self.on_room_gone(error),
            Signal::Failed(error) if self.is_connecting() => self.fail(error),
            Signal::Failed(_) => {}
        }
    }

    fn on_note(&mut self, note: Note) {
        match note {
            Note::Fresh(_) => self.on_fresh_asked(),
            Note::Next(room, join_code) => {
                if let Some(own) = &self.room {
                    self.fallback.on_next_named(&mut self.cx, own.info(), room, join_code);
                }
            }
        }
    }

    /// The Registry does not know the application's room any more (404), or says that it is closed.
    fn on_room_gone(&mut self, error: ApiError) {
        let Some(room) = &mut self.room else { return };
        let kind = room.on_gone(&mut self.cx, error);
        match self.state {
            ConnectionState::Connecting => self.fail(kind),
            // A connection that is there needs no room.
            ConnectionState::Connected | ConnectionState::Disconnected => {}
            _ => self.report(kind),
        }
    }

    /// The peers may meet again in the application's room: then what is learned of it there is so for both.
    pub(super) fn share_room(&mut self) {
        let (Some(room), Some(meeting)) = (&mut self.room, self.fallback.meeting_mut()) else { return };
        if room.info().code == meeting.info().code {
            // It is only ever put off.
            let expires_at = room.info().expires_at.max(meeting.info().expires_at);
            room.set_expiry(&mut self.cx, expires_at);
            meeting.set_expiry(&mut self.cx, expires_at);
            if meeting.is_gone() {
                room.set_gone();
            }
        }
    }

    /// A room in which the peers can meet again was asked for, so that it lives on.
    pub(super) fn on_room_renewed(&mut self, code: &RoomCode, result: Result<RoomSnapshot, RequestError>) {
        let gone = self.fallback.on_renewed(&mut self.cx, code, result);
        let Some(room) = &mut self.room else { return };
        if gone {
            if room.info().code == *code {
                room.set_gone();
            }
            self.begin_durable_life();
        } else {
            self.share_room();
        }
    }

    pub(super) fn on_fallback_due(&mut self) {
        let Some(own) = &self.room else { return };
        let (connected, recovering) = (self.is_connected(), self.recovery.is_active());
        self.fallback.on_due(&mut self.cx, own.info(), connected, recovering);
    }

    pub(super) fn on_fallback_made(&mut self, number: u32, result: Result<RoomCreationResponse, RequestError>) {
        if self.fallback.take_making(number) {
            self.fallback.on_made(&mut self.cx, result, self.recovery.is_active());
        } else {
            self.ending.on_unwanted_made(&mut self.cx, number, result);
        }
    }

    pub(super) fn on_fallback_joined(
        &mut self,
        number: u32,
        room: &RoomCode,
        result: Result<RoomJoinResponse, RequestError>,
    ) {
        let own = self.room.as_ref().filter(|_| self.fallback.is_joining(room));
        let Some(own) = own else { return self.on_stale_answer(number) };
        if self.fallback.on_joined(&mut self.cx, own.info(), result, self.recovery.is_active()) {
            self.move_on();
        }
    }
}
