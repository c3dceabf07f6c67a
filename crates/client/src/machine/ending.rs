//! How it ends: closed, failed, given up, with nothing left behind.

use std::rc::Rc;
use std::time::Duration;

use registry_protocol::{ErrorCode, RoomCode, RoomSnapshot, RoomStatus};

use super::attempt::Via;
use super::effect::{Effect, Request};
use super::input::CommandId;
use super::lifecycle::Machine;
use crate::error::{Error, ErrorKind, RequestError, StateError};
use crate::event::Event;
use crate::interfaces::state::{ConnectionState, Role};

/// A command to close.
#[derive(Debug)]
pub(super) struct Closing {
    pub(super) command: CommandId,
    /// How much of it is still to be done.
    pub(super) left: u32,
    /// A room could not be closed, and that was told.
    pub(super) failed: bool,
}

impl Machine {
    /// Ends everything, from any state.
    pub(super) fn close(&mut self, command: Option<CommandId>, keepalive: bool) {
        if self.state == ConnectionState::Idle {
            return self.settle(command, Ok(()));
        }
        self.record(Event::CleanupStarted);
        // The last word about what has arrived.
        self.acknowledge();
        let error = self.error(StateError::Closed);
        self.enter(ConnectionState::Idle, Some("closed".to_owned()));
        let rooms = self.leave_standby(command, keepalive);
        // A peer that knows only the specification does not hear it.
        let (goodbye, durable) = (self.link.control_open, self.link.is_durable());
        let drain = if command.is_some() { self.settings.close_timeout } else { Duration::ZERO };
        self.release_with(error, if goodbye { Effect::Part { command, durable, drain } } else { Effect::Release });
        self.end_session(self.settings.preserve_buffer_on_close);
        let tell = self.abandon_room(command, keepalive);
        if let Some(command) = command {
            let left = 1 + u32::from(goodbye) + u32::from(tell) + rooms;
            self.closing.push(Closing { command, left, failed: false });
            self.step_of_closing(command);
        }
        self.room = None;
        self.push(Effect::Reset);
    }

    /// Tells the Registry that the host's room is not needed any more; says whether there was something to tell.
    pub(super) fn abandon_room(&mut self, command: Option<CommandId>, keepalive: bool) -> bool {
        let Some(room) = self.room.as_ref().filter(|room| room.info.role == Role::Host && !room.gone) else {
            return false;
        };
        let (room, token) = (room.info.code.clone(), room.info.token.clone());
        self.request(Request::CloseRoom { room, token, keepalive, command });
        true
    }

    pub(super) fn on_room_closed(
        &mut self,
        room: &RoomCode,
        command: Option<CommandId>,
        result: Result<(), RequestError>,
    ) {
        let closed = result.is_ok();
        // A room that is gone already is as good as closed, and one that cannot be reached expires by itself: only
        // somebody who asked for it is told, once.
        let waits = self.closing.iter_mut().find(|closing| Some(closing.command) == command);
        if let (Some(closing), Err(error)) = (waits, result)
            && error.code() != Some(&ErrorCode::NotFound)
            && !std::mem::replace(&mut closing.failed, true)
        {
            let error = self.error(error);
            self.record(Event::Failure(error));
        }
        if command.is_none() && closed {
            self.note_closed(room);
        }
        self.on_parted(command);
    }

    /// The peer connection to which goodbye was said is closed.
    pub(super) fn on_parted(&mut self, command: Option<CommandId>) {
        if let Some(command) = command {
            self.step_of_closing(command);
        }
    }

    /// Something of what closing takes is done; with the last of it nothing is left.
    pub(super) fn step_of_closing(&mut self, command: CommandId) {
        let Some(closing) = self.closing.iter_mut().find(|closing| closing.command == command) else { return };
        closing.left -= 1;
        if closing.left == 0 {
            self.closing.retain(|closing| closing.command != command);
            self.record(Event::CleanupComplete);
            self.settle(Some(command), Ok(()));
        }
    }

    /// The used-up room that is still shown is closed now.
    fn note_closed(&mut self, code: &RoomCode) {
        let Some(room) = self.room.as_mut().filter(|room| room.gone && room.info.code == *code) else { return };
        let Some(last) = room.last.take_if(|last| last.status != RoomStatus::Closed) else { return };
        let closed = RoomSnapshot::new(RoomStatus::Closed, last.updated_at, last.expires_at);
        let event = Event::Snapshot {
            status: closed.status.as_str().to_owned(),
            offer: last.offer.is_some(),
            answer: last.answer.is_some(),
            expires_at: last.expires_at,
        };
        room.last = Some(Rc::new(closed));
        self.record(event);
    }

    /// A handshake failed, or making or joining a room. Where there is another way to the peer, it is taken.
    pub(super) fn fail(&mut self, kind: impl Into<ErrorKind>) {
        self.go_on_without(kind.into());
    }

    fn go_on_without(&mut self, kind: ErrorKind) {
        match self.attempt.via {
            Via::Control(_) => self.on_restart_over(),
            Via::Registry if self.ladder.is_some() => self.attempt_failed(kind),
            Via::Registry => self.fail_for_good(kind),
        }
    }

    /// Something failed for good: state `error`, everything released, whoever waits is told.
    pub(super) fn fail_for_good(&mut self, kind: impl Into<ErrorKind>) {
        self.end_with(self.error(kind));
    }

    fn end_with(&mut self, error: Error) {
        self.give_up_room();
        self.enter(ConnectionState::Error, Some(error.kind.code().to_owned()));
        self.release(error.clone());
        self.end_session(false);
        self.record(Event::Failure(error));
    }

    /// A room whose handshake has begun on the wire cannot be used again: the host closes it.
    pub(super) fn give_up_room(&mut self) {
        if let Some(room) = self.room.as_mut().filter(|room| room.used && !room.gone) {
            room.gone = true;
            if room.info.role == Role::Host {
                let (room, token) = (room.info.code.clone(), room.info.token.clone());
                self.request(Request::CloseRoom { room, token, keepalive: false, command: None });
            }
        }
    }

    /// Ends the attempt: nothing of it is left, and what comes of it later is stale. Whoever waits gets `error`.
    pub(super) fn release(&mut self, error: Error) {
        self.release_with(error, Effect::Release);
    }

    pub(super) fn release_with(&mut self, error: Error, release: Effect) {
        self.stop_polls();
        (self.polls.room, self.polls.candidates) = Default::default();
        self.timers.cancel_all();
        self.close_channel();
        self.leave_standby(None, false);
        (self.ladder, self.link, self.attempt) = Default::default();
        self.retry.reset();
        self.number += 1;
        self.push(release);
        let admission = self.admission.take().map(|admission| admission.command);
        self.settle(admission, Err(error.clone()));
        self.settle_starting(&Err(error));
    }
}
