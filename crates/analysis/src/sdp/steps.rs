//! The lives of descriptions: what became of each, step by step.

use registry_client::event::DescriptionStep;
use registry_client::types::sdp::Sdp;
use registry_client::{Event, TraceEvent};

use crate::Track;

/// Offer or answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The offer, which the host makes.
    Offer,
    /// The answer, which the guest makes.
    Answer,
}

impl Kind {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Answer => "answer",
        }
    }
}

/// Whose description it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This client's.
    Local,
    /// Its peer's.
    Remote,
}

impl Side {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// A description and what it went through.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Offer or answer.
    pub kind: Kind,
    /// Whose it is.
    pub side: Side,
    /// Counts the offers, or the answers, of a side in a session from 1: a reconnect makes another.
    pub number: usize,
    /// Its steps in their order, at least one; each with the SDP as it was then.
    pub steps: Vec<Passed>,
}

/// A step that a description has passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Passed {
    /// The step.
    pub step: DescriptionStep,
    /// The event's number.
    pub seq: u64,
    /// When, by the monotonic clock, in milliseconds.
    pub at_ms: f64,
    /// When, since the Unix epoch, in milliseconds.
    pub epoch_ms: f64,
    /// The SDP.
    pub sdp: Sdp,
}

impl Life {
    /// The SDP at its last step.
    pub fn sdp(&self) -> Sdp {
        self.steps.last().map(|passed| passed.sdp.clone()).unwrap_or_default()
    }

    /// What it has passed at this step.
    pub fn at(&self, step: DescriptionStep) -> Option<&Passed> {
        self.steps.iter().find(|passed| passed.step == step)
    }

    /// Its name: `local offer`, `remote answer 2`.
    pub fn name(&self) -> String {
        let number = if self.number > 1 { format!(" {}", self.number) } else { String::new() };
        format!("{} {}{number}", self.side.word(), self.kind.word())
    }
}

/// The lives of all descriptions in a track's latest session, in the order in which they began.
pub fn lives(track: &Track) -> Vec<Life> {
    let mut lives: Vec<Life> = Vec::new();
    for entry in track.session() {
        let (kind, step, sdp) = match &entry.event {
            Event::Offer { step, sdp, .. } => (Kind::Offer, *step, sdp),
            Event::Answer { step, sdp, .. } => (Kind::Answer, *step, sdp),
            _ => continue,
        };
        record(&mut lives, kind, passed(entry, step, sdp));
    }
    lives
}

fn passed(entry: &TraceEvent, step: DescriptionStep, sdp: &Sdp) -> Passed {
    Passed { step, seq: entry.seq, at_ms: entry.at_ms, epoch_ms: entry.epoch_ms, sdp: sdp.clone() }
}

fn record(lives: &mut Vec<Life>, kind: Kind, passed: Passed) {
    let side = match passed.step {
        DescriptionStep::Created | DescriptionStep::Set | DescriptionStep::Posted => Side::Local,
        DescriptionStep::Received | DescriptionStep::Applied => Side::Remote,
    };
    let number = 1 + lives.iter().filter(|life| (life.kind, life.side) == (kind, side)).count();
    let begins = matches!(passed.step, DescriptionStep::Created | DescriptionStep::Received);
    let last = lives.iter_mut().rfind(|life| (life.kind, life.side) == (kind, side));
    match last.filter(|life| !begins && life.at(passed.step).is_none()) {
        Some(life) => life.steps.push(passed),
        None => lives.push(Life { kind, side, number, steps: vec![passed] }),
    }
}
