//! The pair of candidates that carries a connection.

use serde::{Deserialize, Serialize};

/// One end of a selected candidate pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A pair of candidates that ICE checks (W3C *Identifiers for WebRTC's Statistics API*, `RTCIceCandidatePairStats`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedPair {
    /// The local candidate.
    pub local: CandidateEnd,
    /// The remote candidate.
    pub remote: CandidateEnd,
    /// `frozen`, `waiting`, `in-progress`, `failed` or `succeeded`.
    pub state: String,
    /// Whether it is nominated.
    pub nominated: bool,
    /// Checks sent (`requestsSent`).
    pub requests_sent: u64,
    /// Checks received (`requestsReceived`).
    pub requests_received: u64,
    /// Answers received (`responsesReceived`).
    pub responses_received: u64,
    /// The last round-trip time in milliseconds, if known.
    pub round_trip_ms: Option<f64>,
    /// Bytes sent over it.
    pub bytes_sent: u64,
    /// Bytes received over it.
    pub bytes_received: u64,
}
