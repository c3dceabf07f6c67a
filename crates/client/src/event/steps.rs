//! Steps and reasons that events carry.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// What is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PollKind {
    /// The room's snapshot.
    Room,
    /// The peer's candidates.
    Candidates,
}

/// A step in the life of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum DescriptionStep {
    /// Created by the local peer connection.
    Created,
    /// Set as its local description.
    Set,
    /// Accepted by the Registry.
    Posted,
    /// Read from the Registry.
    Received,
    /// Set as the remote description of the local peer connection.
    Applied,
}

impl DescriptionStep {
    /// Whether the description is not known outside this side's browser.
    pub fn is_only_here(self) -> bool {
        matches!(self, Self::Created | Self::Set)
    }
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
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

/// What happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum PageStep {
    /// It is in the background: the browser may throttle its timers.
    Hidden,
    /// It is in the foreground.
    Visible,
    /// It did not run for a while: the device has slept, or the browser has frozen or throttled it.
    Slept,
    /// The device has a network.
    Online,
    /// The device has no network.
    Offline,
}

as_str!(PollKind, CandidateStep, DescriptionStep, DropReason, StandbyStep, PageStep);
