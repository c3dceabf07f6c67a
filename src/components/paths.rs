//! Candidates and pairs of candidates.

mod candidate;
mod candidates;
mod nat;
mod pairs;
mod panel;
mod peer;
mod selections;
mod servers;

pub use panel::Paths;

use registry_client::types::pair::CandidateEnd;

use crate::foreign::isolated;
use crate::format;

/// An end of a pair on one line, its foreign parts isolated.
fn end_in_words(end: &CandidateEnd) -> String {
    let address = if end.address.is_empty() { "hidden" } else { &end.address };
    let [kind, protocol, address] = [&end.candidate_type, &end.protocol, address].map(isolated);
    format!("{kind} {protocol} {address}:{}", end.port)
}

/// A time since the session began.
fn since(start_ms: f64, at_ms: f64) -> String {
    format!("+{}", format::duration(at_ms - start_ms))
}
