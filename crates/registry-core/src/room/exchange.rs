//! One call for everything that two peers exchange: a peer posts what it has, and gets what the other has posted, at
//! once or by long poll.

use registry_protocol::{IceCandidate, SdpType};

use super::{Context, Room};
use crate::body::{self, Exchange};
use crate::candidates::Candidates;
use crate::{Refusal, Reply, Role};

/// An exchange that waits for news.
#[derive(Clone, Debug)]
pub struct LongPoll {
    role: Role,
    /// The version that the peer has; `None` if it has none.
    since: Option<u64>,
    until: u64,
}

impl LongPoll {
    /// When the request times out and is answered even without news, in milliseconds since the epoch.
    pub fn until(&self) -> u64 {
        self.until
    }

    /// Whether both are of the same peer.
    pub(crate) fn same_reader(&self, other: &Self) -> bool {
        self.role == other.role
    }
}

/// The result of handling a request.
#[derive(Debug)]
pub enum Handled {
    /// The reply.
    Reply(Reply),
    /// The request is a long poll and there is no news yet. Store it, typically in [`LongPolls`](crate::LongPolls).
    Pending(LongPoll),
}

impl From<Reply> for Handled {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl Room {
    /// Posts what a peer has for the other, and reads what the other has. If anything is refused, nothing is posted. Nor is
    /// what belongs to an older attempt, or to an offer that was replaced: the reply, which comes at once, shows the newer
    /// one.
    pub(super) fn exchange(&mut self, cx: &Context<'_>, role: Role, body: &[u8]) -> Result<Handled, Refusal> {
        let kind = match role {
            Role::Host => SdpType::Offer,
            Role::Guest => SdpType::Answer,
        };
        let mut exchange = body::exchange(body, kind)?;
        if exchange.posts() && (exchange.attempt < self.attempt || self.answers_another_offer(role, &exchange)) {
            exchange = Exchange { since: exchange.since, ..Exchange::default() };
        }
        let posts = exchange.posts();
        let Exchange { attempt, description, candidates, since, wait_ms, .. } = exchange;
        let posts_offer = role == Role::Host && description.is_some();
        let begins = posts && self.begins_attempt(attempt, posts_offer)?;
        let description = description.filter(|posted| begins || self.description_of(role) != Some(posted));
        if description.is_some() && !begins {
            self.check_description(role)?;
        }
        let candidates = match begins {
            true => unknown(cx.now, &Candidates::default(), candidates)?,
            false => unknown(cx.now, self.posted_by(role), candidates)?,
        };
        if let Some(rates) = &cx.config.room_rates {
            self.windows.count_exchange(cx.now, rates)?;
        }
        if begins {
            self.begin_attempt(attempt);
        }
        if let Some(description) = description {
            self.set_description(cx, description);
        }
        self.changes += u64::from(!candidates.is_empty());
        for candidate in candidates {
            self.posted_by(role).append(cx.now, cx.config.ttl.candidates_ms, candidate);
        }
        self.renew(cx);
        let poll = LongPoll { role, since, until: cx.now.saturating_add(wait_ms.unwrap_or(0)) };
        match self.answer_if_due(cx.now, &poll) {
            Some(answer) => answer.map(Handled::Reply),
            None => Ok(Handled::Pending(poll)),
        }
    }

    /// Whether the guest answers an offer that the host has replaced meanwhile.
    fn answers_another_offer(&self, role: Role, exchange: &Exchange) -> bool {
        let said = exchange.answers.filter(|_| role == Role::Guest && exchange.attempt == self.attempt);
        said.is_some_and(|offer| offer != self.offers)
    }

    /// The answer to a long poll, if it is due: there is news, it has timed out, or the room has ended.
    pub fn answer_if_due(&self, now: u64, poll: &LongPoll) -> Option<Result<Reply, Refusal>> {
        let news = poll.since.is_none_or(|since| self.version(poll.role) > since);
        (news || self.has_ended(now) || now >= poll.until).then(|| self.answer(now, poll))
    }

    /// The answer to a long poll with the current state, whether or not there is news.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`]
    pub fn answer(&self, now: u64, poll: &LongPoll) -> Result<Reply, Refusal> {
        if self.has_ended(now) {
            return Err(Refusal::NoRoom);
        }
        Reply::json(200, &self.news_since(now, poll.role, poll.since.unwrap_or(0)))
    }
}

/// Those of a peer's candidates that the room does not have yet, each once.
///
/// # Errors
/// [`Refusal::TooManyCandidates`] if they do not all fit. What follows the first that does not is not compared.
fn unknown(now: u64, known: &Candidates, candidates: Vec<IceCandidate>) -> Result<Vec<IceCandidate>, Refusal> {
    let mut unknown = Vec::new();
    for candidate in candidates {
        if !known.holds(now, &candidate) && !unknown.contains(&candidate) {
            unknown.push(candidate);
            known.check_capacity(now, unknown.len())?;
        }
    }
    Ok(unknown)
}
