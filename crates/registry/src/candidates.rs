use registry_protocol::limits::MAX_CANDIDATES;
use registry_protocol::{CandidateItem, CandidateList, CandidateMode, IceCandidate};

use crate::Refusal;

/// What one peer has posted for the other, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    items: Vec<IceCandidate>,
    /// Sequence number of the last item ever appended; it does not start again when the list expires.
    last_seq: u64,
    expires_at: u64,
}

impl Candidates {
    /// Whether `candidate` is in the list.
    pub(crate) fn holds(&self, now: u64, candidate: &IceCandidate) -> bool {
        self.alive(now).contains(candidate)
    }

    /// Whether there is room for another.
    ///
    /// # Errors
    /// [`Refusal::TooManyCandidates`]
    pub(crate) fn check_room(&self, now: u64) -> Result<(), Refusal> {
        if self.alive(now).len() < MAX_CANDIDATES { Ok(()) } else { Err(Refusal::TooManyCandidates) }
    }

    /// Appends a candidate and starts the list's time to live again.
    pub(crate) fn append(&mut self, now: u64, ttl_ms: u64, candidate: IceCandidate) {
        if self.alive(now).is_empty() {
            self.items.clear();
        }
        self.items.push(candidate);
        self.last_seq += 1;
        self.expires_at = now.saturating_add(ttl_ms);
    }

    /// What the other peer is shown.
    pub(crate) fn list(&self, now: u64) -> CandidateList {
        CandidateList {
            items: self.alive(now).iter().cloned().map(CandidateItem::Candidate).collect(),
            mode: CandidateMode::Full,
            last_seq: Some(self.last_seq),
        }
    }

    fn alive(&self, now: u64) -> &[IceCandidate] {
        if now < self.expires_at { &self.items } else { &[] }
    }
}
