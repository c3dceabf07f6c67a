use registry_protocol::IceCandidate;

/// One side has no more candidates than this.
const MOST_CANDIDATES: usize = 256;

/// Candidates that are known already.
#[derive(Debug, Default)]
pub(in crate::machine) struct CandidateSet(Vec<IceCandidate>);

/// What became of a candidate that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::machine) enum Added {
    New,
    Known,
    TooMany,
}

impl CandidateSet {
    pub(in crate::machine) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a candidate. There are few, so looking at each of them is quick.
    pub(in crate::machine) fn add(&mut self, candidate: &IceCandidate) -> Added {
        if self.0.contains(candidate) {
            return Added::Known;
        }
        if self.0.len() == MOST_CANDIDATES {
            return Added::TooMany;
        }
        self.0.push(candidate.clone());
        Added::New
    }
}
