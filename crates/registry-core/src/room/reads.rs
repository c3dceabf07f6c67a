//! Reading a room: snapshots and candidate lists.

use registry_protocol::{EpochMs, RoomSnapshot};

use super::{Context, Room};
use crate::candidates::Candidates;
use crate::{Refusal, Reply, Request, Role};

/// A version combines the number of changes of the room that are news to a peer (high bits) with the sequence number of
/// the other peer's last candidate (low bits). It therefore grows with both, and tells where a peer stopped reading
/// either.
const CANDIDATE_BITS: u32 = 20;
const MAX_CANDIDATE: u64 = (1 << CANDIDATE_BITS) - 1;

impl Room {
    pub(super) fn snapshot(&mut self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Reply, Refusal> {
        if let Some(rates) = &cx.config.room_rates {
            self.windows.count_snapshot(cx.now, rates)?;
        }
        let reply = Reply::json(200, &self.content())?;
        Ok(if cx.config.extended {
            // The snapshot includes what the peer has posted itself, and no candidates.
            reply.tagged(format!("\"{role}-{}\"", self.revision), request.if_none_match())
        } else {
            reply
        })
    }

    pub(super) fn candidates(&mut self, cx: &Context<'_>, role: Role, request: &Request) -> Result<Reply, Refusal> {
        if let Some(rates) = &cx.config.room_rates {
            self.windows.count_candidates(cx.now, rates)?;
        }
        let since = request.since().filter(|_| cx.config.extended);
        Reply::json(200, &self.visible_to(role).list(cx.now, since))
    }

    /// The room with the candidates that are newer than this version.
    pub(super) fn news_since(&self, now: u64, role: Role, since: u64) -> RoomSnapshot {
        RoomSnapshot {
            version: Some(self.version(role)),
            offers: self.offers,
            candidates: Some(self.visible_to(role).list(now, Some(since & MAX_CANDIDATE))),
            ..self.content()
        }
    }

    fn content(&self) -> RoomSnapshot {
        RoomSnapshot {
            attempt: self.attempt,
            offer: self.offer.clone(),
            answer: self.description_of(Role::Guest).cloned(),
            ..RoomSnapshot::new(self.status(), EpochMs(self.updated_at), EpochMs(self.expires_at))
        }
    }

    /// Grows with everything that is news to a peer: all changes but its own.
    pub(super) fn version(&self, role: Role) -> u64 {
        let news = match role {
            Role::Host => self.news.host,
            Role::Guest => self.news.guest,
        };
        (news << CANDIDATE_BITS) + self.visible_to(role).last_seq().min(MAX_CANDIDATE)
    }

    /// The version for the guest, if the host has posted nothing.
    pub(super) fn version_of_nothing(&self, now: u64) -> Option<u64> {
        let nothing = self.offer.is_none() && self.from_host.list(now, None).items.is_empty();
        nothing.then(|| self.version(Role::Guest))
    }

    /// The candidates that a peer can read: those of the other.
    fn visible_to(&self, role: Role) -> &Candidates {
        match role {
            Role::Host => &self.from_guest,
            Role::Guest => &self.from_host,
        }
    }
}
