//! The state, and what commands and errors make of it. Specification: *State Management*, *Error Handling*.

use super::Machine;
use crate::error::{Diagnostics, Error, ErrorKind};
use crate::event::Event;
use crate::interfaces::clock::Now;
use crate::machine::context::ms;
use crate::machine::effect::Effect;
use crate::machine::handshake::Handshake;
use crate::machine::input::CommandId;
use crate::machine::signalling::Signalling;
use crate::types::state::ConnectionState;

impl Machine {
    /// An error with what is known at `now`.
    pub(crate) fn error_at(&mut self, now: Now, kind: impl Into<ErrorKind>) -> Error {
        self.cx.set_now(now);
        self.error(kind)
    }

    /// An error with what is known.
    pub(super) fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        let room = self.fallback.meeting().or(self.room.as_ref());
        Error::new(
            kind,
            Diagnostics {
                phase: self.state,
                phase_ms: ms(self.cx.now().saturating_sub(self.entered)),
                role: self.role(),
                room_status: room.and_then(Signalling::status).map(|status| status.as_str().to_owned()),
                rtc: self.link.rtc(),
            },
        )
    }

    /// Reports an error that ends nothing.
    pub(super) fn report(&mut self, kind: impl Into<ErrorKind>) {
        let error = self.error(kind);
        self.cx.record(Event::Failure(error));
    }

    pub(super) fn is_current(&mut self, number: u32, what: &'static str) -> bool {
        let current = number == self.cx.attempt();
        if !current {
            self.cx.record(Event::Stale { what: what.into(), attempt: number });
        }
        current
    }

    pub(super) fn is_connected(&self) -> bool {
        self.state == ConnectionState::Connected
    }

    pub(super) fn is_connecting(&self) -> bool {
        self.state == ConnectionState::Connecting
    }

    /// Whether a handshake is going on: the first, one of a recovery, or a restart of ICE.
    pub(super) fn is_negotiating(&self) -> bool {
        self.is_connecting() || self.is_over_control()
    }

    /// Whether the current handshake is an ICE restart over the control channel.
    pub(super) fn is_over_control(&self) -> bool {
        self.handshake.as_ref().is_some_and(Handshake::is_over_control)
    }

    /// Goes to `to`; every caller has made sure that the transition is legal.
    pub(super) fn enter(&mut self, to: ConnectionState, reason: Option<String>) {
        debug_assert!(self.state.may_become(to), "{} → {to}", self.state);
        let from = std::mem::replace(&mut self.state, to);
        self.entered = self.cx.now();
        self.cx.push(Effect::SetState { from, to, reason });
    }

    /// A command has its outcome.
    pub(super) fn settle(&mut self, command: Option<CommandId>, outcome: Result<(), Error>) {
        if let Some(command) = command {
            self.cx.push(Effect::Settle(command, outcome));
        }
    }

    /// Whoever waits for the connection has its outcome.
    pub(super) fn settle_starting(&mut self, outcome: &Result<(), Error>) {
        for command in std::mem::take(&mut self.starting) {
            self.settle(Some(command), outcome.clone());
        }
    }

    /// Refuses a command; nothing else changes.
    pub(super) fn refuse(&mut self, command: CommandId, kind: impl Into<ErrorKind>) {
        let error = self.error(kind);
        self.cx.record(Event::Failure(error.clone()));
        self.settle(Some(command), Err(error));
    }
}
