//! Faults that are injected on purpose.

use serde::{Deserialize, Serialize};

/// A fault that was injected on purpose, as the trace records it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InjectedFault {
    /// What was done: `delayed`, `lost`, `repeated`, `reordered`, `held`, `released`, `edited`, `dropped`, `refused`, `cut`,
    /// `restarted` (ICE) and others.
    pub action: String,
    /// What it was done to: a call of the Registry, a candidate, a description, the channel.
    pub target: String,
    /// The delay in milliseconds, if it was delayed or held.
    pub delay_ms: Option<f64>,
    /// The status that was answered instead, if any.
    pub status: Option<u16>,
    /// The preset or rule that asked for it; `None` if it was done by hand.
    pub rule: Option<String>,
}
