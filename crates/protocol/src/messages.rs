use serde::{Deserialize, Serialize};

use crate::read::{Malformed, Node, Read, member};
use crate::{EpochMs, IceCandidate, JoinCode, RoomCode, SdpType, SessionDescription, Token, UserName};

/// Body of `POST /rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateRoomRequest {
    /// What the host calls itself.
    pub host_user_name: UserName,
}

/// Answer to `POST /rooms`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomCreationResponse {
    /// The room's public name.
    pub code: RoomCode,
    /// What admits one guest.
    pub join_code: JoinCode,
    /// The host's access token.
    pub owner_token: Token,
    /// When the room expires.
    pub expires_at: EpochMs,
}

read_members!(RoomCreationResponse {
    code: "code",
    join_code: "joinCode",
    owner_token: "ownerToken",
    expires_at: "expiresAt",
});

/// Answer to `GET /rooms/:code/public`, while the room is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicRoomInfo {
    /// Always `open` in this version.
    pub status: RoomStatus,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// What the host calls itself.
    pub host_user_name: UserName,
}

read_members!(PublicRoomInfo { status: "status", expires_at: "expiresAt", host_user_name: "hostUserName" });

/// Body of `POST /rooms/:code/join`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinRoomRequest {
    /// The join code that the host passed on.
    pub join_code: JoinCode,
    /// What the guest calls itself.
    pub guest_user_name: UserName,
}

/// Answer to `POST /rooms/:code/join`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomJoinResponse {
    /// The guest's access token.
    pub guest_token: Token,
    /// When the room expires.
    pub expires_at: EpochMs,
}

read_members!(RoomJoinResponse { guest_token: "guestToken", expires_at: "expiresAt" });

/// Where a room is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RoomStatus {
    /// Made; nobody has joined.
    Open,
    /// A guest has joined.
    Joined,
    /// The guest has answered.
    Paired,
    /// Closed by the host.
    Closed,
    /// Something that this version does not know.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

read_words!(RoomStatus, "open" => Open, "joined" => Joined, "paired" => Paired, "closed" => Closed);

impl RoomStatus {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::Joined => "joined",
            Self::Paired => "paired",
            Self::Closed => "closed",
            Self::Other(other) => other,
        }
    }
}

/// Answer to `GET /rooms/:code`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomSnapshot {
    /// Where the room is in its life.
    pub status: RoomStatus,
    /// The host's description, once posted.
    pub offer: Option<SessionDescription>,
    /// The guest's description, once posted.
    pub answer: Option<SessionDescription>,
    /// When the room changed last.
    pub updated_at: EpochMs,
    /// When the room expires.
    pub expires_at: EpochMs,
    /// Grows with every change of the room or of the other side's candidates. Only an extended server has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The other side's candidates since the last answer: an extended server's part of the answer to a waiting request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<CandidateList>,
}

impl Read for RoomSnapshot {
    fn read(node: &impl Node, _: &'static str) -> Result<Self, Malformed> {
        Ok(Self {
            status: member(node, "status")?,
            offer: description(node, "offer", &SdpType::Offer)?,
            answer: description(node, "answer", &SdpType::Answer)?,
            updated_at: member(node, "updatedAt")?,
            expires_at: member(node, "expiresAt")?,
            // A member of that name that means something else to another server is as good as none.
            version: member(node, "version").unwrap_or_default(),
            candidates: member(node, "candidates").unwrap_or_default(),
        })
    }
}

/// The description that is the member `name`, if there is one; it is of the type that belongs there.
fn description(node: &impl Node, name: &'static str, kind: &SdpType) -> Result<Option<SessionDescription>, Malformed> {
    member::<Option<SessionDescription>>(node, name)?.map(|found| found.of_kind(kind)).transpose()
}

impl RoomSnapshot {
    /// A room in `status` that nobody has posted anything in, of a base server.
    pub fn new(status: RoomStatus, updated_at: EpochMs, expires_at: EpochMs) -> Self {
        Self { status, offer: None, answer: None, updated_at, expires_at, version: None, candidates: None }
    }
}

/// What the items of a [`CandidateList`] are, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CandidateMode {
    /// All that the other side has posted.
    Full,
    /// Only what is new since the sequence number that was asked for.
    Delta,
    /// Something that this version does not know.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

read_words!(CandidateMode, "full" => Full, "delta" => Delta);

/// One item of a candidate list: a candidate, or something that is none and is to be skipped and reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CandidateItem {
    /// A candidate.
    Candidate(IceCandidate),
    /// Anything else.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Malformed,
}

impl Read for CandidateItem {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        Ok(IceCandidate::read(node, name).map_or(Self::Malformed, Self::Candidate))
    }
}

/// Answer to `GET /rooms/:code/candidates`: the other side's candidates, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CandidateList {
    /// The candidates.
    pub items: Vec<CandidateItem>,
    /// All of them, or only the new ones.
    pub mode: CandidateMode,
    /// Sequence number of the last item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seq: Option<u64>,
}

read_members!(CandidateList { items: "items", mode: "mode", last_seq: "lastSeq" });
deserialize_by_reading!(
    RoomCreationResponse,
    PublicRoomInfo,
    RoomJoinResponse,
    RoomSnapshot,
    CandidateItem,
    CandidateList
);

#[cfg(test)]
mod tests {
    use super::*;

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
                assert_eq!(read(member, wrong), Err(format!("the type of the {member} is missing or malformed")));
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
