//! Offer and answer. Specification: *Phase 2: Offer/Answer Negotiation*.

use std::time::Duration;

use registry_protocol::{ErrorCode, RoomSnapshot, RoomStatus, SessionDescription};

use super::attempt::{Attempt, Via};
use super::effect::{Effect, Request, RtcAction};
use super::input::CommandId;
use super::link::origin;
use super::machine::Machine;
use super::timers::Timer;
use crate::durable::ControlMessage;
use crate::error::{ApiError, NegotiationStep, RequestError, StateError, WebRtcError};
use crate::event::{DescriptionStep, Event, sdp_bytes};
use crate::registry::Operation;
use crate::state::{ConnectionState, Role};

/// Where offer and answer are.
#[derive(Debug, Default)]
pub(super) struct Negotiation {
    /// This side's description, once made.
    local: Option<SessionDescription>,
    /// Whether posting it has begun; from then on the room cannot serve another attempt.
    posting: bool,
    /// Whether the Registry has it.
    posted: bool,
    /// Whether the room is read to find out if it has.
    confirming: bool,
    /// The other side's description, once read.
    remote: Option<SessionDescription>,
    /// Whether both are applied here.
    settled: bool,
}

impl Negotiation {
    pub(super) fn is_on_the_wire(&self) -> bool {
        self.posting
    }

    /// The Registry has this side's description: candidates may follow.
    pub(super) fn is_posted(&self) -> bool {
        self.posted
    }

    pub(super) fn is_confirming(&self) -> bool {
        self.confirming
    }

    /// Both descriptions are applied on this side.
    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    pub(super) fn knows_remote(&self) -> bool {
        self.remote.is_some()
    }
}

impl Machine {
    pub(super) fn start(&mut self, command: CommandId) {
        if let Err(error) = self.state.check(ConnectionState::Connecting) {
            return self.refuse(command, error);
        }
        let Some(room) = self.room.as_ref().filter(|room| !room.gone) else {
            return self.refuse(command, StateError::RoomGone);
        };
        let (role, expires_at) = (room.info.role, room.info.expires_at);
        self.number += 1;
        self.attempt = Attempt::default();
        self.retry.reset();
        self.starting = Some(command);
        self.enter(ConnectionState::Connecting, None);
        self.watch_expiry(expires_at);
        self.make_link();
        if role == Role::Host {
            self.rtc(RtcAction::CreateChannel);
            self.rtc(RtcAction::CreateOffer);
        }
    }

    /// Makes a peer connection with its control channel.
    pub(super) fn make_link(&mut self) {
        self.link.number = Some(self.number);
        self.rtc(RtcAction::CreatePeer);
        self.rtc(RtcAction::CreateControl);
    }

    pub(super) fn on_peer_refused(&mut self, reason: String) {
        let unsupported = reason.contains("RTCPeerConnection") && reason.contains("not defined");
        self.fail(if unsupported { WebRtcError::Unsupported(reason) } else { WebRtcError::BadConfiguration(reason) });
    }

    pub(super) fn on_channel_refused(&mut self, reason: String) {
        self.fail_step(NegotiationStep::CreateDataChannel, reason);
    }

    fn fail_step(&mut self, step: NegotiationStep, reason: String) {
        // The manager goes on to the next action after one has failed; the first failure is the one that counts.
        if self.is_negotiating() {
            self.fail(WebRtcError::Negotiation { step, reason });
        }
    }

    pub(super) fn on_offer_created(&mut self, result: Result<SessionDescription, String>) {
        match result {
            Ok(offer) => self.apply_own(offer),
            Err(reason) => self.fail_step(NegotiationStep::CreateOffer, reason),
        }
    }

    pub(super) fn on_answer_created(&mut self, result: Result<SessionDescription, String>) {
        match result {
            Ok(answer) => {
                let bytes = self.attempt.negotiation.remote.as_ref().map_or(0, sdp_bytes);
                self.record(Event::Offer { step: DescriptionStep::Applied, bytes });
                self.open_inbox();
                self.apply_own(answer);
            }
            Err(reason) => self.fail_step(NegotiationStep::CreateAnswer, reason),
        }
    }

    fn apply_own(&mut self, description: SessionDescription) {
        self.record(self.own_description(DescriptionStep::Created, sdp_bytes(&description)));
        self.attempt.negotiation.local = Some(description.clone());
        self.rtc(RtcAction::SetLocal(description));
    }

    fn own_description(&self, step: DescriptionStep, bytes: usize) -> Event {
        match self.role() {
            Some(Role::Guest) => Event::Answer { step, bytes },
            _ => Event::Offer { step, bytes },
        }
    }

    pub(super) fn on_local_set(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.after(Timer::Gathering, self.settings.ice_gathering_timeout);
                self.post_description();
                if self.role() == Some(Role::Guest) {
                    self.settle_negotiation();
                }
            }
            Err(reason) => self.fail_step(NegotiationStep::SetLocalDescription, reason),
        }
    }

    /// Posts this side's description, for the first time or again.
    pub(super) fn post_description(&mut self) {
        let negotiation = &mut self.attempt.negotiation;
        let room = self.detour.as_mut().or(self.room.as_mut());
        let (Some(local), Some(room)) = (negotiation.local.clone(), room) else { return };
        negotiation.posting = true;
        if let Via::Control(attempt) = self.attempt.via {
            return self.say_description(attempt, local);
        }
        // A standby room serves until an offer in it is answered.
        room.used |= self.ladder.is_none();
        let (role, code, token) = (room.info.role, room.info.code.clone(), room.info.token.clone());
        self.request(match role {
            Role::Host => Request::PostOffer { room: code, token, offer: local },
            Role::Guest => Request::PostAnswer { room: code, token, answer: local },
        });
    }

    fn say_description(&mut self, attempt: u32, description: SessionDescription) {
        self.say(match self.role() {
            Some(Role::Guest) => ControlMessage::Answer { attempt, description },
            _ => ControlMessage::Offer { attempt, description },
        });
        self.description_is_posted();
    }

    pub(super) fn on_description_posted(&mut self, result: Result<(), RequestError>) {
        self.attempt.outbox.count(self.now.monotonic, &result);
        match result {
            Ok(()) => self.description_is_posted(),
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => self.on_room_gone(error),
            // Perhaps an earlier post arrived though its answer did not: the room knows.
            Err(error) if error.code() == Some(&ErrorCode::AlreadyPaired) => {
                self.attempt.negotiation.confirming = true;
                self.read_room_now();
            }
            Err(error) if error.retryable() => self.repeat_description(&error),
            Err(error) => self.fail(error),
        }
    }

    fn repeat_description(&mut self, error: &RequestError) {
        let operation = if self.role() == Some(Role::Host) { Operation::PostOffer } else { Operation::PostAnswer };
        let pause = self.plan_retry(operation, error);
        self.after(Timer::PostDescription, pause);
    }

    fn description_is_posted(&mut self) {
        self.retry.reset();
        self.attempt.negotiation.posted = true;
        if self.detour.is_some() && self.role() == Some(Role::Guest) {
            self.limit_handshake();
        }
        let bytes = self.attempt.negotiation.local.as_ref().map_or(0, sdp_bytes);
        self.record(self.own_description(DescriptionStep::Posted, bytes));
        self.hurry_polls();
        self.post_next_candidate();
    }

    /// The room was read while it is unclear whether it holds this side's description.
    fn confirm_description(&mut self, snapshot: &RoomSnapshot) {
        self.attempt.negotiation.confirming = false;
        let theirs = if self.role() == Some(Role::Host) { &snapshot.offer } else { &snapshot.answer };
        if *theirs == self.attempt.negotiation.local {
            self.description_is_posted();
        } else {
            // It was answered in an earlier attempt, and this side had not learned it.
            self.use_up_standby();
            self.fail(ApiError {
                operation: Operation::PostAnswer,
                status: 409,
                code: ErrorCode::AlreadyPaired,
                message: String::new(),
                retryable: false,
                retry_after: None,
            });
        }
    }

    /// The room, as it is or, if it was `waited` for, as it has become.
    pub(super) fn on_room(&mut self, result: Result<RoomSnapshot, RequestError>, waited: bool) {
        self.polls.room.answered();
        match result {
            Ok(snapshot) => self.on_snapshot(snapshot, waited),
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => self.on_room_gone(error),
            Err(error) if error.retryable() => self.on_room_poll_failed(&error),
            Err(error) if self.state == ConnectionState::Connecting => self.fail(error),
            Err(_) => {}
        }
    }

    fn on_room_poll_failed(&mut self, error: &RequestError) {
        if std::mem::take(&mut self.attempt.negotiation.confirming) {
            self.repeat_description(error);
        }
        self.room_poll_failed(error);
    }

    fn on_snapshot(&mut self, mut snapshot: RoomSnapshot, waited: bool) {
        let (version, candidates) = (snapshot.version.take(), snapshot.candidates.take());
        if waited {
            self.note_version(version.filter(|_| candidates.is_some()));
        }
        let elsewhere = self.detour.is_some();
        let Some(room) = self.detour.as_mut().or(self.room.as_mut()) else { return };
        let changed = room.last.as_ref().is_none_or(|last| *last != snapshot);
        let renewed = room.info.expires_at != snapshot.expires_at && !elsewhere;
        room.info.expires_at = snapshot.expires_at;
        room.last = Some(snapshot.clone());
        if renewed {
            let info = Box::new(room.info.clone());
            self.push(Effect::SetRoom(info));
        }
        if !self.attempt.negotiation.knows_remote() && !elsewhere {
            self.watch_expiry(snapshot.expires_at);
        }
        // The application's room is shown; what happens in another is shown by the steps of the handshake.
        if changed && !elsewhere {
            self.record(Event::Snapshot {
                status: snapshot.status.as_str().to_owned(),
                offer: snapshot.offer.is_some(),
                answer: snapshot.answer.is_some(),
                expires_at: snapshot.expires_at,
            });
        }
        if snapshot.status == RoomStatus::Closed {
            return self.on_room_gone(closed_room());
        }
        if self.state == ConnectionState::Connecting {
            if self.attempt.negotiation.confirming {
                self.confirm_description(&snapshot);
            }
            self.take_remote(snapshot);
        }
        let any_new = candidates.is_some_and(|list| self.receive(list));
        self.room_poll_answered(changed, any_new, waited);
    }

    /// Takes the other side's description out of a snapshot, once.
    fn take_remote(&mut self, snapshot: RoomSnapshot) {
        let host = self.role() == Some(Role::Host);
        let answered = snapshot.status == RoomStatus::Paired;
        let Some(found) = (if host { snapshot.answer } else { snapshot.offer }) else { return };
        match (&self.attempt.negotiation.remote, host) {
            (None, true) if !self.attempt.negotiation.posted => {}
            (None, false) if self.detour.is_some() => {
                if !answered {
                    self.take_standby_offer(found);
                } else {
                    // By an earlier attempt of this side's; the host names the next room.
                    self.use_up_standby();
                    self.go_on_to_next();
                }
            }
            (None, _) => self.apply_remote(found, host),
            // What has waited for candidates brings the descriptions again.
            (Some(known), true) if *known == found && self.polls.waits() => {}
            (Some(known), true) if *known == found => self.record(Event::AnswerDuplicate),
            (Some(_), true) => {
                let error = self.error(WebRtcError::ConflictingAnswer);
                self.record(Event::Failure(error));
            }
            // The host has replaced its offer before this side's answer was there.
            (Some(known), false)
                if self.detour.is_some() && !answered && !self.attempt.negotiation.posted && *known != found =>
            {
                self.meet_in_standby();
                self.take_standby_offer(found);
            }
            (Some(_), false) => {}
        }
    }

    pub(super) fn apply_remote(&mut self, description: SessionDescription, host: bool) {
        let (step, bytes) = (DescriptionStep::Received, sdp_bytes(&description));
        self.record(if host { Event::Answer { step, bytes } } else { Event::Offer { step, bytes } });
        self.attempt.negotiation.remote = Some(description.clone());
        self.link.remote_origin = origin(&description.sdp);
        self.timers.cancel(Timer::RoomExpiry);
        // In a standby room a guest has the time of the attempt to post its answer.
        if host || self.detour.is_none() {
            self.limit_handshake();
        }
        self.rtc(if host { RtcAction::SetRemote(description) } else { RtcAction::CreateAnswer(description) });
    }

    /// Both descriptions are known: from now on the connection has its deadline.
    fn limit_handshake(&mut self) {
        if self.attempt.via == Via::Registry {
            self.timers.cancel(Timer::Attempt);
            self.after(Timer::Connection, self.handshake_timeout());
        }
    }

    /// How long the connection may take once both descriptions are known.
    pub(super) fn handshake_timeout(&self) -> Duration {
        if self.attempt.restarts { self.settings.restart_timeout } else { self.settings.connection_timeout }
    }

    fn settle_negotiation(&mut self) {
        self.attempt.negotiation.settled = true;
        self.after_restart_step();
    }

    pub(super) fn on_remote_set(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => {
                let bytes = self.attempt.negotiation.remote.as_ref().map_or(0, sdp_bytes);
                self.record(Event::Answer { step: DescriptionStep::Applied, bytes });
                self.open_inbox();
                self.settle_negotiation();
            }
            Err(reason) => self.fail_step(NegotiationStep::SetRemoteDescription, reason),
        }
    }
}

fn closed_room() -> ApiError {
    ApiError {
        operation: Operation::GetRoom,
        status: 200,
        code: ErrorCode::NotFound,
        message: String::new(),
        retryable: false,
        retry_after: None,
    }
}
