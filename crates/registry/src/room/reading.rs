//! What a peer is shown of a room, now or when there is news.

use registry_protocol::{EpochMs, RoomSnapshot};

use super::{Context, Room, State};
use crate::candidates::Candidates;
use crate::query::Query;
use crate::{Refusal, Reply, Request, Role};

/// A version is the room's revision and, in as many of its lowest bits, the sequence number of the other side's last
/// candidate: so it grows with both, and says where a peer stopped reading either.
const CANDIDATE_BITS: u32 = 20;
const MAX_CANDIDATE: u64 = (1 << CANDIDATE_BITS) - 1;

/// Which of the two readings a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Snapshot,
    Candidates,
}

/// A reading request that waits for news.
#[derive(Clone, Debug)]
pub struct Wait {
    role: Role,
    subject: Subject,
    query: Query,
    extended: bool,
    known: Option<String>,
    until: u64,
}

impl Wait {
    /// When the request is to be answered even without news, in milliseconds since the epoch.
    pub fn until(&self) -> u64 {
        self.until
    }

    /// Whether both are the same reading of the same peer: then the later one replaces the earlier.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.role, self.subject) == (other.role, other.subject)
    }
}

/// What comes of a request.
#[derive(Debug)]
pub enum Step {
    /// The answer.
    Reply(Reply),
    /// There is no news yet. A host keeps the request, as a rule in a [`Waiting`](crate::Waiting).
    Wait(Wait),
}

impl From<Reply> for Step {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl Room {
    pub(super) fn snapshot(&mut self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Step, Refusal> {
        let wait = Wait::new(cx, role, Subject::Snapshot, request);
        match &cx.config.rates {
            // News comes in bursts: one more than an interval would admit is no poll too many.
            Some(rates) if wait.query.wait_ms.is_some() => self.windows.count_wait(cx.now, rates)?,
            Some(rates) => self.windows.count_snapshot(cx.now, rates)?,
            None => {}
        }
        self.read(cx.now, wait)
    }

    pub(super) fn candidates(&self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Step, Refusal> {
        self.read(cx.now, Wait::new(cx, role, Subject::Candidates, request))
    }

    fn read(&self, now: u64, wait: Wait) -> Result<Step, Refusal> {
        match self.resume(now, &wait) {
            Some(answer) => answer.map(Step::Reply),
            None => Ok(Step::Wait(wait)),
        }
    }

    /// The answer to a waiting request, if it is due: there is news, its time is up, or the room is over.
    pub fn resume(&self, now: u64, wait: &Wait) -> Option<Result<Reply, Refusal>> {
        (self.is_over(now) || now >= wait.until || self.has_news(now, wait)).then(|| self.answer(now, wait))
    }

    /// The answer to a waiting request as things are, news or not.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`]
    pub fn answer(&self, now: u64, wait: &Wait) -> Result<Reply, Refusal> {
        if self.is_over(now) {
            return Err(Refusal::NoRoom);
        }
        match wait.subject {
            Subject::Snapshot => self.show(now, wait),
            Subject::Candidates => Reply::json(200, &self.to(wait.role).list(now, wait.query.since)),
        }
    }

    fn has_news(&self, now: u64, wait: &Wait) -> bool {
        let Some(since) = wait.query.since else { return true };
        match wait.subject {
            Subject::Snapshot => self.version(wait.role) > since,
            Subject::Candidates => !self.to(wait.role).list(now, Some(since)).items.is_empty(),
        }
    }

    fn show(&self, now: u64, wait: &Wait) -> Result<Reply, Refusal> {
        let Wait { role, query, .. } = wait;
        let answer = match &self.state {
            State::Paired { answer, .. } => Some(answer.clone()),
            _ => None,
        };
        // Whoever waits is shown both at once, and needs one request instead of two.
        let waits = *query != Query::default();
        let version = self.version(*role);
        let snapshot = RoomSnapshot {
            status: self.status(),
            offer: self.offer.clone(),
            answer,
            updated_at: EpochMs(self.updated_at),
            expires_at: EpochMs(self.expires_at),
            version: wait.extended.then_some(version),
            candidates: waits.then(|| self.to(*role).list(now, Some(candidate_of(query.since.unwrap_or(0))))),
        };
        let reply = Reply::json(200, &snapshot)?;
        Ok(if wait.extended { reply.tagged(format!("\"{role}-{version}\""), wait.known.as_deref()) } else { reply })
    }

    /// Grows with every change that `role` could see.
    fn version(&self, role: Role) -> u64 {
        (self.revision << CANDIDATE_BITS) + self.to(role).last_seq().min(MAX_CANDIDATE)
    }

    /// What is there for `role` to read.
    fn to(&self, role: Role) -> &Candidates {
        match role {
            Role::Host => &self.from_guest,
            Role::Guest => &self.from_host,
        }
    }
}

/// The candidate up to which a version was read.
fn candidate_of(version: u64) -> u64 {
    version & MAX_CANDIDATE
}

impl Wait {
    fn new(cx: &Context<'_>, role: Role, subject: Subject, request: &Request) -> Self {
        let extended = cx.config.extended;
        let query = if extended { request.query() } else { Query::default() };
        let until = cx.now.saturating_add(query.wait_ms.unwrap_or(0));
        Self { role, subject, query, extended, known: request.if_none_match().map(str::to_owned), until }
    }
}
