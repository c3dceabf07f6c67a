//! What is wrong, how that is known, and what to do.
//!
//! What there is to know of a session is collected once (`facts`); each rule is a function of that, and the rules of a stage of
//! a connection are together in one module. A rule says at most one thing. Which things are said, and in which order, is
//! decided here: a cause hides what it explains ([`Cause`]), what is worse comes first, and of equals what comes earlier on the
//! way to a connection.
//!
//! Nothing is found in what merely takes its time. Rules that depend on time have constants for what is unusual, and say when
//! it is worth looking again.

mod address;
mod answers;
mod cause;
mod channel;
mod checks;
mod device;
mod facts;
mod finding;
mod gathering;
mod negotiation;
mod peer;
mod registry;
mod room;

use crate::Track;
use facts::Facts;

pub use cause::Cause;
pub use finding::{Finding, Quote, Severity, Source};

type Rule = fn(&Facts<'_>) -> Option<Finding>;

/// All rules, in the order of a connection: what comes earlier is more likely to explain what comes later.
const STAGES: [&[Rule]; 11] = [
    device::RULES,
    registry::RULES,
    answers::RULES,
    room::RULES,
    negotiation::RULES,
    gathering::RULES,
    checks::RULES,
    channel::RULES,
    peer::RULES,
    answers::LATE_RULES,
    device::LAST_RULES,
];

/// A number as texts have it: whole, and not negative.
// The standard library's formatting of floats is large in WebAssembly.
fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// What was found at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// The best explanation first.
    pub findings: Vec<Finding>,
    /// When there may be another finding though nothing happens, in milliseconds of the monotonic clock; `None` if only an
    /// event can bring one.
    pub again_at_ms: Option<f64>,
}

/// What is wrong with the latest session of a track at `now_ms`, a time of its clock ([`registry_client::TraceEvent::at_ms`]).
/// For a trace that is not live that is the time of its last event, or later.
pub fn diagnose(track: &Track, now_ms: f64) -> Diagnosis {
    let facts = Facts::of(track, now_ms);
    let over = facts.is_over();
    let all: Vec<Finding> =
        STAGES.iter().copied().flatten().filter_map(|rule| rule(&facts)).map(|found| found.over(over)).collect();
    let hidden = |found: &Finding| {
        let explains = |other: &Finding| other.cause.explains().contains(&found.cause) && (found.over || !other.over);
        all.iter().any(explains)
    };
    let mut findings: Vec<Finding> = all.iter().filter(|found| !hidden(found)).cloned().collect();
    findings.sort_by_key(|found| (found.over, found.severity));
    Diagnosis { findings, again_at_ms: facts.again_ms() }
}

/// The findings of [`diagnose`].
pub fn findings(track: &Track, now_ms: f64) -> Vec<Finding> {
    diagnose(track, now_ms).findings
}

#[cfg(test)]
mod tests;
