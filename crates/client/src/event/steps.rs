//! Steps and reasons that events carry.

use serde::Serialize;
use strum::IntoStaticStr;

/// Which of the two polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PollKind {
    /// The room's snapshot.
    Room,
    /// The other side's candidates.
    Candidates,
}

/// A step in the life of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum CandidateStep {
    /// Found by this side's ICE.
    Gathered,
    /// Accepted by the Registry.
    Posted,
    /// Refused by the Registry for good.
    Refused,
    /// Read from the Registry.
    Received,
    /// Given to this side's ICE.
    Applied,
    /// Not taken by this side's ICE.
    Failed,
    /// Left out: malformed, empty, or one too many.
    Skipped,
}

/// A step in the life of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum DescriptionStep {
    /// Made by this side.
    Created,
    /// Accepted by the Registry.
    Posted,
    /// Read from the Registry.
    Received,
    /// Given to this side's peer connection.
    Applied,
}

/// Why a message was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum DropReason {
    /// It was the oldest in a full buffer.
    Overflow,
    /// It has waited for too long.
    Expired,
    /// The other side knows only the specification, and its browser does not take as much at once.
    TooLarge,
    /// The room was closed, or the connection given up.
    Closed,
    /// The peer has begun anew, and nobody knows whether it was delivered before.
    Unknown,
}

/// A step in the life of a standby room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum StandbyStep {
    /// The host has made it.
    Made,
    /// Both peers can use it.
    Ready,
    /// The peers meet there.
    Used,
    /// It is of no use any more.
    Gone,
}

as_str!(PollKind, CandidateStep, DescriptionStep, DropReason, StandbyStep);
