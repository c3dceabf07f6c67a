use registry_client::Event;
use registry_client::event::CandidateStep;
use registry_client::protocol::IceCandidate;
use registry_client::types::pair::{CandidateEnd, CandidatePair};

use super::Attempt;
use super::pairs::PairView;
use super::selections::LOOKS;
use crate::candidate::Candidate;

/// A stage in a candidate's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// ICE or the Registry did something with it.
    Step(CandidateStep),
    /// Nobody has sent it: ICE has learned of it from a check (RFC 8445, section 7.3.1.3).
    Learned,
    /// It is in a pair.
    Paired,
    /// It is in the selected pair.
    Selected,
    /// It is in pairs, and none of them works.
    Fruitless,
}

impl Stage {
    /// The stage in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Step(step) => step.as_str(),
            Self::Learned => "learned",
            Self::Paired => "paired",
            Self::Selected => "selected",
            Self::Fruitless => "failed",
        }
    }

    /// Whether it is a failure.
    pub fn is_bad(self) -> bool {
        use CandidateStep::{Failed, Refused, Skipped};
        matches!(self, Self::Fruitless | Self::Step(Failed | Refused | Skipped))
    }
}

/// A stage that a candidate has reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Passed {
    /// The stage.
    pub stage: Stage,
    /// When, in milliseconds of the monotonic clock.
    pub at_ms: f64,
    /// Why, if it failed.
    pub reason: Option<String>,
}

/// A candidate and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateLife {
    /// Its line; empty if ICE has learned of it.
    pub line: String,
    /// The line, taken apart.
    pub candidate: Candidate,
    /// The server that gave it, if the browser tells.
    pub server: Option<String>,
    /// How this side's browser reaches its relay: `udp`, `tcp` or `tls`.
    pub relay_protocol: Option<String>,
    /// The stages that it has reached, in their order.
    pub passed: Vec<Passed>,
    /// The stage that it is at.
    pub stage: Stage,
}

impl CandidateLife {
    fn new(line: &str, candidate: Candidate, first: Passed) -> Self {
        let stage = first.stage;
        Self { line: line.to_owned(), candidate, server: None, relay_protocol: None, passed: vec![first], stage }
    }

    fn pass(&mut self, stage: Stage, at_ms: f64, reason: Option<String>) {
        self.stage = stage;
        if self.passed.last().is_none_or(|last| last.stage != stage) {
            self.passed.push(Passed { stage, at_ms, reason });
        }
    }

    fn has(&self, stage: Stage) -> bool {
        self.passed.iter().any(|passed| passed.stage == stage)
    }

    /// Why it failed, if it did.
    pub fn reason(&self) -> Option<&str> {
        let last = self.passed.iter().rfind(|passed| passed.stage == self.stage)?;
        last.reason.as_deref()
    }
}

/// The lives of the attempt's local and remote candidates.
pub(super) fn of(
    attempt: &Attempt<'_>,
    pairs: &[PairView],
    selected: Option<&CandidatePair>,
) -> [Vec<CandidateLife>; 2] {
    let mut lives = [Vec::new(), Vec::new()];
    for entry in attempt.events {
        let at_ms = entry.at_ms;
        match &entry.event {
            Event::LocalCandidate { step, candidate: Some(candidate), reason } => {
                step_of(&mut lives[0], candidate, *step, at_ms, reason.clone());
            }
            Event::RemoteCandidate { step, candidate: Some(candidate), reason } => {
                step_of(&mut lives[1], candidate, *step, at_ms, reason.clone());
            }
            Event::IceServerAnswered { url, candidate: Some(candidate), relay_protocol } => {
                // It may be reported before the candidate itself.
                let life = find(&mut lives[0], candidate, at_ms);
                (life.server, life.relay_protocol) = (Some(url.clone()), relay_protocol.clone());
            }
            Event::Pairs { pairs } => {
                for pair in pairs {
                    meet(&mut lives[0], &pair.local, at_ms);
                    meet(&mut lives[1], &pair.remote, at_ms);
                }
            }
            Event::SelectedPair(pair) => {
                choose(&mut lives[0], &pair.local, at_ms);
                choose(&mut lives[1], &pair.remote, at_ms);
            }
            _ => {}
        }
    }
    let ends: [fn(&PairView) -> &CandidateEnd; 2] = [|pair| &pair.local, |pair| &pair.remote];
    let chosen = [selected.map(|pair| &pair.local), selected.map(|pair| &pair.remote)];
    for ((lives, end), chosen) in lives.iter_mut().zip(ends).zip(chosen) {
        for life in lives.iter_mut() {
            conclude(life, pairs, end, chosen);
        }
    }
    complete_by_statistics(attempt, &mut lives[0]);
    lives
}

/// A step that was recorded.
fn step_of(
    lives: &mut Vec<CandidateLife>,
    candidate: &IceCandidate,
    step: CandidateStep,
    at_ms: f64,
    reason: Option<String>,
) {
    let life = find(lives, &candidate.candidate, at_ms);
    if life.has(Stage::Step(step)) && step == CandidateStep::Gathered {
        return;
    }
    life.pass(Stage::Step(step), at_ms, reason);
}

/// The life of the candidate with this line, which may begin here.
fn find<'a>(lives: &'a mut Vec<CandidateLife>, line: &str, at_ms: f64) -> &'a mut CandidateLife {
    let known = lives.iter().position(|life| life.line == line).or_else(|| learned_before(lives, line));
    let at = known.unwrap_or_else(|| {
        let first = Passed { stage: Stage::Step(CandidateStep::Gathered), at_ms, reason: None };
        let mut life = CandidateLife::new(line, Candidate::parse(line), first);
        life.passed.clear();
        lives.push(life);
        lives.len() - 1
    });
    &mut lives[at]
}

/// The life of a candidate that ICE has learned of from a check, before its line came; it has that line from now on.
fn learned_before(lives: &mut [CandidateLife], line: &str) -> Option<usize> {
    let candidate = Candidate::parse(line);
    let port = candidate.port.parse().ok()?;
    let at = lives.iter().position(|life| {
        let address = if life.candidate.address == HIDDEN { "" } else { &life.candidate.address };
        let (candidate_type, protocol) = (life.candidate.kind.clone(), life.candidate.protocol.clone());
        let end = CandidateEnd { candidate_type, protocol, address: address.to_owned(), port };
        life.line.is_empty() && life.candidate.port == candidate.port && candidate.is_end(&end)
    })?;
    (lives[at].line, lives[at].candidate) = (line.to_owned(), candidate);
    Some(at)
}

/// What stands for an address that the browser hides.
const HIDDEN: &str = "hidden";

/// An end of a pair: of a known candidate, or of one that ICE has learned of.
fn meet(lives: &mut Vec<CandidateLife>, end: &CandidateEnd, at_ms: f64) {
    if end.candidate_type.is_empty() {
        return;
    }
    let known = lives.iter_mut().find(|life| life.candidate.is_end(end));
    match known {
        Some(life) if life.has(Stage::Paired) => {}
        Some(life) => life.pass(Stage::Paired, at_ms, None),
        None => {
            let first = Passed { stage: Stage::Learned, at_ms, reason: None };
            let mut life = CandidateLife::new("", learned(end), first);
            life.pass(Stage::Paired, at_ms, None);
            lives.push(life);
        }
    }
}

fn learned(end: &CandidateEnd) -> Candidate {
    Candidate {
        protocol: end.protocol.clone(),
        address: if end.address.is_empty() { HIDDEN.to_owned() } else { end.address.clone() },
        port: end.port.to_string(),
        kind: end.candidate_type.clone(),
        ..Candidate::parse("")
    }
}

fn choose(lives: &mut Vec<CandidateLife>, end: &CandidateEnd, at_ms: f64) {
    meet(lives, end, at_ms);
    if let Some(life) = lives.iter_mut().find(|life| life.candidate.is_end(end)) {
        life.pass(Stage::Selected, at_ms, None);
    }
}

/// The stage that it is at in the end.
fn conclude(
    life: &mut CandidateLife,
    pairs: &[PairView],
    end: fn(&PairView) -> &CandidateEnd,
    chosen: Option<&CandidateEnd>,
) {
    if life.stage.is_bad() {
        return;
    }
    if chosen.is_some_and(|chosen| life.candidate.is_end(chosen)) {
        life.stage = Stage::Selected;
        return;
    }
    let own: Vec<&PairView> = pairs.iter().filter(|pair| life.candidate.is_end(end(pair))).collect();
    if !own.is_empty() && own.iter().all(|pair| pair.state == "failed") {
        let at_ms = own.iter().filter_map(|pair| pair.since_ms).fold(f64::NEG_INFINITY, f64::max);
        let counted = registry_client::text::counted(own.len(), "pair");
        life.pass(Stage::Fruitless, at_ms, Some(format!("no check succeeded: {counted}")));
    } else if life.stage == Stage::Selected {
        // Another one is selected now.
        life.stage = Stage::Paired;
    }
}

/// What only the statistics know: which server gave a candidate, and how its relay is reached.
fn complete_by_statistics(attempt: &Attempt<'_>, lives: &mut [CandidateLife]) {
    let lacks = |life: &CandidateLife| match life.candidate.kind.as_str() {
        "relay" => life.server.is_none() || life.relay_protocol.is_none(),
        "srflx" => life.server.is_none(),
        _ => false,
    };
    if !lives.iter().any(lacks) {
        return;
    }
    let mut reports = attempt.samples.iter().rev().take(LOOKS).map(crate::Sample::report);
    let Some(report) = reports.find(|report| !report.local.is_empty()) else { return };
    for life in lives.iter_mut().filter(|life| lacks(life)) {
        if let Some(found) = report.local.iter().find(|candidate| life.candidate.is_end(&candidate.end())) {
            life.server = life.server.take().or_else(|| found.url.clone());
            life.relay_protocol = life.relay_protocol.take().or_else(|| found.relay_protocol.clone());
        }
    }
}
