//! The Registry as this side has seen it: the room, every call, and how much of the limits is used.

mod limits;

use std::rc::Rc;

use registry_client::interfaces::registry::Operation;
use registry_client::protocol::{EpochMs, RoomCode};
use registry_client::{Event, Role, TraceEvent};

use crate::Track;

pub use limits::LimitUse;

/// The Registry in the latest session, as this side has seen it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The room, once there is one.
    pub room: Option<RoomSeen>,
    /// Every call, oldest first.
    pub calls: Vec<Call>,
    /// How much of the contract's limits this side has used, as far as it has made such calls.
    pub limits: Vec<LimitUse>,
    /// By how much the Registry's clock is ahead of the device's, in milliseconds, if they differ.
    pub clock_ahead_ms: Option<f64>,
}

/// The room as the Registry has shown it last.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomSeen {
    /// Its code.
    pub code: RoomCode,
    /// This side's role.
    pub role: Role,
    /// Its status: `open`, `joined`, `paired` or `closed`; `None` before the first snapshot.
    pub status: Option<String>,
    /// Whether it has an offer.
    pub offer: bool,
    /// Whether it has an answer.
    pub answer: bool,
    /// When it expires, by the Registry's clock.
    pub expires_at: EpochMs,
    /// When it was shown, by the monotonic clock in milliseconds.
    pub seen_ms: f64,
}

/// A call of the Registry.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its number.
    pub id: u64,
    /// The number of the event of its request.
    pub seq: u64,
    /// Which call.
    pub operation: Operation,
    /// When it was sent, by the monotonic clock in milliseconds.
    pub sent_ms: f64,
    /// Size of the request's body in bytes.
    pub bytes_out: usize,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is on its way, or waits at the Registry.
    Pending,
    /// There was a response.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The error code, if any.
        code: Option<String>,
        /// How long it took, in milliseconds.
        duration_ms: f64,
        /// Size of the response's body in bytes.
        bytes: usize,
    },
    /// There was none.
    Failed {
        /// Why, in the browser's words or the client's.
        reason: String,
        /// How long it took, in milliseconds.
        duration_ms: f64,
    },
    /// It was aborted, since its response was no longer needed.
    Aborted {
        /// After how long, in milliseconds.
        duration_ms: f64,
    },
}

impl Outcome {
    /// Whether it failed, or the Registry refused it.
    pub fn is_bad(&self) -> bool {
        match self {
            Self::Answered { status, code, .. } => *status >= 400 || code.is_some(),
            Self::Failed { .. } => true,
            Self::Pending | Self::Aborted { .. } => false,
        }
    }

    /// How long it took in milliseconds, if it is over.
    pub fn duration_ms(&self) -> Option<f64> {
        match self {
            Self::Pending => None,
            Self::Answered { duration_ms, .. } | Self::Failed { duration_ms, .. } | Self::Aborted { duration_ms } => {
                Some(*duration_ms)
            }
        }
    }
}

/// Looks at the latest session of a track at `now_ms` of the monotonic clock.
pub fn inspect(track: &Track, now_ms: f64) -> Inspection {
    let mut seen = Inspection::default();
    for entry in track.session() {
        seen.take(entry);
    }
    seen.limits = limits::used(&seen.calls, now_ms);
    seen
}

impl Inspection {
    fn take(&mut self, entry: &Rc<TraceEvent>) {
        match &entry.event {
            Event::Room { code, role, expires_at, .. } => {
                let (status, offer, answer) = (None, false, false);
                let (code, role, seen_ms) = (code.clone(), *role, entry.at_ms);
                self.room = Some(RoomSeen { code, role, status, offer, answer, expires_at: *expires_at, seen_ms });
            }
            Event::Snapshot { status, offer, answer, expires_at } => {
                if let Some(room) = &mut self.room {
                    room.status = Some(status.clone());
                    (room.offer, room.answer) = (*offer, *answer);
                    (room.expires_at, room.seen_ms) = (*expires_at, entry.at_ms);
                }
            }
            Event::JoinCodeReplaced { expires_at } => {
                if let Some(room) = &mut self.room {
                    (room.expires_at, room.seen_ms) = (*expires_at, entry.at_ms);
                }
            }
            Event::RegistryClock { ahead_ms } => self.clock_ahead_ms = Some(*ahead_ms),
            Event::Request { id, operation, bytes } => self.calls.push(Call {
                id: *id,
                seq: entry.seq,
                operation: *operation,
                sent_ms: entry.at_ms,
                bytes_out: *bytes,
                outcome: Outcome::Pending,
            }),
            Event::Response { id, status, duration_ms, bytes, code, .. } => {
                let (status, duration_ms, bytes) = (*status, *duration_ms, *bytes);
                self.end(*id, Outcome::Answered { status, code: code.clone(), duration_ms, bytes });
            }
            Event::RequestFailed { id, duration_ms, reason, .. } => {
                self.end(*id, Outcome::Failed { reason: reason.clone(), duration_ms: *duration_ms });
            }
            Event::RequestAborted { id, duration_ms, .. } => {
                self.end(*id, Outcome::Aborted { duration_ms: *duration_ms });
            }
            _ => {}
        }
    }

    fn end(&mut self, id: u64, outcome: Outcome) {
        // The latest are at the end, and few are on their way.
        if let Some(call) = self.calls.iter_mut().rev().find(|call| call.id == id) {
            call.outcome = outcome;
        }
    }
}

#[cfg(test)]
mod tests;
