use crate::room::Wait;
use crate::{Refusal, Reply, Room};

/// Names one waiting request. A host that keeps a single room counts them itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaitId(pub u64);

/// An answer to a waiting request that is due now, for the holder of the ticket `T`.
pub type Due<T> = (T, Result<Reply, Refusal>);

/// How many requests of one kind and peer may wait at once.
const MOST_ALIKE: usize = 2;

/// The requests that wait for news of one room. Each has a ticket `T`, by which the host knows whom to answer.
///
/// There are at most two of a kind and peer, so that memory is bounded: a third replaces the first, whose client has gone
/// or asks too often.
#[derive(Debug)]
pub struct Waiting<T> {
    entries: Vec<(WaitId, Wait, T)>,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Waiting<T> {
    /// Keeps a request until its answer is due. One that it replaces is due at once.
    pub fn keep(&mut self, now: u64, room: &Room, id: WaitId, wait: Wait, ticket: T) -> Option<Due<T>> {
        let alike = || self.entries.iter().enumerate().filter(|(_, (_, other, _))| other.is_like(&wait));
        let replaced = if alike().count() < MOST_ALIKE { None } else { alike().next().map(|(index, _)| index) };
        let replaced = replaced.map(|index| self.entries.remove(index));
        self.entries.push((id, wait, ticket));
        replaced.map(|(_, wait, ticket)| (ticket, room.answer(now, &wait)))
    }

    /// Takes out what is due, and the answers. To be called after every request to the room, and at
    /// [`next`](Self::next).
    pub fn take_due(&mut self, now: u64, room: &Room) -> Vec<Due<T>> {
        let mut due = Vec::new();
        let mut index = 0;
        while let Some((_, wait, _)) = self.entries.get(index) {
            match room.resume(now, wait) {
                Some(answer) => due.push((self.entries.remove(index).2, answer)),
                None => index += 1,
            }
        }
        due
    }

    /// Takes out everything, to be answered as things are: the host stops, or the room is gone.
    pub fn take_all(&mut self, mut answer: impl FnMut(&Wait) -> Result<Reply, Refusal>) -> Vec<Due<T>> {
        self.entries.drain(..).map(|(_, wait, ticket)| (ticket, answer(&wait))).collect()
    }

    /// Drops a request whose client has gone away.
    pub fn cancel(&mut self, id: WaitId) -> Option<T> {
        let index = self.entries.iter().position(|(other, ..)| *other == id)?;
        Some(self.entries.remove(index).2)
    }

    /// When the first of them is due without news, in milliseconds since the epoch.
    pub fn next(&self) -> Option<u64> {
        self.entries.iter().map(|(_, wait, _)| wait.until()).min()
    }

    /// When one of them is due without news, in milliseconds since the epoch.
    pub fn until(&self, id: WaitId) -> Option<u64> {
        self.entries.iter().find(|(other, ..)| *other == id).map(|(_, wait, _)| wait.until())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
