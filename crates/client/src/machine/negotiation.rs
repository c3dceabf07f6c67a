//! Offer and answer. Specification: *Phase 2: Offer/Answer Negotiation*.

use std::time::Duration;

use registry_protocol::{ErrorCode, SessionDescription};

use super::attempt::{Attempt, Via};
use super::effect::{RoomCall, RtcAction};
use super::input::CommandId;
use super::lifecycle::Machine;
use super::link::origin;
use super::timers::Timer;
use crate::durable::ControlMessage;
use crate::error::{NegotiationStep, RequestError, StateError, WebRtcError};
use crate::event::{DescriptionStep, Event, sdp_bytes};
use crate::interfaces::registry::Operation;
use crate::interfaces::state::{ConnectionState, Role};

/// Where offer and answer are.
#[derive(Debug, Default)]
pub(super) struct Negotiation {
    /// This side's description, once made.
    pub(super) local: Option<SessionDescription>,
    /// Whether posting it has begun; from then on the room cannot serve another attempt.
    pub(super) posting: bool,
    /// Whether the Registry has it.
    pub(super) posted: bool,
    /// Whether the room is read to find out if it has.
    pub(super) confirming: bool,
    /// The other side's description, once read.
    pub(super) remote: Option<SessionDescription>,
    /// Whether both are applied here.
    pub(super) settled: bool,
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
    /// Begins the first handshake. While a connection is lost, it means to try at once to have it back.
    pub(super) fn start(&mut self, command: CommandId) {
        if self.ladder.is_some() && self.may_reconnect() {
            return self.try_now(command);
        }
        let (from, to) = (self.state, ConnectionState::Connecting);
        if let Err(error) = from.check(to) {
            return self.refuse(command, error);
        }
        let Some(room) = self.room.as_ref().filter(|room| !room.gone) else {
            return self.refuse(command, StateError::RoomGone);
        };
        if from == ConnectionState::Disconnected {
            // The old path may still heal; nothing takes its place.
            return self.refuse(command, StateError::InvalidTransition { from, to });
        }
        let (role, expires_at) = (room.info.role, room.info.expires_at);
        self.number += 1;
        self.attempt = Attempt::default();
        self.retry.reset();
        self.starting.push(command);
        self.enter(ConnectionState::Connecting, None);
        self.watch_expiry(expires_at);
        self.make_link();
        if role == Role::Host {
            self.rtc(RtcAction::CreateChannel);
            self.rtc(RtcAction::CreateOffer);
        }
    }

    /// Makes a peer connection with its control channel. There is never a second beside it.
    pub(super) fn make_link(&mut self) {
        debug_assert!(self.link.number.is_none(), "the one before is not closed");
        self.link.number = Some(self.number);
        self.rtc(RtcAction::CreatePeer);
        self.rtc(RtcAction::CreateControl);
    }

    /// There is no peer connection. Where another try cannot help, none is made, also on the way back to a lost one.
    pub(super) fn on_peer_refused(&mut self, error: WebRtcError) {
        if !error.retryable() {
            return self.fail_for_good(error);
        }
        if let Some(ladder) = &mut self.ladder {
            ladder.refused = Some(error.clone());
        }
        self.fail(error);
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
        let host = room.info.role == Role::Host;
        self.ask_room(if host { RoomCall::PostOffer(local) } else { RoomCall::PostAnswer(local) });
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

    pub(super) fn repeat_description(&mut self, error: &RequestError) {
        let pause = self.plan_retry(self.post_operation(), error);
        self.after(Timer::PostDescription, pause);
    }

    /// The call that posts this side's description.
    pub(super) fn post_operation(&self) -> Operation {
        if self.role() == Some(Role::Host) { Operation::PostOffer } else { Operation::PostAnswer }
    }

    pub(super) fn description_is_posted(&mut self) {
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
