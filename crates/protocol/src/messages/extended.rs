//! Messages of calls that only extended servers have.

use serde::{Deserialize, Serialize};

use super::is_zero;
use crate::{EpochMs, IceCandidate, JoinCode, RoomCode, SessionDescription};

/// Response to `POST /rooms/:code/join-code`. Extended servers only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinCodeResponse {
    /// The new join code; the one before no longer admits anybody.
    #[serde(serialize_with = "JoinCode::expose")]
    pub join_code: JoinCode,
    /// When the room expires.
    pub expires_at: EpochMs,
}

/// Body of `POST /exchange`: what a peer has for the other, and what it already has of the other. The response is a
/// [`RoomSnapshot`](crate::RoomSnapshot) with a version and the other peer's candidates. Extended servers only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRequest {
    /// The room code.
    pub room: RoomCode,
    /// The attempt at a connection that description and candidates belong to, counted from 0. An offer with a larger
    /// number than the room's begins a new attempt, which replaces what belongs to the last. What has a smaller number is
    /// not posted; the response, which comes at once, shows the newer attempt.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempt: u64,
    /// The sender's description: the host's offer or the guest's answer. One that the room already has changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<SessionDescription>,
    /// Which of the host's offers a guest's description answers: the `offers` of the response that it was read in. If the
    /// host has replaced it meanwhile, nothing is posted, as with an older attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<u64>,
    /// The sender's candidates. One that the room already has changes nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<IceCandidate>,
    /// The version of the last response: only what is newer is news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// How many seconds the response may take if there is no news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
}

impl ExchangeRequest {
    /// An exchange that posts nothing and asks for everything.
    pub fn of(room: RoomCode) -> Self {
        Self { room, attempt: 0, description: None, answers: None, candidates: Vec::new(), since: None, wait: None }
    }
}
