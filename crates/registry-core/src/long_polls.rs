use crate::room::LongPoll;
use crate::{Refusal, Reply, Room};

/// Identifies a pending long poll. A caller with a single room numbers them itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PollId(pub u64);

/// A long poll that is due: its ticket `T` and its answer.
pub type Due<T> = (T, Result<Reply, Refusal>);

/// How many long polls a peer may have pending.
const MAX_PER_READER: usize = 2;

/// The long polls pending on one room. Each has a ticket `T` that tells the caller whom to answer.
///
/// At most two are kept per peer, which bounds memory. A third replaces the oldest, whose client has disconnected or
/// polls too often.
#[derive(Debug)]
pub struct LongPolls<T> {
    entries: Vec<(PollId, LongPoll, T)>,
}

impl<T> Default for LongPolls<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> LongPolls<T> {
    /// Stores a long poll. Returns the one that it replaces, if any, with its answer.
    pub fn keep(&mut self, now: u64, room: &Room, id: PollId, poll: LongPoll, ticket: T) -> Option<Due<T>> {
        let alike = || self.entries.iter().enumerate().filter(|(_, (_, other, _))| other.same_reader(&poll));
        let replaced = if alike().count() < MAX_PER_READER { None } else { alike().next().map(|(index, _)| index) };
        let replaced = replaced.map(|index| self.entries.remove(index));
        self.entries.push((id, poll, ticket));
        replaced.map(|(_, poll, ticket)| (ticket, room.answer(now, &poll)))
    }

    /// Removes and returns the long polls that are due. Call it after every request to the room, and at
    /// [`next`](Self::next).
    pub fn take_due(&mut self, now: u64, room: &Room) -> Vec<Due<T>> {
        let mut due = Vec::new();
        let mut index = 0;
        while let Some((_, poll, _)) = self.entries.get(index) {
            match room.answer_if_due(now, poll) {
                Some(answer) => due.push((self.entries.remove(index).2, answer)),
                None => index += 1,
            }
        }
        due
    }

    /// Removes and returns all long polls, each with the result of `answer`: the server is shutting down, or the room
    /// is gone.
    pub fn take_all(&mut self, mut answer: impl FnMut(&LongPoll) -> Result<Reply, Refusal>) -> Vec<Due<T>> {
        self.entries.drain(..).map(|(_, poll, ticket)| (ticket, answer(&poll))).collect()
    }

    /// Removes and returns a long poll with the current state as its answer.
    pub fn answer(&mut self, now: u64, room: &Room, id: PollId) -> Option<Due<T>> {
        let index = self.entries.iter().position(|(other, ..)| *other == id)?;
        let (_, poll, ticket) = self.entries.remove(index);
        Some((ticket, room.answer(now, &poll)))
    }

    /// Drops a long poll whose client has disconnected, and returns its ticket.
    pub fn cancel(&mut self, id: PollId) -> Option<T> {
        let index = self.entries.iter().position(|(other, ..)| *other == id)?;
        Some(self.entries.remove(index).2)
    }

    /// When the next long poll times out, in milliseconds since the epoch.
    pub fn next(&self) -> Option<u64> {
        self.entries.iter().map(|(_, poll, _)| poll.until()).min()
    }

    /// When this long poll times out, in milliseconds since the epoch.
    pub fn until(&self, id: PollId) -> Option<u64> {
        self.entries.iter().find(|(other, ..)| *other == id).map(|(_, poll, _)| poll.until())
    }

    /// The number of pending long polls.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none are pending.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
