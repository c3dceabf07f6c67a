use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{AsRefStr, EnumString};

use crate::tolerant::{Whole, or_none, whole_or_null};
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
}

/// Body of `POST /exchange`: what a peer has for the other, and what it already has of the other. The response is a
/// [`RoomSnapshot`] with a version and the other peer's candidates. Extended servers only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRequest {
    /// The room code.
    pub room: RoomCode,
    /// The sender's description: the host's offer or the guest's answer. One that the room already has changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<SessionDescription>,
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

/// A version, unless the field means something else to the server.
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(or_none(deserializer)?.map(|Whole(version)| version))
}

impl RoomSnapshot {
    /// A room without descriptions, as a base server returns it.
    pub fn new(status: RoomStatus, updated_at: EpochMs, expires_at: EpochMs) -> Self {
        Self { status, offer: None, answer: None, updated_at, expires_at, version: None, candidates: None }
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
mod tests {
    use super::*;

    #[test]
    fn peers_can_exchange_only_if_the_server_says_so_plainly() {
        let of = |extension: &str| {
            let token = "x".repeat(43);
            let text = format!(r#"{{"guestToken":"{token}","expiresAt":2{extension}}}"#);
            let response = serde_json::from_str::<RoomJoinResponse>(&text).unwrap();
            (response.exchange, serde_json::to_value(response).unwrap().get("exchange").is_some())
        };
        assert_eq!(of(r#","exchange":true"#), (true, true));
        for extension in ["", r#","exchange":false"#, r#","exchange":null"#, r#","exchange":{"url":"x"}"#] {
            assert_eq!(of(extension), (false, false), "{extension}");
        }
    }

    #[test]
    fn an_exchange_of_nothing_is_only_a_room() {
        let empty = r#"{"room":"ACDE2345"}"#;
        let request: ExchangeRequest = serde_json::from_str(empty).unwrap();
        assert_eq!(serde_json::to_string(&request).unwrap(), empty);
    }

    #[test]
    fn unknown_fields_and_values_are_tolerated() {
        let snapshot: RoomSnapshot = serde_json::from_str(
            r#"{"status":"paused","offer":null,"answer":null,"updatedAt":1,"expiresAt":2.5,"version":7}"#,
        )
        .unwrap();
        assert_eq!(snapshot.status, RoomStatus::Other("paused".into()));
        assert_eq!(snapshot.expires_at, EpochMs(2));
    }

    #[test]
    fn extensions_that_mean_something_else_are_as_good_as_none() {
        let of = |extensions: &str| {
            let text =
                format!(r#"{{"status":"open","offer":null,"answer":null,"updatedAt":1,"expiresAt":2{extensions}}}"#);
            serde_json::from_str::<RoomSnapshot>(&text).unwrap()
        };
        assert_eq!(of(r#","version":7,"candidates":{"items":[],"mode":"delta","lastSeq":3}"#).version, Some(7));
        let other = of(r#","version":"1.2","candidates":4"#);
        assert_eq!((other.version, other.candidates), (None, None));
        assert_eq!(of(""), RoomSnapshot::new(RoomStatus::Open, EpochMs(1), EpochMs(2)));
    }

    #[test]
    fn a_description_in_the_wrong_place_is_refused_on_reading() {
        let read = |member: &str, kind: &str| {
            let description = format!(r#"{{"type":"{kind}","sdp":"v=0"}}"#);
            let (offer, answer) = if member == "offer" { (&*description, "null") } else { ("null", &*description) };
            let text =
                format!(r#"{{"status":"joined","offer":{offer},"answer":{answer},"updatedAt":1,"expiresAt":2}}"#);
            serde_json::from_str::<RoomSnapshot>(&text).map_err(|error| error.to_string())
        };
        for (member, other) in [("offer", "answer"), ("answer", "offer")] {
            assert!(read(member, member).is_ok());
            for wrong in [other, "rollback"] {
                let error = read(member, wrong).unwrap_err();
                assert!(error.starts_with(&format!("the description is of another type than {member}")), "{error}");
            }
        }
    }

    #[test]
    fn a_malformed_candidate_does_not_spoil_the_list() {
        let list: CandidateList =
            serde_json::from_str(r#"{"items":[{"candidate":"a"},{"x":1},null],"mode":"full"}"#).unwrap();
        assert!(matches!(list.items[0], CandidateItem::Candidate(_)));
        assert!(matches!(list.items[1], CandidateItem::Malformed));
        assert!(matches!(list.items[2], CandidateItem::Malformed));
        assert_eq!(list.last_seq, None);
    }

    #[test]
    fn names_on_the_wire_are_camel_case() {
        let json = serde_json::to_value(JoinRoomRequest {
            join_code: JoinCode::parse("123456").unwrap(),
            guest_user_name: UserName::parse("Bob").unwrap(),
        })
        .unwrap();
        assert_eq!(json, serde_json::json!({"joinCode": "123456", "guestUserName": "Bob"}));
    }
}
