use registry_protocol::limits::MAX_CANDIDATES;
use registry_protocol::{CandidateItem, CandidateList, CandidateMode, IceCandidate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Refusal;

/// The candidates that one peer has posted for the other, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Candidates {
    items: Vec<IceCandidate>,
    /// Sequence number of the last item ever appended. It is not reset when the list expires.
    last_seq: u64,
    expires_at: u64,
    /// Hashes of the idempotency keys of accepted posts, newest last.
    keys: Vec<u64>,
}

impl Candidates {
    /// Whether the list contains `candidate`.
    pub(crate) fn holds(&self, now: u64, candidate: &IceCandidate) -> bool {
        self.live(now).contains(candidate)
    }

    /// Checks that this many candidates can be added.
    ///
    /// # Errors
    /// [`Refusal::TooManyCandidates`]
    pub(crate) fn check_capacity(&self, now: u64, new: usize) -> Result<(), Refusal> {
        if self.live(now).len() + new <= MAX_CANDIDATES { Ok(()) } else { Err(Refusal::TooManyCandidates) }
    }

    /// Appends a candidate and restarts the list's time to live.
    pub(crate) fn append(&mut self, now: u64, ttl_ms: u64, candidate: IceCandidate) {
        if self.live(now).is_empty() {
            self.items.clear();
        }
        self.items.push(candidate);
        self.last_seq += 1;
        self.expires_at = now.saturating_add(ttl_ms);
    }

    /// Discards all candidates. Those that follow continue the numbering.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    /// Whether a post with this idempotency key was accepted.
    pub(crate) fn knows_key(&self, key: &str) -> bool {
        self.keys.contains(&hash(key))
    }

    /// Stores the idempotency key of an accepted post. At most as many are kept as there can be candidates.
    pub(crate) fn remember_key(&mut self, key: &str) {
        if self.keys.len() == MAX_CANDIDATES {
            self.keys.remove(0);
        }
        self.keys.push(hash(key));
    }

    /// The sequence number of the last item; 0 if there has been none.
    pub(crate) fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The list for the other peer: everything, or what was appended after sequence number `since`.
    pub(crate) fn list(&self, now: u64, since: Option<u64>) -> CandidateList {
        let live = self.live(now);
        let new = self.last_seq.saturating_sub(since.unwrap_or(0));
        let skip = live.len() - usize::try_from(new).unwrap_or(usize::MAX).min(live.len());
        CandidateList {
            items: live[skip..].iter().cloned().map(CandidateItem::Candidate).collect(),
            mode: if since.is_some() { CandidateMode::Delta } else { CandidateMode::Full },
            last_seq: Some(self.last_seq),
        }
    }

    fn live(&self, now: u64) -> &[IceCandidate] {
        if now < self.expires_at { &self.items } else { &[] }
    }
}

/// Clients choose their keys, which can be of any length. Eight bytes of a hash are enough to distinguish forty.
fn hash(key: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(key).into();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u64) -> IceCandidate {
        IceCandidate { candidate: format!("candidate:{n}"), sdp_mid: None, sdp_m_line_index: None }
    }

    fn listed(list: &CandidateList) -> Vec<String> {
        list.items.iter().map(|item| serde_json::to_value(item).unwrap()["candidate"].to_string()).collect()
    }

    #[test]
    fn a_delta_is_what_came_after_and_survives_expiry_of_the_list() {
        let mut candidates = Candidates::default();
        for n in 1..=3 {
            candidates.append(n, 100, candidate(n));
        }
        assert_eq!(listed(&candidates.list(3, Some(1))), ["\"candidate:2\"", "\"candidate:3\""]);
        assert_eq!(listed(&candidates.list(3, Some(0))).len(), 3);
        assert!(candidates.list(3, Some(3)).items.is_empty() && candidates.list(3, Some(99)).items.is_empty());
        assert!(candidates.list(103, Some(0)).items.is_empty());
        candidates.append(200, 100, candidate(4));
        let list = candidates.list(200, Some(1));
        assert_eq!((listed(&list), list.last_seq), (vec!["\"candidate:4\"".to_owned()], Some(4)));
    }

    #[test]
    fn as_many_keys_are_kept_as_there_can_be_candidates() {
        let mut candidates = Candidates::default();
        for n in 0..=MAX_CANDIDATES {
            candidates.remember_key(&n.to_string());
        }
        assert!(!candidates.knows_key("0") && candidates.knows_key("1") && candidates.knows_key("40"));
    }
}
