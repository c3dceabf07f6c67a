use registry_client::types::pair::{CandidateEnd, CandidatePair};
use registry_client::{Event, TraceEvent};

use crate::Track;
use crate::candidate::Candidate;

/// A pair that ICE has selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The event's number.
    pub seq: u64,
    /// When, in milliseconds of the monotonic clock.
    pub at_ms: f64,
    /// When, in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
    /// The pair.
    pub pair: CandidatePair,
    /// The TURN server on this side, if it relays here.
    pub relay: Option<Relay>,
}

/// A TURN server that relays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relay {
    /// Its URL, if the browser tells.
    pub server: Option<String>,
    /// How this side's browser reaches it: `udp`, `tcp` or `tls`.
    pub protocol: Option<String>,
}

/// The pairs that were selected in a track's latest session.
pub(super) fn of(track: &Track) -> Vec<Selection> {
    let mut selections: Vec<Selection> = Vec::new();
    for entry in track.session() {
        let Event::SelectedPair(pair) = &entry.event else { continue };
        let relay = (pair.local.candidate_type == "relay").then(|| relay(track, &pair.local, entry.at_ms));
        let TraceEvent { seq, at_ms, epoch_ms, .. } = **entry;
        selections.push(Selection { seq, at_ms, epoch_ms, pair: pair.clone(), relay });
    }
    selections
}

/// How many samples are looked at for what each of them says. A look costs something, and this happens with each drawing.
pub(super) const LOOKS: usize = 3;

/// Which server a relayed candidate of this side is at, which was selected then: the browser says so when it has gathered the
/// candidate, or in its statistics.
fn relay(track: &Track, end: &CandidateEnd, at_ms: f64) -> Relay {
    let mut relay = Relay::default();
    for entry in track.session() {
        if let Event::IceServerAnswered { url, candidate: Some(candidate), relay_protocol } = &entry.event
            && Candidate::parse(candidate).is_end(end)
        {
            relay = Relay { server: Some(url.clone()), protocol: relay_protocol.clone() };
        }
    }
    if relay.server.is_none() || relay.protocol.is_none() {
        let after = track.samples.partition_point(|sample| sample.at_ms < at_ms);
        let mut reports = track.samples.iter().skip(after).take(LOOKS).map(crate::Sample::report);
        let found = reports.find_map(|report| report.local.into_iter().find(|candidate| candidate.end() == *end));
        if let Some(found) = found {
            relay.server = relay.server.or(found.url);
            relay.protocol = relay.protocol.or(found.relay_protocol);
        }
    }
    // Its URL says how it is reached, too.
    let by_url = relay.server.as_deref().map(|url| match url {
        url if url.starts_with("turns:") => "tls",
        url if url.ends_with("transport=tcp") => "tcp",
        _ => "udp",
    });
    relay.protocol = relay.protocol.or(by_url.map(str::to_owned));
    relay
}

impl Selection {
    /// Whether it is `direct`, or by whom it is relayed.
    pub fn kind(&self) -> &'static str {
        match (self.relay.is_some(), self.pair.remote.candidate_type == "relay") {
            (true, true) => "relayed on both sides",
            (true, false) => "relayed on this side",
            (false, true) => "relayed on the peer’s side",
            (false, false) => "direct",
        }
    }
}
