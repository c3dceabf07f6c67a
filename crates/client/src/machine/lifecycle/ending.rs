//! How it ends: closed, failed, given up, with nothing left behind.

use std::time::Duration;

use registry_protocol::RoomCode;

use super::Machine;
use crate::error::{Error, ErrorKind, RequestError, StateError};
use crate::event::Event;
use crate::machine::effect::{Effect, Request};
use crate::machine::input::CommandId;
use crate::machine::signalling::Signalling;
use crate::types::state::{ConnectionState, Role};

impl Machine {
    /// Ends everything, from any state.
    pub(super) fn close(&mut self, command: Option<CommandId>, keepalive: bool) {
        if self.state == ConnectionState::Idle {
            if !command.is_some_and(|command| self.ending.join(command)) {
                self.settle(command, Ok(()));
            }
            return;
        }
        self.cx.record(Event::CleanupStarted);
        // The last word about what has arrived.
        self.acknowledge();
        let error = self.error(StateError::Closed);
        self.enter(ConnectionState::Idle, Some("closed".to_owned()));
        let rooms = self.leave_rooms(command, keepalive);
        // A plain peer does not hear the goodbye.
        let (goodbye, durable) = (self.link.has_control(), self.link.is_durable());
        let drain = if command.is_some() { self.cx.settings.close_timeout } else { Duration::ZERO };
        self.release(error, if goodbye { Effect::Part { command, durable, drain } } else { Effect::Release });
        let keep = self.cx.settings.preserve_buffer_on_close;
        self.delivery.end_session(&mut self.cx, keep);
        let closes_room = self.abandon_room(command, keepalive);
        if let Some(command) = command {
            let steps = 1 + u32::from(goodbye) + u32::from(closes_room) + rooms;
            self.ending.await_steps(command, steps);
            self.ending.on_step(&mut self.cx, Some(command));
        }
        self.room = None;
        self.cx.push(Effect::Reset);
    }

    /// A host closes the fallback rooms, and those that are still being made as soon as they are there. Returns how many
    /// there are.
    fn leave_rooms(&mut self, command: Option<CommandId>, keepalive: bool) -> u32 {
        let own = self.admission.as_mut().and_then(crate::machine::admission::Admission::disown_making);
        let making = own.into_iter().chain(self.fallback.disown_making());
        let disowned = self.ending.disown(making, command, keepalive);
        let own = self.room.as_ref().map(Signalling::info);
        disowned + self.fallback.leave(&mut self.cx, own, command, keepalive)
    }

    /// Tells the Registry that the host's room is not needed any more. Returns whether there was something to tell.
    pub(super) fn abandon_room(&mut self, command: Option<CommandId>, keepalive: bool) -> bool {
        let Some(room) = self.room.as_ref().filter(|room| room.role() == Role::Host && !room.is_gone()) else {
            return false;
        };
        let (room, token) = (room.info().code.clone(), room.info().token.clone());
        self.cx.request(Request::CloseRoom { room, token, keepalive, command });
        true
    }

    /// A room is closed, or could not be.
    pub(super) fn on_room_closed(
        &mut self,
        room: &RoomCode,
        command: Option<CommandId>,
        result: Result<(), RequestError>,
    ) {
        match result {
            Ok(()) if command.is_none() => {
                // The used-up room that is still shown is closed now.
                let shown = self.room.as_mut().filter(|shown| shown.is_gone() && shown.info().code == *room);
                if let Some(shown) = shown {
                    shown.on_closed(&mut self.cx);
                }
            }
            Ok(()) => {}
            Err(error) => {
                if let Some(error) = self.ending.on_close_failed(command, error) {
                    self.report(error);
                }
            }
        }
        self.ending.on_step(&mut self.cx, command);
    }

    /// A handshake failed, or making or joining a room. Where there is another way to the peer, it is taken.
    pub(super) fn fail(&mut self, kind: impl Into<ErrorKind>) {
        if self.is_over_control() {
            self.on_restart_over();
        } else if self.recovery.is_active() {
            self.attempt_failed(kind.into());
        } else {
            self.fail_for_good(kind);
        }
    }

    /// Something failed for good: state `error`, everything released, whoever waits is told.
    pub(super) fn fail_for_good(&mut self, kind: impl Into<ErrorKind>) {
        let error = self.error(kind);
        self.give_up_room();
        self.enter(ConnectionState::Error, Some(error.kind.code().to_owned()));
        self.release(error.clone(), Effect::Release);
        self.delivery.end_session(&mut self.cx, false);
        self.cx.record(Event::Failure(error));
    }

    /// A room in which a handshake has begun cannot be used again: the host closes it.
    pub(super) fn give_up_room(&mut self) {
        if let Some(room) = self.room.as_mut().filter(|room| room.is_used() && !room.is_gone()) {
            room.set_gone();
            if room.role() == Role::Host {
                let (room, token) = (room.info().code.clone(), room.info().token.clone());
                self.cx.request(Request::CloseRoom { room, token, keepalive: false, command: None });
            }
        }
    }

    /// Ends the attempt: nothing of it is left, and what comes of it later is stale. Whoever waits gets `error`.
    pub(super) fn release(&mut self, error: Error, release: Effect) {
        self.end_exchange();
        self.cx.timers().cancel_all();
        self.link.release(&mut self.cx);
        self.leave_rooms(None, false);
        self.recovery.end();
        self.handshake = None;
        self.cx.next_attempt();
        self.cx.push(release);
        let admission = self.admission.take().map(|admission| admission.command());
        self.settle(admission, Err(error.clone()));
        self.settle_starting(&Err(error));
    }
}
