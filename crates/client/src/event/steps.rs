//! Steps and reasons that events carry.

use serde::Serialize;
use strum::IntoStaticStr;

/// What is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PollKind {
    /// The room's snapshot.
    Room,
    /// The peer's candidates.
    Candidates,
}

/// A step in the life of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum CandidateStep {
    /// Gathered by the local ICE agent.
    Gathered,
    /// Accepted by the Registry.
    Posted,
    /// Permanently rejected by the Registry.
    Refused,
    /// Read from the Registry.
    Received,
    /// Added to the local ICE agent.
    Applied,
    /// Rejected by the local ICE agent.
    Failed,
    /// Skipped: malformed, empty, or above the limit.
    Skipped,
}

/// A step in the life of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum DescriptionStep {
    /// Created by the local peer connection.
    Created,
    /// Accepted by the Registry.
    Posted,
    /// Read from the Registry.
    Received,
    /// Applied to the local peer connection.
    Applied,
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum DropReason {
    /// It was the oldest in a full buffer.
    Overflow,
    /// It was buffered for too long.
    Expired,
    /// The peer does not support splitting messages, and its browser does not accept one of this size.
    TooLarge,
    /// The room was closed, or reconnecting was given up.
    Closed,
    /// The peer lost its state, so it is unknown whether it was delivered.
    Unknown,
}

/// A step in the life of a fallback room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum StandbyStep {
    /// The host has created it.
    Made,
    /// Both peers have joined it.
    Ready,
    /// The peers are meeting in it.
    Used,
    /// It is no longer usable.
    Gone,
}

as_str!(PollKind, CandidateStep, DescriptionStep, DropReason, StandbyStep);
