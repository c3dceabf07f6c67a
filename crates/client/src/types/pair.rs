//! The pair of candidates that carries a connection.

use serde::Serialize;

/// One end of a selected candidate pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CandidateEnd {
    /// `host`, `srflx`, `prflx` or `relay`.
    pub candidate_type: String,
    /// `udp` or `tcp`.
    pub protocol: String,
    /// IP address or mDNS name; empty if the browser hides it.
    pub address: String,
    /// Port; 0 if the browser hides it.
    pub port: u16,
}

/// The selected candidate pair, which carries the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidatePair {
    /// The local candidate.
    pub local: CandidateEnd,
    /// The remote candidate.
    pub remote: CandidateEnd,
}

impl CandidatePair {
    /// Whether the connection is relayed by a TURN server.
    pub fn relayed(&self) -> bool {
        self.local.candidate_type == "relay" || self.remote.candidate_type == "relay"
    }
}
