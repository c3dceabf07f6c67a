//! The application's messages, as the runner handles them.

use super::Machine;
use crate::error::{Error, ErrorKind, StateError};
use crate::interfaces::clock::Now;
use crate::json::Json;
use crate::machine::delivery::Frame;
use crate::types::sending::{BufferLevels, SendOutcome};
use crate::types::state::ConnectionState;

impl Machine {
    /// Accepts a message at `now`; returns its number. [`next_frame`](Self::next_frame) hands it over.
    ///
    /// # Errors
    /// A state error without a connection, or where nothing is buffered; a full buffer; a message too large.
    pub(crate) fn accept(&mut self, now: Now, message: &Json) -> Result<u64, Error> {
        self.cx.set_now(now);
        self.check_accepts()
            .and_then(|()| Ok(self.delivery.accept(&mut self.cx, message.text(), self.link.peer())?))
            .map_err(|kind| self.error(kind))
    }

    fn check_accepts(&self) -> Result<(), ErrorKind> {
        if self.is_closing() {
            return Err(StateError::Closing.into());
        }
        let buffered = self.recovery.is_active() && self.cx.settings.buffer_enabled;
        if self.is_connected() || buffered { Ok(()) } else { Err(StateError::NotConnected(self.state).into()) }
    }

    /// Takes back the message that was accepted last, as the browser has refused it. Returns whether that was possible.
    pub(crate) fn withdraw(&mut self, id: u64) -> bool {
        // What a channel that is closing refuses goes over the next one, if the peer can meet again.
        !self.link.is_durable() && self.delivery.withdraw(id)
    }

    /// The browser has refused what was handed over, with this reason.
    pub(crate) fn on_refused(&mut self, reason: String) {
        self.delivery.on_refused(&mut self.cx, reason);
    }

    /// What to hand to the data channel now, which holds as many bytes as `buffered` says.
    pub(crate) fn next_frame(&self, buffered: impl FnOnce() -> usize) -> Option<Frame> {
        let connected = self.state == ConnectionState::Connected;
        connected.then(|| self.delivery.next_frame(&self.cx, self.link.channel(), buffered)).flatten()
    }

    /// `frame` was handed over at `now`, perhaps of the message that was accepted just now.
    pub(crate) fn handed_over(&mut self, now: Now, frame: &Frame, accepted_now: Option<u64>) {
        self.cx.set_now(now);
        self.delivery.handed_over(&mut self.cx, frame, accepted_now, self.link.peer());
        self.close_if_delivered();
    }

    /// What became of a message that was accepted just now.
    pub(crate) fn outcome_of(&mut self, id: u64, message: &Json) -> SendOutcome {
        self.delivery.outcome_of(&mut self.cx, id, message)
    }

    /// How much is on its way to the peer.
    pub(crate) fn buffer(&self) -> BufferLevels {
        self.delivery.levels()
    }
}
