//! Messages, both ways: accepted, handed to the data channel in order, acknowledged, and reported when they are not
//! delivered. Every accepted message ends in exactly one of these.
//!
//! The data channel is ordered and reliable, so both sides know the n-th message by counting: nothing is added to it.
//! Counts travel on the control channel, which a plain peer never sees.

mod inbound;
mod message;
mod outbound;
mod session;

use std::rc::Rc;
use std::time::Duration;

use super::context::Context;
use super::link::{Channel, PeerKind};
use super::timers::Timer;
use crate::error::WebRtcError;
use crate::event::{DropReason, Event};
use crate::json::Json;
use crate::text::counted;
use crate::types::sending::{BufferLevels, SendOutcome};

use inbound::Inbound;
pub(crate) use message::{Frame, Overstated};
use message::{Message, Refused};
use outbound::Outbound;
pub(super) use session::SavedDelivery;

/// The largest message in bytes for a peer whose SDP does not say (RFC 8841 §6.1).
pub(crate) const SAFE_MESSAGE_BYTES: usize = 64 * 1024;
/// This many unacknowledged messages are acknowledged at once. A browser takes about as long to send an acknowledgement as to
/// receive ten small messages, so there are few.
const ACK_AFTER: u64 = 128;
/// Fewer are acknowledged after this.
const ACK_PAUSE: Duration = Duration::from_millis(50);

/// The messages of one session: what two peers have between them, over all the connections that they ever have.
#[derive(Debug)]
pub(super) struct Delivery {
    /// This side's name in the session.
    session: String,
    /// The peer's name in the session, once it has greeted.
    peer: Option<String>,
    outbound: Outbound,
    inbound: Inbound,
    /// A new connection replaces one that was lost: nothing is sent until the peer has said what it has received.
    awaits_greeting: bool,
    /// The largest message that the peer's browser takes, in bytes.
    message_limit: usize,
    /// The browser has refused a message; nothing is handed over before something changes.
    refused: bool,
}

impl Default for Delivery {
    fn default() -> Self {
        Self::new(String::new(), Outbound::default())
    }
}

impl Delivery {
    fn new(session: String, outbound: Outbound) -> Self {
        Self {
            session,
            peer: None,
            outbound,
            inbound: Inbound::default(),
            awaits_greeting: false,
            message_limit: SAFE_MESSAGE_BYTES,
            refused: false,
        }
    }

    /// Whether every accepted message is delivered or reported.
    pub(super) fn is_empty(&self) -> bool {
        self.outbound.is_empty()
    }

    /// How much is on its way to the peer.
    pub(super) fn levels(&self) -> BufferLevels {
        let (unacknowledged, waiting, bytes) = self.outbound.levels();
        BufferLevels { waiting, unacknowledged, bytes }
    }

    /// Accepts a message; returns its number.
    ///
    /// # Errors
    /// The buffer is full, or the message too large; nothing has changed then.
    pub(super) fn accept(&mut self, cx: &mut Context, text: Rc<str>, peer: PeerKind) -> Result<u64, WebRtcError> {
        let bytes = text.len();
        if peer == PeerKind::Plain && bytes > self.message_limit {
            return Err(WebRtcError::MessageTooLarge { bytes, limit: self.message_limit });
        }
        let (id, dropped) = self.outbound.accept(text, cx.now(), &cx.settings).map_err(|refused| match refused {
            Refused::Full { messages, bytes } => WebRtcError::BufferFull { messages, bytes },
            Refused::TooLarge { limit } => WebRtcError::MessageTooLarge { bytes, limit },
        })?;
        drop_messages(cx, dropped, DropReason::Overflow);
        self.watch_buffer(cx);
        Ok(id)
    }

    /// Takes back the message that was accepted last, as the browser has refused it and it would wait in vain. Returns
    /// whether that was possible.
    pub(super) fn withdraw(&mut self, id: u64) -> bool {
        self.refused = false;
        self.outbound.withdraw(id)
    }

    /// The browser has refused what was handed over: it is kept until something changes.
    pub(super) fn on_refused(&mut self, cx: &mut Context, reason: String) {
        self.refused = true;
        cx.record(Event::DataChannelError { reason });
    }

    /// The data channel has room again.
    pub(super) fn on_channel_drained(&mut self) {
        self.refused = false;
    }

    /// What the peer's browser takes, in bytes.
    pub(super) fn set_message_limit(&mut self, bytes: usize) {
        self.message_limit = bytes;
    }

    /// What to hand to the data channel now, which holds as many bytes as `buffered` says. That is asked only if something
    /// waits.
    pub(super) fn next_frame(&self, cx: &Context, channel: Channel, buffered: impl FnOnce() -> usize) -> Option<Frame> {
        let held_back = !channel.is_open || self.refused || self.awaits_greeting;
        if held_back || !self.outbound.has_waiting() || buffered() > cx.settings.buffered_amount_high {
            return None;
        }
        let frame = self.outbound.next_frame(self.message_limit)?;
        // Parts are for a peer that can join them; until that is known, the message waits.
        let whole = matches!(frame, Frame::Text(_));
        (whole || channel.joins_parts).then_some(frame)
    }

    /// `frame` was handed over, perhaps of the message that was accepted just now.
    pub(super) fn handed_over(&mut self, cx: &mut Context, frame: &Frame, accepted_now: Option<u64>, peer: PeerKind) {
        let text = self.outbound.front_text();
        let Some(handed) = self.outbound.handed_over(frame) else { return };
        let data = Json::from_text(text.unwrap_or_default());
        cx.record(if handed.again {
            Event::MessageReplayed { id: handed.id, data }
        } else {
            let buffered = accepted_now != Some(handed.id);
            Event::MessageSent { id: handed.id, data, bytes: handed.bytes, buffered }
        });
        if peer == PeerKind::Plain {
            self.outbound.let_go();
        }
        self.watch_buffer(cx);
    }

    /// What became of a message that was accepted just now.
    pub(super) fn outcome_of(&self, cx: &mut Context, id: u64, message: &Json) -> SendOutcome {
        if !self.outbound.is_waiting(id) {
            return SendOutcome::Sent;
        }
        cx.record(Event::MessageBuffered { id, data: message.clone(), bytes: message.as_str().len() });
        SendOutcome::Buffered
    }

    /// A message of the peer has arrived.
    pub(super) fn on_message(&mut self, cx: &mut Context, text: String, peer: PeerKind) {
        match self.inbound.message(text) {
            Ok(data) => self.deliver(cx, data),
            Err(reason) => cx.record(Event::DataChannelError { reason }),
        }
        self.acknowledge_soon(cx, peer);
    }

    /// A part of a large message has arrived. Only durable peers send messages in parts.
    pub(super) fn on_part(&mut self, cx: &mut Context, part: &[u8], peer: PeerKind) {
        if peer != PeerKind::Durable {
            let size = counted(part.len(), "byte");
            let reason = format!("a binary message of {size} was ignored: messages are JSON text");
            return cx.record(Event::DataChannelError { reason });
        }
        match self.inbound.part(part) {
            Ok(Some(data)) => self.deliver(cx, data),
            Ok(None) => return,
            Err(reason) => cx.record(Event::DataChannelError { reason }),
        }
        self.acknowledge_soon(cx, peer);
    }

    fn deliver(&self, cx: &mut Context, data: Json) {
        let bytes = data.as_str().len();
        cx.record(Event::Message { data, bytes });
    }

    fn acknowledge_soon(&self, cx: &mut Context, peer: PeerKind) {
        let unacknowledged = self.inbound.unacknowledged();
        if peer != PeerKind::Durable || unacknowledged == 0 {
            return;
        }
        if unacknowledged >= ACK_AFTER {
            cx.after(Timer::Acknowledge, Duration::ZERO);
        } else if !cx.is_set(Timer::Acknowledge) {
            cx.after(Timer::Acknowledge, ACK_PAUSE);
        }
    }

    /// The count to acknowledge now, if there is anything new to acknowledge.
    pub(super) fn acknowledgement(&mut self, cx: &mut Context) -> Option<u64> {
        cx.cancel(Timer::Acknowledge);
        (self.inbound.unacknowledged() > 0).then(|| self.inbound.acknowledge())
    }

    /// How many messages have been received. Whoever asks tells the peer.
    pub(super) fn received(&mut self) -> u64 {
        self.inbound.acknowledge()
    }

    /// The peer acknowledges `received` messages.
    ///
    /// # Errors
    /// [`Overstated`] if so many were never sent; nothing has changed then.
    pub(super) fn on_acknowledged(&mut self, cx: &mut Context, received: u64) -> Result<(), Overstated> {
        let ids = self.outbound.acknowledge(received)?;
        report_delivered(cx, ids);
        Ok(())
    }

    /// Reports what has waited for too long.
    pub(super) fn expire(&mut self, cx: &mut Context) {
        let expired = self.outbound.expire(cx.now(), cx.settings.max_buffer_age);
        drop_messages(cx, expired, DropReason::Expired);
        self.watch_buffer(cx);
    }

    /// Plans to look for messages that have waited for too long.
    fn watch_buffer(&self, cx: &mut Context) {
        match self.outbound.next_expiry(cx.settings.max_buffer_age) {
            Some(moment) => cx.at(Timer::BufferExpiry, moment),
            None => cx.cancel(Timer::BufferExpiry),
        }
    }
}

fn report_delivered(cx: &mut Context, ids: Vec<u64>) {
    if !ids.is_empty() {
        cx.record(Event::MessagesDelivered { ids });
    }
}

fn drop_messages(cx: &mut Context, messages: Vec<Message>, reason: DropReason) {
    for Message { id, text, .. } in messages {
        cx.record(Event::MessageDropped { id, data: Json::from_text(text), reason });
    }
}

#[cfg(test)]
mod tests;
