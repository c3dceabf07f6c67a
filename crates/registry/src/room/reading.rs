//! What a peer is shown of a room, now or when there is news.

use registry_protocol::{EpochMs, RoomSnapshot};

use super::{Context, Room, State};
use crate::candidates::Candidates;
use crate::query::Query;
use crate::{Refusal, Reply, Request, Role};

/// What a peer has been shown by the answers to its waiting requests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    revision: u64,
    candidate: u64,
}

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
        if let Some(rates) = &cx.config.rates {
            self.windows.count_snapshot(cx.now, rates)?;
        }
        let wait = Wait::new(cx, role, Subject::Snapshot, request);
        if wait.query == (Query { since: None, wait_ms: Some(0) }) {
            *self.seen(role) = Seen::default();
        }
        self.read(cx.now, wait)
    }

    pub(super) fn candidates(&mut self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Step, Refusal> {
        self.read(cx.now, Wait::new(cx, role, Subject::Candidates, request))
    }

    fn read(&mut self, now: u64, wait: Wait) -> Result<Step, Refusal> {
        match self.resume(now, &wait) {
            Some(answer) => answer.map(Step::Reply),
            None => Ok(Step::Wait(wait)),
        }
    }

    /// The answer to a waiting request, if it is due: there is news, its time is up, or the room is over.
    pub fn resume(&mut self, now: u64, wait: &Wait) -> Option<Result<Reply, Refusal>> {
        (self.is_over(now) || now >= wait.until || self.has_news(now, wait)).then(|| self.answer(now, wait))
    }

    /// The answer to a waiting request as things are, news or not.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`]
    pub fn answer(&mut self, now: u64, wait: &Wait) -> Result<Reply, Refusal> {
        if self.is_over(now) {
            return Err(Refusal::NoRoom);
        }
        match wait.subject {
            Subject::Snapshot => self.show(now, wait),
            Subject::Candidates => Reply::json(200, &self.to(wait.role).list(now, wait.query.since)),
        }
    }

    fn has_news(&mut self, now: u64, wait: &Wait) -> bool {
        match (wait.subject, wait.query) {
            (Subject::Candidates, Query { since: Some(since), .. }) => {
                !self.to(wait.role).list(now, Some(since)).items.is_empty()
            }
            (Subject::Snapshot, Query { since: Some(since), .. }) => self.version(wait.role) > since,
            (Subject::Snapshot, Query { wait_ms: Some(_), .. }) => {
                let seen = *self.seen(wait.role);
                self.revision > seen.revision || self.to(wait.role).last_seq() > seen.candidate
            }
            (_, Query { since: None, .. }) => true,
        }
    }

    fn show(&mut self, now: u64, wait: &Wait) -> Result<Reply, Refusal> {
        let role = wait.role;
        let answer = match &self.state {
            State::Paired { answer, .. } => Some(answer.clone()),
            _ => None,
        };
        // A request that only says how long it waits has its cursor here, so that its address stays the same and a
        // browser need not ask for permission again and again. It takes the candidates along.
        let counted = matches!(wait.query, Query { since: None, wait_ms: Some(_) });
        let candidates = counted.then(|| {
            let since = self.seen(role).candidate;
            self.to(role).list(now, Some(since))
        });
        if counted {
            let (revision, candidate) = (self.revision, self.to(role).last_seq());
            *self.seen(role) = Seen { revision, candidate };
        }
        let version = self.version(role);
        let snapshot = RoomSnapshot {
            status: self.status(),
            offer: self.offer.clone(),
            answer,
            updated_at: EpochMs(self.updated_at),
            expires_at: EpochMs(self.expires_at),
            version: wait.extended.then_some(version),
            candidates,
        };
        if !wait.extended {
            return Reply::json(200, &snapshot);
        }
        let known = wait.known.as_deref().filter(|_| !counted);
        Ok(Reply::json(200, &snapshot)?.tagged(format!("\"{role}-{version}\""), known))
    }

    /// Grows with every change that `role` could see.
    fn version(&self, role: Role) -> u64 {
        self.revision + self.to(role).last_seq()
    }

    /// What is there for `role` to read.
    fn to(&self, role: Role) -> &Candidates {
        match role {
            Role::Host => &self.from_guest,
            Role::Guest => &self.from_host,
        }
    }

    fn seen(&mut self, role: Role) -> &mut Seen {
        match role {
            Role::Host => &mut self.seen[0],
            Role::Guest => &mut self.seen[1],
        }
    }
}

impl Wait {
    fn new(cx: &Context<'_>, role: Role, subject: Subject, request: &Request) -> Self {
        let extended = cx.config.extended;
        let query = if extended { Query::of(&request.path) } else { Query::default() };
        let until = cx.now.saturating_add(query.wait_ms.unwrap_or(0));
        Self { role, subject, query, extended, known: request.if_none_match().map(str::to_owned), until }
    }
}
