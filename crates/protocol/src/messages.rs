mod extended;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{AsRefStr, EnumString};

use crate::tolerant::{Whole, or_none, whole_or_null};
pub use extended::{ExchangeRequest, JoinCodeResponse};

use crate::{EpochMs, IceCandidate, JoinCode, RoomCode, SdpType, SessionDescription, Token, UserName};

/// Body of `POST /rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateRoomRequest {
    /// The host's user name.
    pub host_user_name: UserName,
}

/// Response to `POST /rooms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomCreationResponse {
    /// The room code: the room's public identifier.
    pub code: RoomCode,
    /// Single-use secret that admits one guest.
    #[serde(serialize_with = "JoinCode::expose")]
    pub join_code: JoinCode,
    /// The host's access token.
    #[serde(serialize_with = "Token::expose")]
    pub owner_token: Token,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// Whether the peers can use `POST /exchange`. Extended servers only.
    #[serde(default, deserialize_with = "or_false", skip_serializing_if = "is_false")]
    pub exchange: bool,
}

/// Response to `GET /rooms/:code/public`, while the room is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicRoomInfo {
    /// Always `open` in this version.
    pub status: RoomStatus,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// The host's user name.
    pub host_user_name: UserName,
}

/// Body of `POST /rooms/:code/join`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinRoomRequest {
    /// The join code that the host shared.
    #[serde(serialize_with = "JoinCode::expose")]
    pub join_code: JoinCode,
    /// The guest's user name.
    pub guest_user_name: UserName,
}

/// Response to `POST /rooms/:code/join`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomJoinResponse {
    /// The guest's access token.
    #[serde(serialize_with = "Token::expose")]
    pub guest_token: Token,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// Whether the peers can use `POST /exchange`. Extended servers only.
    #[serde(default, deserialize_with = "or_false", skip_serializing_if = "is_false")]
    pub exchange: bool,
    /// The version of the room, if the host has posted nothing yet: the guest can wait for what follows. Extended servers
    /// only.
    #[serde(default, deserialize_with = "version", skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// The status of a room.
#[derive(Clone, Debug, PartialEq, Eq, AsRefStr, EnumString, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", from = "String")]
#[strum(serialize_all = "lowercase")]
pub enum RoomStatus {
    /// Created; no guest has joined.
    Open,
    /// A guest has joined.
    Joined,
    /// The guest has posted its answer.
    Paired,
    /// Closed by the host.
    Closed,
    /// A status that this version does not know.
    #[serde(untagged)]
    #[strum(default, transparent)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

impl From<String> for RoomStatus {
    fn from(text: String) -> Self {
        text.parse().unwrap_or(Self::Other(text))
    }
}

impl RoomStatus {
    /// The status as it appears on the wire.
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }
}

/// Response to `GET /rooms/:code`, and to `POST /exchange`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomSnapshot {
    /// The room's status.
    pub status: RoomStatus,
    /// The host's description, once posted.
    #[serde(default, deserialize_with = "offer")]
    pub offer: Option<SessionDescription>,
    /// The guest's description, once posted.
    #[serde(default, deserialize_with = "answer")]
    pub answer: Option<SessionDescription>,
    /// When the room last changed.
    pub updated_at: EpochMs,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// The attempt at a connection that the descriptions and candidates belong to. Extended servers only, where there has
    /// been more than one.
    #[serde(default, deserialize_with = "number", skip_serializing_if = "is_zero")]
    pub attempt: u64,
    /// How many different offers the host has posted in this room. In the response to an exchange, once there is one.
    #[serde(default, deserialize_with = "number", skip_serializing_if = "is_zero")]
    pub offers: u64,
    /// Increases with everything that is news to the reader: all changes but its own. In the response to an exchange.
    #[serde(default, deserialize_with = "version", skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The other peer's candidates that are newer than `since`. In the response to an exchange.
    #[serde(default, deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub candidates: Option<CandidateList>,
}

/// A flag, unless the field means something else to the server.
fn or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(or_none(deserializer)?.unwrap_or(false))
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn offer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SessionDescription>, D::Error> {
    description(deserializer, &SdpType::Offer)
}

fn answer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SessionDescription>, D::Error> {
    description(deserializer, &SdpType::Answer)
}

/// A description, if there is one; it must be of the type that belongs there.
fn description<'de, D: Deserializer<'de>>(
    deserializer: D,
    kind: &SdpType,
) -> Result<Option<SessionDescription>, D::Error> {
    let description = Option::<SessionDescription>::deserialize(deserializer)?;
    description.map(|found| found.of_kind(kind)).transpose().map_err(D::Error::custom)
}

/// The number of an attempt, unless the field means something else to the server.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(version(deserializer)?.unwrap_or(0))
}

/// A version, unless the field means something else to the server.
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(or_none(deserializer)?.map(|Whole(version)| version))
}

impl RoomSnapshot {
    /// A room without descriptions, as a base server returns it.
    pub fn new(status: RoomStatus, updated_at: EpochMs, expires_at: EpochMs) -> Self {
        Self {
            status,
            offer: None,
            answer: None,
            updated_at,
            expires_at,
            attempt: 0,
            offers: 0,
            version: None,
            candidates: None,
        }
    }
}

/// What the items of a [`CandidateList`] cover.
#[derive(Clone, Debug, PartialEq, Eq, AsRefStr, EnumString, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", from = "String")]
#[strum(serialize_all = "lowercase")]
pub enum CandidateMode {
    /// Everything the other peer has posted.
    Full,
    /// Only what is newer than the requested sequence number.
    Delta,
    /// A mode that this version does not know.
    #[serde(untagged)]
    #[strum(default, transparent)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

impl From<String> for CandidateMode {
    fn from(text: String) -> Self {
        text.parse().unwrap_or(Self::Other(text))
    }
}

/// One item of a candidate list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CandidateItem {
    /// A candidate.
    Candidate(IceCandidate),
    /// Anything else, to be skipped and reported.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Malformed,
}

impl<'de> Deserialize<'de> for CandidateItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(or_none(deserializer)?.map_or(Self::Malformed, Self::Candidate))
    }
}

/// Response to `GET /rooms/:code/candidates`: the other peer's candidates, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CandidateList {
    /// The candidates.
    pub items: Vec<CandidateItem>,
    /// Whether the list is complete.
    pub mode: CandidateMode,
    /// Sequence number of the last item.
    #[serde(default, deserialize_with = "whole_or_null", skip_serializing_if = "Option::is_none")]
    pub last_seq: Option<u64>,
}

#[cfg(test)]
mod tests;
