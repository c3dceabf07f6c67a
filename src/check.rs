//! The check before there is a peer: what is planned, what was observed, and what that means, line by line.
//!
//! Pure: `services::check` observes, and the browser's part of that is in `registry_client`.

mod clock;
mod handshake;
mod nat;
mod plan;
mod registry;
mod report;
mod servers;

use std::collections::BTreeMap;
use std::time::Duration;

use registry_client::check::{Gathering, Loopback, LoopbackError};
use registry_client::error::WebRtcError;
use registry_client::types::candidate_line::Place;
use registry_client::types::probe::RegistryProbe;
use serde::Serialize;

pub use plan::{Kind, Plan, Server};
pub use report::{Circumstances, masked};

use crate::format::counted;

/// How long each part of a check may take.
pub const LIMIT: Duration = Duration::from_secs(5);

/// What a part of a check has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing to complain of.
    Ok,
    /// It was left out.
    Skipped,
    /// It may cause trouble.
    Warning,
    /// It does not work.
    Failed,
    /// It is not known yet.
    Running,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Running => "running",
        }
    }
}

/// A line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name, in kebab case: `registry`, `turn-2`.
    pub id: String,
    /// What is checked.
    pub title: &'static str,
    /// Whose: a URL, which may come from a link; or empty.
    pub subject: String,
    /// The outcome.
    pub verdict: Verdict,
    /// The outcome for programs, in kebab case: `origin-refused`.
    pub cause: &'static str,
    /// The outcome in words, in which what others say is isolated. Addresses are not among them.
    pub words: String,
    /// What to do about it.
    pub advice: String,
    /// How long it took, where that means something.
    pub took: Option<Duration>,
    /// The address that was seen.
    pub address: Option<Place>,
}

impl Line {
    fn new(id: impl Into<String>, title: &'static str) -> Self {
        Self {
            id: id.into(),
            title,
            subject: String::new(),
            verdict: Verdict::Running,
            cause: "running",
            words: String::new(),
            advice: String::new(),
            took: None,
            address: None,
        }
    }

    fn of(self, subject: &str) -> Self {
        Self { subject: subject.to_owned(), ..self }
    }

    fn is(self, verdict: Verdict, cause: &'static str, words: impl Into<String>) -> Self {
        Self { verdict, cause, words: words.into(), ..self }
    }

    fn ok(self, words: impl Into<String>) -> Self {
        self.is(Verdict::Ok, "ok", words)
    }

    fn skipped(self, cause: &'static str, words: impl Into<String>) -> Self {
        self.is(Verdict::Skipped, cause, words)
    }

    fn failed(self, cause: &'static str, words: impl Into<String>) -> Self {
        self.is(Verdict::Failed, cause, words)
    }

    fn advice(self, advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), ..self }
    }

    fn took(self, took: Duration) -> Self {
        Self { took: Some(took), ..self }
    }
}

/// Something that was observed.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// Whether there can be a peer connection, or why not.
    WebRtc(Option<WebRtcError>),
    /// What answers at the Registry's address.
    Registry(RegistryProbe),
    /// What was gathered with one of the plan's servers alone.
    Server(usize, Gathering),
    /// What was gathered with all STUN servers together.
    Together(Gathering),
    /// A handshake within the page.
    Loopback(Result<Loopback, LoopbackError>),
    /// The end; how long all of it took.
    Over(Duration),
}

/// A check: its plan, and what was observed so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    plan: Plan,
    webrtc: Option<Option<WebRtcError>>,
    registry: Option<RegistryProbe>,
    servers: BTreeMap<usize, Gathering>,
    together: Option<Gathering>,
    loopback: Option<Result<Loopback, LoopbackError>>,
    over: Option<Duration>,
}

impl Check {
    /// A check that is about to begin.
    pub fn new(plan: Plan) -> Self {
        let (servers, over) = (BTreeMap::new(), None);
        Self { plan, webrtc: None, registry: None, servers, together: None, loopback: None, over }
    }

    /// Takes in an observation.
    pub fn see(&mut self, observation: Observation) {
        match observation {
            Observation::WebRtc(refused) => self.webrtc = Some(refused),
            Observation::Registry(probe) => self.registry = Some(probe),
            Observation::Server(index, gathering) => drop(self.servers.insert(index, gathering)),
            Observation::Together(gathering) => self.together = Some(gathering),
            Observation::Loopback(outcome) => self.loopback = Some(outcome),
            Observation::Over(took) => self.over = Some(took),
        }
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    fn has_no_webrtc(&self) -> bool {
        matches!(self.webrtc, Some(Some(_)))
    }

    /// The checklist.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines =
            vec![registry::address(self), registry::permission(self), clock::line(self), handshake::webrtc(self)];
        lines.extend(servers::lines(self));
        lines.push(nat::line(self));
        lines.extend(handshake::lines(self));
        lines
    }

    /// The verdict over all: the worst of the lines'.
    pub fn verdict(&self) -> Verdict {
        let worst = self.lines().iter().map(|line| line.verdict).max().unwrap_or(Verdict::Ok);
        if worst == Verdict::Skipped { Verdict::Ok } else { worst }
    }

    /// The verdict in words.
    pub fn summary(&self) -> String {
        let lines = self.lines();
        let count = |verdict| lines.iter().filter(|line| line.verdict == verdict).count();
        let (failed, warnings, running) = (count(Verdict::Failed), count(Verdict::Warning), count(Verdict::Running));
        let problems = match (failed, warnings) {
            (0, 0) => "Nothing wrong was found".to_owned(),
            (0, _) => counted(warnings, "warning"),
            (_, 0) => format!("{failed} failed"),
            _ => format!("{failed} failed, {}", counted(warnings, "warning")),
        };
        match running {
            0 => problems,
            _ if failed + warnings == 0 => format!("Checking, {running} to go"),
            _ => format!("{problems}, {running} to go"),
        }
    }
}

#[cfg(test)]
mod tests;
