//! Tracks long polls: each must be answered exactly once, and none that is due may be left pending.

use registry_core::{PollId, Request};

use super::call::{Call, Side};
use super::room::Update;

/// Identifies a long poll.
pub(super) type Ticket = usize;

/// How many long polls a peer may have pending.
const MAX_PER_READER: usize = 2;

#[derive(Clone, Debug)]
pub(super) struct PendingPoll {
    pub(super) room: usize,
    pub(super) id: PollId,
    pub(super) until: u64,
    side: Side,
    call: Call,
    request: Request,
    done: bool,
}

/// All long polls so far.
#[derive(Default)]
pub(super) struct PollTracker(Vec<PendingPoll>);

impl PollTracker {
    /// The ticket of the next long poll.
    pub(super) fn next(&self) -> Ticket {
        self.0.len()
    }

    pub(super) fn push(&mut self, room: usize, side: Side, call: &Call, id: PollId, until: u64, request: Request) {
        self.0.push(PendingPoll { room, id, until, side, call: *call, request, done: false });
    }

    /// Marks a poll as answered, and returns its room, peer, call and request.
    pub(super) fn answered(&mut self, ticket: Ticket) -> (usize, Side, Call, Request) {
        let poll = self.0.get_mut(ticket).expect("a known ticket");
        assert!(!poll.done, "answered twice, or after it was cancelled");
        poll.done = true;
        (poll.room, poll.side, poll.call, poll.request.clone())
    }

    /// Marks a poll as abandoned by its client.
    pub(super) fn abandon(&mut self, which: u8) -> Option<(usize, PollId)> {
        let count = self.waiting().count();
        let index = usize::from(which).checked_rem(count)?;
        let poll = self.0.iter_mut().filter(|poll| !poll.done).nth(index)?;
        poll.done = true;
        Some((poll.room, poll.id))
    }

    /// Checks that every poll that `update` concerns has been answered.
    pub(super) fn check_notified(&self, room: usize, update: Update) {
        for poll in self.waiting().filter(|poll| poll.room == room && poll.call.expects_news()) {
            let concerns = match update {
                Update::None => false,
                Update::Ended => true,
                Update::By(side) => poll.side != side,
            };
            assert!(!concerns, "{poll:?} was not answered by {update:?}");
        }
    }

    /// Checks the pending polls, calls `each` on each of them, and returns their number.
    pub(super) fn check(&self, each: impl Fn(&PendingPoll)) -> usize {
        for poll in self.waiting() {
            each(poll);
            let alike = |other: &&PendingPoll| (other.room, other.side) == (poll.room, poll.side);
            assert!(self.waiting().filter(alike).count() <= MAX_PER_READER);
        }
        self.waiting().count()
    }

    fn waiting(&self) -> impl Iterator<Item = &PendingPoll> {
        self.0.iter().filter(|poll| !poll.done)
    }
}
