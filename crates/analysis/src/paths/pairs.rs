use registry_client::Event;
use registry_client::interfaces::webrtc::IceConnectionState;
use registry_client::types::pair::{CandidateEnd, CandidatePair, CheckedPair};

use super::Attempt;
use super::selections::LOOKS;
use crate::statistics::{PairStats, Report};

/// A pair of candidates. Numbers are `None` where the browser does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct PairView {
    /// This side's end.
    pub local: CandidateEnd,
    /// The peer's end.
    pub remote: CandidateEnd,
    /// `frozen`, `waiting`, `in-progress`, `failed` or `succeeded`.
    pub state: String,
    /// Since when it is known to be in that state, in milliseconds of the monotonic clock.
    pub since_ms: Option<f64>,
    /// Whether it is nominated.
    pub nominated: bool,
    /// Whether it is the selected one.
    pub selected: bool,
    /// Checks sent.
    pub requests_sent: Option<u64>,
    /// Checks that were answered.
    pub responses_received: Option<u64>,
    /// The peer's checks received.
    pub requests_received: Option<u64>,
    /// The last round-trip time, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Bytes sent over it.
    pub bytes_sent: Option<u64>,
    /// Bytes received over it.
    pub bytes_received: Option<u64>,
}

/// The pairs of an attempt as they were seen last, in the order in which they matter, and the selected one.
pub(super) fn of(attempt: &Attempt<'_>) -> (Vec<PairView>, Option<CandidatePair>) {
    let mut recorded: Option<(f64, &[CheckedPair])> = None;
    let mut selected = None;
    for entry in attempt.events {
        match &entry.event {
            // A peer connection that is closed has none, which says nothing about those that it had.
            Event::Pairs { pairs } if !pairs.is_empty() => recorded = Some((entry.at_ms, pairs.as_slice())),
            Event::SelectedPair(pair) => selected = Some(pair.clone()),
            _ => {}
        }
    }
    let failed_ms = ice_failed(attempt);
    let recorded_ms = recorded.map_or(f64::NEG_INFINITY, |(at_ms, _)| at_ms);
    // What was sampled last has recorded its pairs after it, if they had changed.
    let sampled = attempt.samples.iter().rev().take_while(|sample| sample.at_ms >= recorded_ms - SOON_MS);
    let report = sampled.take(LOOKS).map(crate::Sample::report).find(|report| !report.pairs.is_empty());
    let mut pairs = match (report, recorded) {
        (Some(report), _) => of_report(&report, &mut selected),
        (None, Some((_, pairs))) => pairs.iter().map(|pair| of_event(pair, selected.as_ref())).collect(),
        (None, None) => Vec::new(),
    };
    for pair in &mut pairs {
        pair.since_ms = since(attempt, pair);
        if let Some(at_ms) = failed_ms.filter(|_| !["succeeded", "failed"].contains(&pair.state.as_str())) {
            (pair.state, pair.since_ms) = ("failed".to_owned(), Some(at_ms));
        }
    }
    pairs.sort_by_key(|pair| (!pair.selected, !pair.nominated, rank(&pair.state)));
    (pairs, selected)
}

/// When ICE failed, if it did and was not restarted: all of its checks are over then (RFC 8445, section 6.1.2.6), even if what
/// was seen of them last is from before.
fn ice_failed(attempt: &Attempt<'_>) -> Option<f64> {
    let mut states = attempt.events.iter().rev().filter_map(|entry| match &entry.event {
        Event::IceConnectionState(state) => Some((entry.at_ms, *state)),
        _ => None,
    });
    let (at_ms, state) = states.find(|(_, state)| *state != IceConnectionState::Closed)?;
    (state == IceConnectionState::Failed).then_some(at_ms)
}

/// Between a sample and the event that it leads to, in milliseconds.
const SOON_MS: f64 = 100.0;

fn rank(state: &str) -> usize {
    ["succeeded", "in-progress", "waiting", "frozen"].iter().position(|of| *of == state).unwrap_or(usize::MAX)
}

fn of_report(report: &Report, selected: &mut Option<CandidatePair>) -> Vec<PairView> {
    let chosen = report.selected().map(|pair| pair.id.as_str());
    let count = |number: Option<f64>| number.map(|number| number as u64);
    let view = |(pair, checked): (&PairStats, CheckedPair)| PairView {
        selected: Some(pair.id.as_str()) == chosen,
        requests_sent: count(pair.requests_sent),
        responses_received: count(pair.responses_received),
        requests_received: count(pair.requests_received),
        round_trip_ms: checked.round_trip_ms,
        bytes_sent: count(pair.bytes_sent),
        bytes_received: count(pair.bytes_received),
        local: checked.local,
        remote: checked.remote,
        state: checked.state,
        since_ms: None,
        nominated: checked.nominated,
    };
    let pairs: Vec<PairView> = report.pairs.iter().zip(report.checked_pairs()).map(view).collect();
    if let Some(pair) = pairs.iter().find(|pair| pair.selected) {
        *selected = Some(CandidatePair { local: pair.local.clone(), remote: pair.remote.clone() });
    }
    pairs
}

fn of_event(pair: &CheckedPair, selected: Option<&CandidatePair>) -> PairView {
    PairView {
        local: pair.local.clone(),
        remote: pair.remote.clone(),
        state: pair.state.clone(),
        since_ms: None,
        nominated: pair.nominated,
        selected: selected.is_some_and(|of| of.local == pair.local && of.remote == pair.remote),
        requests_sent: Some(pair.requests_sent),
        responses_received: Some(pair.responses_received),
        requests_received: Some(pair.requests_received),
        round_trip_ms: pair.round_trip_ms,
        bytes_sent: Some(pair.bytes_sent),
        bytes_received: Some(pair.bytes_received),
    }
}

/// When the pair was first seen in the state in which it still is.
fn since(attempt: &Attempt<'_>, pair: &PairView) -> Option<f64> {
    let mut since = None;
    for entry in attempt.events {
        let Event::Pairs { pairs } = &entry.event else { continue };
        let then = pairs.iter().find(|then| then.local == pair.local && then.remote == pair.remote);
        match then {
            Some(then) if then.state == pair.state => since = since.or(Some(entry.at_ms)),
            Some(_) => since = None,
            None => {}
        }
    }
    since
}
