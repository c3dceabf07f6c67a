//! A message on its way, and what can become of it.

use std::rc::Rc;
use std::time::Duration;

/// What a message costs beside its text, so that many small ones are bounded too.
pub(super) const OVERHEAD_BYTES: usize = 64;
/// A message that was accepted and is not known to be delivered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    /// Counts the accepted messages of a client from 1.
    pub(crate) id: u64,
    /// The JSON text.
    pub(crate) text: Rc<str>,
    /// When, by the monotonic clock.
    pub(super) accepted: Duration,
    /// Whether it was handed to a channel before.
    pub(super) handed: bool,
}

impl Message {
    /// What it counts for in the buffer.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + OVERHEAD_BYTES
    }
}

/// Why a message is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The buffer is full: it holds so many messages and bytes.
    Full { messages: usize, bytes: usize },
    /// It could never be sent: this is the limit in bytes.
    TooLarge { limit: usize },
}

/// What goes over the channel next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Frame {
    /// A whole message.
    Text(Rc<str>),
    /// A part of a message that is too large for the other side's browser.
    Part(Vec<u8>),
}

/// The other side says that it has delivered more messages than were ever sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overstated {
    /// What it says that it has delivered.
    pub(crate) delivered: u64,
    /// How many messages were sent to it.
    pub(crate) sent: u64,
}

/// A message that was handed over whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handed {
    pub(crate) id: u64,
    pub(crate) bytes: usize,
    /// Not for the first time.
    pub(crate) again: bool,
}
