use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use super::inbound::{LAST_PART, MAX_MESSAGE_BYTES};
use super::message::{Frame, Handed, Message, OVERHEAD_BYTES, Overstated, Refused};
use crate::machine::saved::{SavedMessage, SavedOutbound};
use crate::settings::{Overflow, Settings};

/// The largest part of a message that is split: what all browsers take, and small enough to be paced.
const PART_BYTES: usize = 64 * 1024 - 1;

/// The messages on their way to the other side, in order.
///
/// Those in flight were handed to a channel, which keeps their order, and may have been delivered; they are kept until the
/// other side has acknowledged them. Behind them wait those of which the other side has nothing whole.
///
/// Messages have no numbers on the wire: both sides count. So `acknowledged + in_flight.len()` is at all times the number
/// of messages that the other side may have delivered, before a reload of this page and after it.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    last_id: u64,
    acknowledged: u64,
    in_flight: VecDeque<Message>,
    waiting: VecDeque<Message>,
    /// How much of the first waiting message has been handed over in parts.
    offset: usize,
    bytes: usize,
}

impl Outbound {
    /// What a reloaded page needs to go on.
    pub(crate) fn saved(&self, now: Duration) -> SavedOutbound {
        let message = |message: &Message| SavedMessage {
            id: message.id,
            text: message.text.to_string(),
            age_ms: now.saturating_sub(message.accepted).as_millis() as u64,
            handed: message.handed,
        };
        let messages = self.in_flight.iter().chain(&self.waiting).map(message).collect();
        SavedOutbound { last_id: self.last_id, acknowledged: self.acknowledged, messages }
    }

    /// As it was before a reload: what was handed over is in flight, until the other side says what it has. The clock may
    /// have begun anew: what had waited before `now` on it began to wait at its beginning.
    pub(crate) fn restored(saved: SavedOutbound, now: Duration) -> Self {
        let SavedOutbound { last_id, acknowledged, messages } = saved;
        let restore = |SavedMessage { id, text, age_ms, handed }| {
            let accepted = now.saturating_sub(Duration::from_millis(age_ms));
            Message { id, text: text.into(), accepted, handed }
        };
        let mut waiting: VecDeque<Message> = messages.into_iter().map(restore).collect();
        let bytes = waiting.iter().map(Message::bytes).sum();
        let handed = waiting.iter().take_while(|message| message.handed).count();
        let in_flight = waiting.drain(..handed).collect();
        Self { last_id, acknowledged, in_flight, waiting, offset: 0, bytes }
    }

    /// Whether every accepted message is delivered or given up.
    pub(crate) fn is_empty(&self) -> bool {
        self.in_flight.is_empty() && self.waiting.is_empty()
    }

    /// How many messages are in flight, how many wait, and their bytes together.
    pub(crate) fn levels(&self) -> (usize, usize, usize) {
        (self.in_flight.len(), self.waiting.len(), self.bytes)
    }

    /// Takes a message; its number, and the waiting messages that had to go for it.
    ///
    /// # Errors
    /// [`Refused`], and then nothing has changed.
    pub(crate) fn accept(
        &mut self,
        text: Rc<str>,
        now: Duration,
        settings: &Settings,
    ) -> Result<(u64, Vec<Message>), Refused> {
        let size = text.len() + OVERHEAD_BYTES;
        let limit = settings.max_buffer_bytes.saturating_sub(OVERHEAD_BYTES).min(MAX_MESSAGE_BYTES);
        if text.len() > limit {
            return Err(Refused::TooLarge { limit });
        }
        let full = Refused::Full { messages: self.in_flight.len() + self.waiting.len(), bytes: self.bytes };
        let dropped = match self.excess(size, settings) {
            0 => Vec::new(),
            excess if settings.buffer_overflow == Overflow::DropOldest && excess <= self.droppable().count() => {
                (0..excess).filter_map(|_| self.oldest_waiting()).collect()
            }
            _ => return Err(full),
        };
        self.last_id += 1;
        self.bytes += size;
        self.waiting.push_back(Message { id: self.last_id, text, accepted: now, handed: false });
        Ok((self.last_id, dropped))
    }

    /// How many of the waiting messages would have to go to make room for one of `size` bytes; more than there are if
    /// that would not be enough.
    fn excess(&self, size: usize, settings: &Settings) -> usize {
        let mut messages = self.waiting.len();
        let mut bytes = self.bytes + size;
        let mut oldest = self.droppable();
        let mut excess = 0;
        while messages >= settings.max_buffer_size.max(1) || bytes > settings.max_buffer_bytes {
            excess += 1;
            let Some(message) = oldest.next() else { break };
            (messages, bytes) = (messages - 1, bytes - message.bytes());
        }
        excess
    }

    /// The waiting messages of which the channel has nothing yet, oldest first.
    fn droppable(&self) -> impl Iterator<Item = &Message> {
        self.waiting.iter().skip(usize::from(self.offset > 0))
    }

    /// Removes the oldest message of which the channel has nothing yet.
    fn oldest_waiting(&mut self) -> Option<Message> {
        let first = usize::from(self.offset > 0);
        let message = self.waiting.remove(first)?;
        self.bytes -= message.bytes();
        Some(message)
    }

    /// Takes out the message that was accepted last, if it is this one and no channel has anything of it.
    pub(crate) fn withdraw(&mut self, id: u64) -> bool {
        let fresh = self.waiting.back().is_some_and(|message| message.id == id && !message.handed);
        if !fresh || (self.offset > 0 && self.waiting.len() == 1) {
            return false;
        }
        self.bytes -= self.waiting.pop_back().map_or(0, |message| message.bytes());
        true
    }

    /// Whether this message waits, as a whole or in part.
    pub(crate) fn is_waiting(&self, id: u64) -> bool {
        self.waiting.iter().rev().any(|message| message.id == id)
    }

    /// Whether anything waits.
    pub(crate) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The text of the message that is handed over next.
    pub(crate) fn front_text(&self) -> Option<Rc<str>> {
        self.waiting.front().map(|message| Rc::clone(&message.text))
    }

    /// What to hand over next to a channel that takes messages of up to `limit` bytes.
    pub(crate) fn next_frame(&self, limit: usize) -> Option<Frame> {
        let message = self.waiting.front()?;
        if self.offset == 0 && message.text.len() <= limit {
            return Some(Frame::Text(Rc::clone(&message.text)));
        }
        let rest = &message.text.as_bytes()[self.offset..];
        let size = rest.len().min(PART_BYTES).min(limit.saturating_sub(1).max(1));
        let mut part = Vec::with_capacity(size + 1);
        part.push(if size == rest.len() { LAST_PART } else { 0 });
        part.extend_from_slice(&rest[..size]);
        Some(Frame::Part(part))
    }

    /// `frame` was handed over; the message, if that was the whole of it.
    pub(crate) fn handed_over(&mut self, frame: &Frame) -> Option<Handed> {
        let message = self.waiting.front_mut()?;
        self.offset = match frame {
            Frame::Text(text) => text.len(),
            Frame::Part(part) => self.offset + part.len() - 1,
        };
        if self.offset < message.text.len() {
            return None;
        }
        let again = std::mem::replace(&mut message.handed, true);
        let handed = Handed { id: message.id, bytes: message.text.len(), again };
        self.offset = 0;
        self.in_flight.extend(self.waiting.pop_front());
        Some(handed)
    }

    /// The other side has delivered so many messages; the numbers of those of which that was not known.
    ///
    /// # Errors
    /// [`Overstated`] if so many were never sent; then nothing has changed.
    pub(crate) fn acknowledge(&mut self, delivered: u64) -> Result<Vec<u64>, Overstated> {
        let sent = self.acknowledged + self.in_flight.len() as u64;
        if delivered > sent {
            return Err(Overstated { delivered, sent });
        }
        let new = delivered.saturating_sub(self.acknowledged);
        self.acknowledged += new;
        Ok(self.take_in_flight(new as usize).iter().map(|message| message.id).collect())
    }

    fn take_in_flight(&mut self, count: usize) -> Vec<Message> {
        let taken: Vec<Message> = self.in_flight.drain(..count).collect();
        self.bytes -= taken.iter().map(Message::bytes).sum::<usize>();
        taken
    }

    /// A new channel, and the other side has said what it has: what is still in flight is lost, and goes out again
    /// before all that waits.
    pub(crate) fn rewind(&mut self) {
        self.offset = 0;
        while let Some(message) = self.in_flight.pop_back() {
            self.waiting.push_front(message);
        }
    }

    /// The other side counts anew, and has delivered `delivered` by that count: what was in flight is lost to it or was
    /// delivered, nobody knows.
    pub(crate) fn restart(&mut self, delivered: u64) -> Vec<Message> {
        (self.acknowledged, self.offset) = (delivered, 0);
        self.take_in_flight(self.in_flight.len())
    }

    /// Nobody acknowledges: what is in flight counts as delivered.
    pub(crate) fn let_go(&mut self) {
        self.acknowledged += self.in_flight.len() as u64;
        self.take_in_flight(self.in_flight.len());
    }

    /// Takes out what has waited for longer than `age`.
    pub(crate) fn expire(&mut self, now: Duration, age: Duration) -> Vec<Message> {
        let (mut expired, first) = (Vec::new(), usize::from(self.offset > 0));
        while self.waiting.get(first).is_some_and(|message| message.accepted + age <= now) {
            expired.extend(self.oldest_waiting());
        }
        expired
    }

    /// Takes out what waits and is larger than this: nobody is there who could join its parts.
    pub(crate) fn take_larger_than(&mut self, limit: usize) -> Vec<Message> {
        let (large, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|message| message.text.len() > limit);
        self.waiting = kept.into();
        self.bytes -= large.iter().map(Message::bytes).sum::<usize>();
        large
    }

    /// When the first waiting message will have waited for `age`.
    pub(crate) fn next_expiry(&self, age: Duration) -> Option<Duration> {
        self.waiting.get(usize::from(self.offset > 0)).map(|message| message.accepted + age)
    }

    /// Everything, oldest first.
    pub(crate) fn into_messages(self) -> Vec<Message> {
        self.in_flight.into_iter().chain(self.waiting).collect()
    }

    /// Takes out everything, oldest first; the counts stay.
    pub(crate) fn drain(&mut self) -> Vec<Message> {
        self.rewind();
        self.bytes = 0;
        std::mem::take(&mut self.waiting).into()
    }

    /// A new session with another peer: what waits goes to it, and all counting begins anew but that of messages.
    pub(crate) fn for_next_session(mut self) -> Self {
        self.rewind();
        self.acknowledged = 0;
        self
    }
}

#[cfg(test)]
mod tests;
