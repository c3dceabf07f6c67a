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
    /// IP address or mDNS name; empty where the browser hides it.
    pub address: String,
    /// Port; 0 where the browser hides it.
    pub port: u16,
}

/// The pair of candidates that carries the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
