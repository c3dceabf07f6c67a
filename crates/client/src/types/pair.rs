//! The pair of candidates that carries a connection.

use crate::describe::{Describe, Member, Members};

/// One end of a selected candidate pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateEnd {
    /// `host`, `srflx`, `prflx` or `relay`.
    pub candidate_type: String,
    /// `udp` or `tcp`.
    pub protocol: String,
    /// IP address or mDNS name; empty where the browser hides it.
    pub address: String,
    /// Port; 0 where the browser hides it.
    pub port: u16,
}

/// The pair of candidates that carries the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePair {
    /// This side.
    pub local: CandidateEnd,
    /// The other side.
    pub remote: CandidateEnd,
}

impl CandidatePair {
    /// Whether a TURN server is in between.
    pub fn relayed(&self) -> bool {
        self.local.candidate_type == "relay" || self.remote.candidate_type == "relay"
    }
}

impl Describe for CandidateEnd {
    fn describe(&self, to: &mut dyn Members) {
        to.text("candidateType", Some(&self.candidate_type));
        to.text("protocol", Some(&self.protocol));
        to.text("address", Some(&self.address));
        to.count("port", u64::from(self.port));
    }
}

impl Describe for CandidatePair {
    fn describe(&self, to: &mut dyn Members) {
        to.say("local", Member::Thing(&self.local));
        to.say("remote", Member::Thing(&self.remote));
    }
}
