use std::rc::Rc;

use registry_client::event::CandidateStep;
use registry_client::interfaces::registry::Operation;
use registry_client::{Event, TraceEvent};
use serde::Serialize;

use super::Place;

/// What happens in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strand {
    /// The states of the client.
    State,
    /// The room, as far as its status goes.
    Room,
    /// Calls of the Registry that fail.
    Refusals,
    /// Offer and answer.
    Descriptions,
    /// The kinds of candidates that are found, and those that fail.
    Candidates,
    /// ICE and the peer connection.
    Connection,
    /// The data channel and what becomes of messages.
    Channel,
    /// Errors.
    Errors,
}

impl Strand {
    pub(super) const ALL: [Self; 8] = [
        Self::State,
        Self::Room,
        Self::Refusals,
        Self::Descriptions,
        Self::Candidates,
        Self::Connection,
        Self::Channel,
        Self::Errors,
    ];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Room => "room",
            Self::Refusals => "refused calls",
            Self::Descriptions => "offer and answer",
            Self::Candidates => "candidates",
            Self::Connection => "connection",
            Self::Channel => "data channel",
            Self::Errors => "errors",
        }
    }
}

/// A step in a strand.
#[derive(Debug)]
pub(super) struct Step {
    /// What happens, without what is different each time.
    pub(super) what: String,
    seq: u64,
    since_ms: f64,
}

impl Step {
    pub(super) fn place(&self) -> Place {
        Place { step: self.what.clone(), seq: self.seq, since_ms: self.since_ms }
    }
}

/// The steps of a session in one strand. A step that repeats the one before it says nothing new.
pub(super) fn steps(session: &[Rc<TraceEvent>], strand: Strand) -> Vec<Step> {
    let began = session.first().map_or(0.0, |entry| entry.at_ms);
    let mut steps: Vec<Step> = Vec::new();
    for entry in session {
        let Some((_, what)) = step(&entry.event).filter(|(of, _)| *of == strand) else { continue };
        let known = |known: &Step| known.what == what;
        // Candidates of a kind come in any order and number.
        let repeated =
            if strand == Strand::Candidates { steps.iter().any(known) } else { steps.last().is_some_and(known) };
        if !repeated {
            steps.push(Step { what, seq: entry.seq, since_ms: entry.at_ms - began });
        }
    }
    if strand == Strand::Candidates {
        steps.sort_by(|a, b| a.what.cmp(&b.what));
    }
    steps
}

/// What an event says that two handshakes that go alike have in common, and in which strand.
fn step(event: &Event) -> Option<(Strand, String)> {
    Some(match event {
        Event::State { to, .. } => (Strand::State, to.as_str().to_owned()),
        Event::Snapshot { status, offer, answer, .. } => {
            let has = |there: &bool| if *there { "yes" } else { "no" };
            (Strand::Room, format!("{status}, offer {}, answer {}", has(offer), has(answer)))
        }
        Event::Response { operation, status, code, .. } if *status >= 400 || code.is_some() => {
            (Strand::Refusals, format!("{} {status} {}", call(*operation), code.as_deref().unwrap_or_default()))
        }
        Event::RequestFailed { operation, .. } => (Strand::Refusals, format!("{} without an answer", call(*operation))),
        Event::Offer { .. } | Event::Answer { .. } | Event::AnswerDuplicate | Event::IceRestart => {
            (Strand::Descriptions, event.name().to_owned())
        }
        Event::LocalCandidate { step, candidate, .. } | Event::RemoteCandidate { step, candidate, .. } => {
            (Strand::Candidates, candidates(event, *step, candidate.as_ref().map(|found| found.candidate.as_str()))?)
        }
        Event::IceCandidateError { url, code, .. } => (Strand::Candidates, format!("{url} fails with {code}")),
        Event::ConnectionState(state) => (Strand::Connection, format!("connection {}", state.as_str())),
        Event::IceConnectionState(state) => (Strand::Connection, format!("ICE {}", state.as_str())),
        Event::SelectedPair(pair) => {
            let how = if pair.relayed() { "relayed" } else { "direct" };
            (Strand::Connection, format!("{how} path selected"))
        }
        Event::DataChannel(state) => (Strand::Channel, format!("channel {}", state.as_str())),
        Event::DataChannelError { .. } => (Strand::Channel, "channel failed".to_owned()),
        Event::MessageDropped { reason, .. } => (Strand::Channel, format!("message undelivered: {}", reason.as_str())),
        Event::PeerKind { .. } => (Strand::Channel, event.name().to_owned()),
        Event::Failure(error) => (Strand::Errors, error.kind.code().to_owned()),
        _ => return None,
    })
}

fn call(operation: Operation) -> String {
    format!("{} {}", operation.method(), operation.path_template())
}

fn candidates(event: &Event, step: CandidateStep, line: Option<&str>) -> Option<String> {
    let side = if matches!(event, Event::LocalCandidate { .. }) { "local" } else { "remote" };
    let kind = line?.split_ascii_whitespace().skip_while(|word| *word != "typ").nth(1)?;
    match step {
        CandidateStep::Gathered | CandidateStep::Received => Some(format!("{side} {kind}")),
        CandidateStep::Failed | CandidateStep::Refused | CandidateStep::Skipped => {
            Some(format!("{side} {kind} {}", step.as_str()))
        }
        CandidateStep::Posted | CandidateStep::Applied => None,
    }
}
