use registry_client::Error;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::Cause;
use super::facts::At;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// There is no connection because of it.
    Error,
    /// It delays the connection, may prevent it, or will do so on another network.
    Warning,
    /// Worth knowing when something else is wrong.
    Note,
}

/// Whose words a quotation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Source {
    /// The browser's.
    Browser,
    /// The Registry's, or of whatever is at its address.
    Registry,
    /// The URL of a STUN or TURN server.
    Server,
    /// The URL that the Registry is expected at.
    Address,
}

impl Severity {
    /// Its name, as in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Source {
    /// Its name, as in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Text that is not ours: to be shown apart from our own, and as what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Whose.
    pub source: Source,
    /// The text, unchanged.
    pub text: String,
}

/// What is wrong, how that is known, and what to do. All texts but the quotations are our own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What is wrong, for programs.
    pub cause: Cause,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: String,
    /// How that is known, in a sentence or two.
    pub explanation: String,
    /// What to do, the most promising first.
    pub advice: Vec<String>,
    /// What others say about it.
    pub quotes: Vec<Quote>,
    /// Sequence numbers of the events that show it, ascending.
    pub evidence: Vec<u64>,
    /// Since when, in milliseconds of the monotonic clock (as [`registry_client::TraceEvent::at_ms`]).
    pub since_ms: f64,
    /// Whether it is over: what was wrong has passed, or the session has ended.
    pub over: bool,
}

/// More events than this show nothing more.
const MOST_EVIDENCE: usize = 8;

impl Finding {
    pub(super) fn new(cause: Cause, severity: Severity, title: &str) -> Self {
        Self {
            cause,
            severity,
            title: title.to_owned(),
            explanation: String::new(),
            advice: Vec::new(),
            quotes: Vec::new(),
            evidence: Vec::new(),
            since_ms: f64::INFINITY,
            over: false,
        }
    }

    pub(super) fn error(cause: Cause, title: &str) -> Self {
        Self::new(cause, Severity::Error, title)
    }

    pub(super) fn warning(cause: Cause, title: &str) -> Self {
        Self::new(cause, Severity::Warning, title)
    }

    pub(super) fn note(cause: Cause, title: &str) -> Self {
        Self::new(cause, Severity::Note, title)
    }

    /// How it is known.
    pub(super) fn because(mut self, explanation: impl Into<String>) -> Self {
        self.explanation = explanation.into();
        self
    }

    /// What to do, in one more sentence.
    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(advice.into());
        self
    }

    /// An event that shows it.
    pub(super) fn seen(self, at: impl IntoIterator<Item = At>) -> Self {
        at.into_iter().fold(self, |mut finding, at| {
            finding.since_ms = finding.since_ms.min(at.ms);
            if finding.evidence.len() < MOST_EVIDENCE
                && let Err(place) = finding.evidence.binary_search(&at.seq)
            {
                finding.evidence.insert(place, at.seq);
            }
            finding
        })
    }

    /// What somebody says about it, once.
    pub(super) fn quote(mut self, source: Source, text: impl Into<String>) -> Self {
        let quote = Quote { source, text: text.into() };
        if !quote.text.trim().is_empty() && !self.quotes.contains(&quote) {
            self.quotes.push(quote);
        }
        self
    }

    /// The browser's words in an error of the client.
    pub(super) fn quote_browser(self, error: &Error) -> Self {
        self.quote(Source::Browser, browser_words(error))
    }

    /// It is not that bad.
    pub(super) fn lowered(mut self, lower: bool) -> Self {
        if lower {
            self.severity = Severity::Note;
        }
        self
    }

    /// Whether it is over.
    pub(super) fn over(mut self, over: bool) -> Self {
        self.over |= over;
        self
    }
}

/// What the browser said, as far as an error of the client tells. One that was read from a file has only its message, in which
/// our own words come first.
fn browser_words(error: &Error) -> String {
    use registry_client::ErrorKind::WebRtc;
    use registry_client::error::WebRtcError::{
        BadConfiguration, Negotiation, NoPeerConnection, SendFailed, TooManyConnections, Unsupported,
    };
    match &error.kind {
        WebRtc(
            Unsupported(words)
            | BadConfiguration(words)
            | TooManyConnections(words)
            | NoPeerConnection(words)
            | SendFailed(words)
            | Negotiation { reason: words, .. },
        ) => words.clone(),
        kind => {
            let message = kind.to_string();
            message.split_once(": ").map_or(message.as_str(), |(_, words)| words).to_owned()
        }
    }
}
