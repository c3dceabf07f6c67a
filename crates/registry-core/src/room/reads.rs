//! Reading a room: snapshots and candidate lists, at once or by long poll.

use registry_protocol::{EpochMs, RoomSnapshot};

use super::{Context, Room, State};
use crate::candidates::Candidates;
use crate::query::Query;
use crate::{Refusal, Reply, Request, Role};

/// A version combines the room's revision (high bits) with the sequence number of the other peer's last candidate (low
/// bits). It therefore grows with both, and tells where a peer stopped reading either.
const CANDIDATE_BITS: u32 = 20;
const MAX_CANDIDATE: u64 = (1 << CANDIDATE_BITS) - 1;

/// What a request reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Snapshot,
    Candidates,
}

/// A read that may wait for an update.
#[derive(Clone, Debug)]
pub struct LongPoll {
    role: Role,
    subject: Subject,
    query: Query,
    extended: bool,
    if_none_match: Option<String>,
    until: u64,
}

impl LongPoll {
    /// When the request times out and is answered even without an update, in milliseconds since the epoch.
    pub fn until(&self) -> u64 {
        self.until
    }

    /// Whether both read the same thing for the same peer.
    pub(crate) fn same_reader(&self, other: &Self) -> bool {
        (self.role, self.subject) == (other.role, other.subject)
    }
}

/// The result of handling a request.
#[derive(Debug)]
pub enum Handled {
    /// The reply.
    Reply(Reply),
    /// The request is a long poll and there is no update yet. Store it, typically in [`LongPolls`](crate::LongPolls).
    Pending(LongPoll),
}

impl From<Reply> for Handled {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl Room {
    pub(super) fn snapshot(&mut self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Handled, Refusal> {
        let poll = LongPoll::new(cx, role, Subject::Snapshot, request);
        match &cx.config.rates {
            // Updates come in bursts, so long polls have a more generous limit of their own.
            Some(rates) if poll.query.wait_ms.is_some() => self.windows.count_long_poll(cx.now, rates)?,
            Some(rates) => self.windows.count_snapshot(cx.now, rates)?,
            None => {}
        }
        self.read(cx.now, poll)
    }

    pub(super) fn candidates(&self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Handled, Refusal> {
        self.read(cx.now, LongPoll::new(cx, role, Subject::Candidates, request))
    }

    fn read(&self, now: u64, poll: LongPoll) -> Result<Handled, Refusal> {
        match self.answer_if_due(now, &poll) {
            Some(answer) => answer.map(Handled::Reply),
            None => Ok(Handled::Pending(poll)),
        }
    }

    /// The answer to a long poll, if it is due: there is an update, it has timed out, or the room has ended.
    pub fn answer_if_due(&self, now: u64, poll: &LongPoll) -> Option<Result<Reply, Refusal>> {
        (self.has_ended(now) || now >= poll.until || self.has_update(now, poll)).then(|| self.answer(now, poll))
    }

    /// The answer to a long poll with the current state, whether or not there is an update.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`]
    pub fn answer(&self, now: u64, poll: &LongPoll) -> Result<Reply, Refusal> {
        if self.has_ended(now) {
            return Err(Refusal::NoRoom);
        }
        match poll.subject {
            Subject::Snapshot => self.snapshot_reply(now, poll),
            Subject::Candidates => Reply::json(200, &self.visible_to(poll.role).list(now, poll.query.since)),
        }
    }

    fn has_update(&self, now: u64, poll: &LongPoll) -> bool {
        let Some(since) = poll.query.since else { return true };
        match poll.subject {
            Subject::Snapshot => self.version(poll.role) > since,
            Subject::Candidates => !self.visible_to(poll.role).list(now, Some(since)).items.is_empty(),
        }
    }

    fn snapshot_reply(&self, now: u64, poll: &LongPoll) -> Result<Reply, Refusal> {
        let LongPoll { role, query, .. } = poll;
        let answer = match &self.state {
            State::Paired { answer, .. } => Some(answer.clone()),
            _ => None,
        };
        // An extended read returns the candidates as well, so that one request replaces two.
        let is_extended_read = *query != Query::default();
        let version = self.version(*role);
        let snapshot = RoomSnapshot {
            status: self.status(),
            offer: self.offer.clone(),
            answer,
            updated_at: EpochMs(self.updated_at),
            expires_at: EpochMs(self.expires_at),
            version: poll.extended.then_some(version),
            candidates: is_extended_read
                .then(|| self.visible_to(*role).list(now, Some(candidate_seq(query.since.unwrap_or(0))))),
        };
        let reply = Reply::json(200, &snapshot)?;
        Ok(if poll.extended {
            reply.tagged(format!("\"{role}-{version}\""), poll.if_none_match.as_deref())
        } else {
            reply
        })
    }

    /// Grows with every change that is visible to `role`.
    fn version(&self, role: Role) -> u64 {
        (self.revision << CANDIDATE_BITS) + self.visible_to(role).last_seq().min(MAX_CANDIDATE)
    }

    /// The candidates that `role` can read: those of the other peer.
    fn visible_to(&self, role: Role) -> &Candidates {
        match role {
            Role::Host => &self.from_guest,
            Role::Guest => &self.from_host,
        }
    }
}

/// The sequence number of the last candidate included in a version.
fn candidate_seq(version: u64) -> u64 {
    version & MAX_CANDIDATE
}

impl LongPoll {
    fn new(cx: &Context<'_>, role: Role, subject: Subject, request: &Request) -> Self {
        let extended = cx.config.extended;
        let query = if extended { request.query() } else { Query::default() };
        let until = cx.now.saturating_add(query.wait_ms.unwrap_or(0));
        Self { role, subject, query, extended, if_none_match: request.if_none_match().map(str::to_owned), until }
    }
}
