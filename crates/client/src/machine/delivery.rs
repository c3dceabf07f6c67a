//! Messages, both ways: accepted, handed over in order, acknowledged, and told when they are not delivered.

use std::rc::Rc;
use std::time::Duration;

use super::effect::Effect;
use super::lifecycle::Machine;
use super::timers::Timer;
use crate::client::{BufferLevels, SendOutcome};
use crate::durable::{ControlMessage, Frame, Greeting, Message, Overstated, Refused};
use crate::error::{Error, ErrorKind, StateError, WebRtcError};
use crate::event::{DropReason, Event};
use crate::interfaces::clock::Now;
use crate::interfaces::state::ConnectionState;
use crate::json::Json;
use crate::text::counted;

/// A peer that does not say how large a message may be takes this much.
pub(crate) const SAFE_MESSAGE_BYTES: usize = 64 * 1024;
/// Deliveries are told at the latest after so many.
const ACK_AFTER: u64 = 32;
/// And at the latest after this.
const ACK_PAUSE: Duration = Duration::from_millis(50);

impl Machine {
    /// Accepts a message at `now`, or says why not. What is accepted is handed over by
    /// [`next_frame`](Self::next_frame). The result is the message's number.
    pub(crate) fn accept(&mut self, now: Now, message: &Json) -> Result<u64, Error> {
        self.now = now;
        self.try_accept(message.text()).map_err(|kind| self.error(kind))
    }

    fn try_accept(&mut self, text: Rc<str>) -> Result<u64, ErrorKind> {
        if self.is_closing() {
            return Err(StateError::Closing.into());
        }
        let connected = self.state == ConnectionState::Connected;
        let lost = self.ladder.is_some();
        if !(connected || (lost && self.settings.buffer_enabled)) {
            return Err(StateError::NotConnected(self.state).into());
        }
        let size = text.len();
        if self.link.greeting == Greeting::Plain && size > self.message_limit {
            return Err(WebRtcError::MessageTooLarge { bytes: size, limit: self.message_limit }.into());
        }
        let now = self.now.monotonic;
        let (id, dropped) =
            self.session.outbound.accept(text, now, &self.settings).map_err(|refused| match refused {
                Refused::Full { messages, bytes } => WebRtcError::BufferFull { messages, bytes },
                Refused::TooLarge { limit } => WebRtcError::MessageTooLarge { bytes: size, limit },
            })?;
        self.drop_messages(dropped, DropReason::Overflow);
        self.watch_buffer();
        Ok(id)
    }

    /// Takes back the message that was accepted last, as the browser has refused it and it would wait in vain.
    pub(crate) fn withdraw(&mut self, id: u64) -> bool {
        self.link.refuses = false;
        self.session.outbound.withdraw(id)
    }

    /// The browser has refused what was handed over: it is kept until something changes.
    pub(crate) fn refused(&mut self, reason: String) {
        self.link.refuses = true;
        self.record(Event::DataChannelError { reason });
    }

    /// What to hand to the application channel now, if it holds no more than `buffered` bytes.
    pub(crate) fn next_frame(&self, buffered: usize) -> Option<Frame> {
        let open = self.state == ConnectionState::Connected && self.link.is_open();
        if !open || self.link.refuses || self.session.awaits_greeting() || buffered > self.settings.buffered_amount_high
        {
            return None;
        }
        let frame = self.session.outbound.next_frame(self.message_limit)?;
        // Parts are for those who can join them, and who know that they may: until that is known, the message waits.
        let whole = matches!(frame, Frame::Text(_));
        (whole || (self.link.is_durable() && self.link.greeted_back)).then_some(frame)
    }

    /// `frame` was handed over at `now`, perhaps of the message that was accepted just now.
    pub(crate) fn handed_over(&mut self, now: Now, frame: &Frame, accepted_now: Option<u64>) {
        self.now = now;
        let text = self.session.outbound.front_text();
        let Some(handed) = self.session.outbound.handed_over(frame) else { return };
        let data = Json::from_text(text.unwrap_or_default());
        if handed.again {
            self.record(Event::MessageReplayed { id: handed.id, data });
        } else {
            let buffered = accepted_now != Some(handed.id);
            self.record(Event::MessageSent { id: handed.id, data, bytes: handed.bytes, buffered });
        }
        if self.link.greeting == Greeting::Plain {
            self.session.outbound.let_go();
        }
        self.watch_buffer();
        self.close_if_delivered();
    }

    /// How much is on its way.
    pub(crate) fn buffer(&self) -> BufferLevels {
        let (unacknowledged, waiting, bytes) = self.session.outbound.levels();
        BufferLevels { waiting, unacknowledged, bytes }
    }

    /// What became of a message that was accepted.
    pub(crate) fn outcome_of(&mut self, id: u64, message: &Json) -> SendOutcome {
        if !self.session.outbound.is_waiting(id) {
            return SendOutcome::Sent;
        }
        self.record(Event::MessageBuffered { id, data: message.clone(), bytes: message.as_str().len() });
        SendOutcome::Buffered
    }

    /// A message of the other side has arrived.
    pub(super) fn on_message(&mut self, text: String) {
        match self.session.inbound.message(text) {
            Ok(data) => self.deliver(data),
            Err(reason) => self.leave_out(reason),
        }
    }

    /// A part of a message of the other side has arrived. A peer that knows only the specification sends none.
    pub(super) fn on_part(&mut self, part: &[u8]) {
        if !self.link.is_durable() {
            let size = counted(part.len(), "byte");
            return self.leave_out(format!("a binary message of {size} was left out: messages are JSON text"));
        }
        match self.session.inbound.part(part) {
            Ok(Some(data)) => self.deliver(data),
            Ok(None) => {}
            Err(reason) => self.leave_out(reason),
        }
    }

    fn leave_out(&mut self, reason: String) {
        self.record(Event::DataChannelError { reason });
        self.acknowledge_soon();
    }

    fn deliver(&mut self, data: Json) {
        let bytes = data.as_str().len();
        self.record(Event::Message { data, bytes });
        self.acknowledge_soon();
    }

    fn acknowledge_soon(&mut self) {
        let untold = self.session.inbound.untold();
        if !self.link.is_durable() || untold == 0 {
            return;
        }
        if untold >= ACK_AFTER {
            self.acknowledge();
        } else if !self.timers.is_set(Timer::Acknowledge) {
            self.after(Timer::Acknowledge, ACK_PAUSE);
        }
    }

    pub(super) fn acknowledge(&mut self) {
        self.timers.cancel(Timer::Acknowledge);
        if self.session.inbound.untold() > 0 {
            let received = self.session.inbound.tell();
            self.say(ControlMessage::Ack(received));
        }
    }

    pub(super) fn on_acknowledged(&mut self, received: u64) {
        match self.session.outbound.acknowledge(received) {
            Ok(ids) => self.delivered(ids),
            Err(overstated) => self.on_overstated(overstated),
        }
    }

    pub(super) fn delivered(&mut self, ids: Vec<u64>) {
        if !ids.is_empty() {
            self.record(Event::MessagesDelivered { ids });
        }
    }

    /// The other side acknowledges what was never sent to it.
    pub(super) fn on_overstated(&mut self, overstated: Overstated) {
        let Overstated { delivered, sent } = overstated;
        let error = self.error(WebRtcError::Overstated { delivered, sent });
        self.record(Event::Failure(error));
    }

    /// Says something to a durable peer; nothing while it could not be heard.
    pub(super) fn say(&mut self, message: ControlMessage) {
        if self.link.control_open {
            self.push(Effect::Say(message));
        }
    }

    /// Plans to look for messages that have waited for too long.
    pub(super) fn watch_buffer(&mut self) {
        match self.session.outbound.next_expiry(self.settings.max_buffer_age) {
            Some(at) => self.timers.set(Timer::BufferExpiry, at),
            None => self.timers.cancel(Timer::BufferExpiry),
        }
    }

    pub(super) fn expire_messages(&mut self) {
        let expired = self.session.outbound.expire(self.now.monotonic, self.settings.max_buffer_age);
        self.drop_messages(expired, DropReason::Expired);
        self.watch_buffer();
    }

    pub(super) fn drop_messages(&mut self, messages: Vec<Message>, reason: DropReason) {
        for Message { id, text, .. } in messages {
            self.record(Event::MessageDropped { id, data: Json::from_text(text), reason });
        }
    }

    /// Hands back what was not delivered, unless it is kept for the next room.
    pub(super) fn end_session(&mut self, keep: bool) {
        self.timers.cancel(Timer::BufferExpiry);
        if !keep {
            let undelivered = self.session.outbound.drain();
            self.drop_messages(undelivered, DropReason::Closed);
        }
    }
}
