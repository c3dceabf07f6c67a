use registry_client::Event;
use registry_client::event::CandidateStep;
use registry_client::types::rtc::IceGatheringState;

use super::{At, Candidate, CandidateType, Seen};
use crate::server_url::{is_same, is_turn, is_udp};

/// A server of which the browser has said that it could not be used.
#[derive(Clone, Copy, Debug)]
pub(in crate::diagnosis) struct ServerError<'a> {
    pub(in crate::diagnosis) at: At,
    pub(in crate::diagnosis) url: &'a str,
    pub(in crate::diagnosis) code: u16,
    pub(in crate::diagnosis) text: &'a str,
}

/// Candidates of both sides, and the servers that this side has asked for its own.
#[derive(Default)]
pub(in crate::diagnosis) struct Gathering<'a> {
    pub(in crate::diagnosis) begun: Option<At>,
    /// When all candidates were gathered.
    pub(in crate::diagnosis) complete: Option<At>,
    pub(in crate::diagnosis) own: Vec<Seen<Candidate<'a>>>,
    pub(in crate::diagnosis) posted: Vec<At>,
    /// What the Registry does not take, or this side does not post, and why.
    pub(in crate::diagnosis) refused: Vec<Seen<&'a str>>,
    pub(in crate::diagnosis) received: Vec<Seen<Candidate<'a>>>,
    pub(in crate::diagnosis) applied: Vec<At>,
    /// What the browser does not take, and its words.
    pub(in crate::diagnosis) failed: Vec<Seen<&'a str>>,
    /// What was left out, and why.
    pub(in crate::diagnosis) skipped: Vec<Seen<&'a str>>,
    errors: Vec<ServerError<'a>>,
    answered: Vec<&'a str>,
}

impl<'a> Gathering<'a> {
    pub(super) fn see(&mut self, at: At, event: &'a Event) {
        match event {
            Event::IceGatheringState(IceGatheringState::Gathering) => (self.begun, self.complete) = (Some(at), None),
            Event::IceGatheringState(IceGatheringState::Complete) => self.complete = Some(at),
            Event::LocalCandidate { step, candidate: Some(candidate), reason } => match step {
                CandidateStep::Gathered => self.own.push(Seen { at, what: Candidate::of(candidate) }),
                CandidateStep::Posted => self.posted.push(at),
                _ => self.refused.push(Seen { at, what: reason.as_deref().unwrap_or_default() }),
            },
            Event::RemoteCandidate { step, candidate, reason } => {
                let reason = Seen { at, what: reason.as_deref().unwrap_or_default() };
                match (step, candidate) {
                    (CandidateStep::Received, Some(candidate)) => {
                        self.received.push(Seen { at, what: Candidate::of(candidate) });
                    }
                    (CandidateStep::Applied, _) => self.applied.push(at),
                    (CandidateStep::Failed, _) => self.failed.push(reason),
                    (CandidateStep::Skipped, _) => self.skipped.push(reason),
                    _ => {}
                }
            }
            Event::IceCandidateError { url, code, text } => {
                self.errors.push(ServerError { at, url, code: *code, text });
            }
            Event::IceServerAnswered { url, .. } if !self.answered.contains(&url.as_str()) => self.answered.push(url),
            _ => {}
        }
    }

    /// Whether this side has a candidate of this type.
    pub(in crate::diagnosis) fn has(&self, kind: CandidateType) -> bool {
        self.own.iter().any(|candidate| candidate.what.kind == kind)
    }

    /// Whether the server of an error has given a candidate: it was reached, by whatever name.
    fn has_answered(&self, error: &ServerError<'_>) -> bool {
        self.answered.iter().any(|url| *url == error.url || error.is_unreachable() && is_same(url, error.url))
    }

    /// The last error of each server that has given no candidate. Errors come for each local address, so one that was
    /// followed by a candidate from another address means nothing.
    /// They are named as they are configured.
    pub(in crate::diagnosis) fn failed_servers(&self, configured: &'a [String]) -> Vec<ServerError<'a>> {
        let mut servers: Vec<ServerError<'a>> = Vec::new();
        for error in self.errors.iter().filter(|error| !self.has_answered(error)) {
            let error = &ServerError { url: configured_name(configured, error.url), ..*error };
            match servers.iter_mut().find(|known| known.url == error.url) {
                // What a server has answered tells more than that it was not reached from another address.
                Some(known) if known.code != UNREACHABLE && error.code == UNREACHABLE => {}
                Some(known) => *known = *error,
                None => servers.push(*error),
            }
        }
        servers
    }
}

/// What the server with this URL, as the browser has it, is called in the configuration.
fn configured_name<'a>(configured: &'a [String], url: &'a str) -> &'a str {
    let same = || configured.iter().filter(|name| is_same(name, url));
    same().find(|name| is_turn(name) == is_turn(url)).or_else(|| same().next()).map_or(url, String::as_str)
}

/// `errorCode` of `icecandidateerror` where a server was not reached (W3C *WebRTC*, section 4.8.1.3).
pub(in crate::diagnosis) const UNREACHABLE: u16 = 701;

impl ServerError<'_> {
    /// Whether it is a TURN server.
    pub(in crate::diagnosis) fn is_turn(&self) -> bool {
        is_turn(self.url)
    }

    /// Whether it did not answer at all.
    pub(in crate::diagnosis) fn is_unreachable(&self) -> bool {
        self.code == UNREACHABLE
    }

    /// Whether its name was not found. Browsers have no code for that.
    pub(in crate::diagnosis) fn is_unknown_host(&self) -> bool {
        let text = self.text.to_ascii_lowercase();
        self.is_unreachable() && ["host lookup", "resolve", "dns"].iter().any(|word| text.contains(word))
    }

    /// Whether it is asked over UDP.
    pub(in crate::diagnosis) fn is_udp(&self) -> bool {
        is_udp(self.url)
    }
}
