//! Gathering: how long each server took to answer, and the host's own candidates.

use registry_client::Event;
use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::IceGatheringState;

use super::bars::Bars;
use super::{Bar, Kind};
use crate::server_url::is_same;

/// The gathering phase that goes on, or was last.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    began_ms: f64,
    goes_on: bool,
    /// When the last host candidate came.
    host_ms: Option<f64>,
    servers: Vec<Server>,
    /// The servers that are asked.
    asked: Vec<String>,
}

/// A STUN or TURN server in this phase.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// As the browser has it.
    pub(super) url: String,
    /// When it answered, or failed.
    pub(super) at_ms: f64,
    /// The error, if it has only failed.
    error: Option<u16>,
    /// The kind of the candidate that it gave: `srflx` or `relay`.
    pub(super) gave: Option<String>,
}

impl Gathering {
    /// Of a client with these STUN and TURN servers.
    pub(super) fn new(asked: Vec<String>) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Takes an event. Returns a server that has answered.
    pub(super) fn take(&mut self, bars: &mut Bars, at_ms: f64, event: &Event) -> Option<Server> {
        match event {
            Event::IceGatheringState(IceGatheringState::Gathering) => {
                self.close(bars, Some(at_ms));
                *self = Self { began_ms: at_ms, goes_on: true, ..Self::new(std::mem::take(&mut self.asked)) };
                bars.begin(Kind::Gathering, "gathering", at_ms);
            }
            Event::IceGatheringState(IceGatheringState::Complete) => {
                self.close(bars, Some(at_ms));
                bars.end(Kind::Gathering, at_ms, false);
            }
            Event::LocalCandidate { step: CandidateStep::Gathered, candidate: Some(candidate), .. }
                if kind_of(&candidate.candidate) == Some("host") =>
            {
                self.host_ms = Some(at_ms);
            }
            Event::IceServerAnswered { url, candidate, .. } => {
                let gave = candidate.as_deref().and_then(kind_of).filter(|kind| matches!(*kind, "srflx" | "relay"));
                let gave = gave.map(str::to_owned);
                let answered = Server { url: url.clone(), at_ms, error: None, gave };
                match self.servers.iter_mut().find(|server| is_same(&server.url, url)) {
                    // One interface may fail where another works.
                    Some(known) if known.error.is_some() => *known = answered.clone(),
                    Some(_) => {}
                    None => self.servers.push(answered.clone()),
                }
                return Some(answered);
            }
            Event::IceCandidateError { url, code, .. }
                if !self.servers.iter().any(|server| is_same(&server.url, url)) =>
            {
                self.servers.push(Server { url: url.clone(), at_ms, error: Some(*code), gave: None });
            }
            _ => {}
        }
        None
    }

    /// Adds what is known of the phase to the bars, when it ends or is looked at.
    pub(super) fn close(&mut self, bars: &mut Bars, at_ms: Option<f64>) {
        if !std::mem::take(&mut self.goes_on) {
            return;
        }
        let bar = |to_ms, bad, outcome| Bar { from_ms: self.began_ms, to_ms, bad, count: 1, outcome };
        if let Some(host_ms) = self.host_ms {
            bars.add(Kind::Gathering, "host candidates", None, bar(Some(host_ms), false, None));
        }
        for Server { url, at_ms, error, gave } in &self.servers {
            let outcome = error.map(|code| format!("error {code}")).or_else(|| gave.clone());
            bars.add(Kind::Gathering, words_of(url), Some(url), bar(Some(*at_ms), error.is_some(), outcome));
        }
        // A server on whose answer the browser makes no candidate says nothing.
        for url in self.asked.iter().filter(|url| !self.servers.iter().any(|server| is_same(&server.url, url))) {
            let outcome = at_ms.map(|_| "nothing from it".to_owned());
            bars.add(Kind::Gathering, words_of(url), Some(url), bar(at_ms, false, outcome));
        }
    }
}

fn words_of(url: &str) -> &'static str {
    if url.starts_with("turn") { "TURN server" } else { "STUN server" }
}

/// The kind of a candidate (RFC 8839, section 5.1).
fn kind_of(candidate: &str) -> Option<&str> {
    let mut words = candidate.split_ascii_whitespace();
    words.find(|word| *word == "typ").and_then(|_| words.next())
}
