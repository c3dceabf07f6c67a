//! The way from the click to the open channel, as phases that follow each other without gaps.

use registry_client::Role;

use super::marks::Marks;

/// What a phase is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    /// The host's room is made, or the guest joins it.
    Room(Role),
    /// Nobody has pressed start at this side.
    Start(Role),
    /// Nobody has joined the room.
    GuestJoins,
    /// The description of this side is created and set.
    Describe(Role),
    /// It is posted.
    Post(Role),
    /// This side waits for the other's description.
    Await(Role),
    /// The Registry passes on what this side has posted.
    PassOn(Role),
    /// The other side's description is applied.
    Apply(Role),
    /// The candidates of a server are missing.
    Server(String),
    /// Candidates of the other side are missing.
    Candidates,
    /// ICE checks pairs.
    Checks,
    /// DTLS.
    Dtls,
    /// The channel opens.
    Channel,
}

impl Phase {
    /// Whether people take the time.
    pub(super) fn is_human(&self) -> bool {
        matches!(self, Self::Start(_) | Self::GuestJoins)
    }
}

/// A phase and when it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) phase: Phase,
    pub(super) from_ms: f64,
    /// `None` while it goes on.
    pub(super) to_ms: Option<f64>,
}

/// The phases of the handshake that is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) segments: Vec<Segment>,
    /// Whether it failed or was given up.
    pub(super) failed: bool,
}

impl Path {
    /// The way of one peer; or of two peers the host's, with what the guest did in the meantime.
    pub(super) fn of(marks: &[Marks]) -> Self {
        let Some(first) = marks.iter().find(|marks| marks.began.is_some()) else { return Self::default() };
        let segments = first.segments();
        let theirs = marks.iter().find(|marks| marks.role != first.role && marks.began.is_some());
        let segments = match theirs {
            Some(theirs) => {
                let inner = theirs.segments();
                segments.into_iter().flat_map(|segment| refined(segment, &inner)).collect()
            }
            None => segments,
        };
        Self { segments, failed: first.ended.is_some() }
    }

    /// When it ended; `None` while it goes on.
    pub(super) fn end_ms(&self) -> Option<f64> {
        self.segments.last().and_then(|last| last.to_ms)
    }

    pub(super) fn goes_on(&self) -> bool {
        self.segments.last().is_some_and(|last| last.to_ms.is_none())
    }
}

/// What the other side did while this side waited for it.
fn refined(segment: Segment, theirs: &[Segment]) -> Vec<Segment> {
    let awaited = match segment.phase {
        Phase::Await(role) => role,
        Phase::GuestJoins => Role::Guest,
        _ => return vec![segment],
    };
    let end = segment.to_ms.unwrap_or(f64::INFINITY);
    let mut parts = Vec::new();
    let mut at = segment.from_ms;
    for part in theirs {
        let (from, to) = (part.from_ms.max(at), part.to_ms.unwrap_or(f64::INFINITY).min(end));
        if to <= from {
            continue;
        }
        if from > at {
            parts.push(Segment { phase: Phase::GuestJoins, from_ms: at, to_ms: Some(from) });
        }
        let phase = match part.phase {
            Phase::Await(role) => Phase::PassOn(role),
            // It has done its part: what is missing is on its way.
            Phase::Candidates | Phase::Checks | Phase::Dtls | Phase::Channel | Phase::Server(_) => {
                Phase::PassOn(awaited)
            }
            ref phase => phase.clone(),
        };
        parts.push(Segment { phase, from_ms: from, to_ms: Some(to).filter(|to| to.is_finite()) });
        at = to;
    }
    if at < end {
        parts.push(Segment { from_ms: at, ..segment });
    }
    parts
}
