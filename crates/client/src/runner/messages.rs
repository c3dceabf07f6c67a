//! Hands messages to the data channel, as long as it takes them.

use super::Runner;
use crate::error::{Error, WebRtcError};
use crate::event::Event;
use crate::json::Json;
use crate::machine::Frame;
use crate::types::sending::SendOutcome;

impl Runner {
    pub(crate) fn send(&self, message: &Json) -> Result<SendOutcome, Error> {
        self.hand_over(message).inspect_err(|error| self.trace.record(Event::Failure(error.clone())))
    }

    pub(super) fn hand_over(&self, message: &Json) -> Result<SendOutcome, Error> {
        let accepted = self.machine.borrow_mut().accept(self.now(), message);
        let outcome = accepted.and_then(|id| self.send_accepted(id, message));
        let effects = self.machine.borrow_mut().take_effects();
        self.follow(effects);
        outcome
    }

    pub(super) fn send_accepted(&self, id: u64, message: &Json) -> Result<SendOutcome, Error> {
        if let Err(reason) = self.pump(Some(id)) {
            if self.machine.borrow_mut().withdraw(id) {
                return Err(self.error(WebRtcError::SendFailed(reason)));
            }
            self.machine.borrow_mut().on_refused(reason);
        }
        Ok(self.machine.borrow_mut().outcome_of(id, message))
    }

    /// Hands over what waits, as long as the channel takes it; says why it does not.
    pub(super) fn pump(&self, accepted_now: Option<u64>) -> Result<(), String> {
        let Some(channel) = self.outside.state.get_data_channel() else { return Ok(()) };
        loop {
            let frame = self.machine.borrow().next_frame(|| channel.buffered_amount());
            let Some(frame) = frame else { return Ok(()) };
            match &frame {
                Frame::Text(text) => channel.send(text)?,
                Frame::Part(part) => channel.send_binary(part)?,
            }
            self.machine.borrow_mut().handed_over(self.now(), &frame, accepted_now);
        }
    }
}
