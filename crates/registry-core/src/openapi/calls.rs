//! The request, response and errors of each call.

use registry_protocol::{
    CandidateList, CreateRoomRequest, ExchangeRequest, IceCandidate, JoinCodeResponse, JoinRoomRequest, PublicRoomInfo,
    RoomCreationResponse, RoomJoinResponse, RoomSnapshot,
};
use serde_json::Value;

use super::schemas::Schemas;
use crate::{Action, Refusal, Role};

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody; no token is needed.
    Anybody,
    /// Either peer of the room.
    Peers,
    /// One peer only.
    Only(Role),
}

impl Access {
    /// Whether a token of this role grants access.
    pub(super) fn admits(self, role: Role) -> bool {
        self == Self::Peers || self == Self::Only(role)
    }
}

/// Generates a schema.
type Type = fn(&mut Schemas) -> Value;

/// Describes a call beyond its method and path.
pub(super) struct CallSpec {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) access: Access,
    /// The request body.
    pub(super) request: Option<Type>,
    /// Status and body on success.
    pub(super) success: (u16, Option<Type>),
    /// The refusals specific to this call.
    pub(super) refusals: &'static [Refusal],
}

/// Placeholder for the detail in a refusal's message.
const ANY: &str = "…";
const ANY_MS: u64 = 0;
const LIMITED: Refusal = Refusal::RateLimited { wait_ms: ANY_MS };

const CREATE: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadUserName { field: "hostUserName" },
    LIMITED,
    Refusal::TooManyRooms { wait_ms: ANY_MS },
    Refusal::Full { wait_ms: ANY_MS },
];
const PUBLIC: &[Refusal] = &[Refusal::NotPublic, LIMITED];
const JOIN: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::MalformedJoinCode,
    Refusal::BadUserName { field: "guestUserName" },
    Refusal::WrongJoinCode,
    Refusal::NotOpen,
    Refusal::JoinLocked { wait_ms: ANY_MS },
    LIMITED,
];
const OFFER: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadSdp(ANY),
    Refusal::MissingSdpLine(ANY),
    Refusal::SdpTooLarge,
    Refusal::AlreadyPaired,
    LIMITED,
];
const ANSWER: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadSdp(ANY),
    Refusal::MissingSdpLine(ANY),
    Refusal::SdpTooLarge,
    Refusal::NoOffer,
    Refusal::AlreadyPaired,
    LIMITED,
];
const CANDIDATE: &[Refusal] =
    &[Refusal::NotJson, Refusal::BadCandidate(ANY), Refusal::CandidateTooLarge, Refusal::TooManyCandidates, LIMITED];

const EXCHANGE: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadSdp(ANY),
    Refusal::MissingSdpLine(ANY),
    Refusal::SdpTooLarge,
    Refusal::BadCandidate(ANY),
    Refusal::CandidateTooLarge,
    Refusal::NoOffer,
    Refusal::AlreadyPaired,
    Refusal::TooManyCandidates,
    LIMITED,
];

/// The description of a call; `None` is creating a room.
pub(super) fn call_spec(action: Option<Action>) -> CallSpec {
    let (id, summary, access) = match action {
        None => ("createRoom", "Create a room", Access::Anybody),
        Some(Action::Public) => ("getPublicRoomInfo", "Get the public information of an open room", Access::Anybody),
        Some(Action::Join) => {
            ("joinRoom", "Join the room with its join code; the room becomes `joined`", Access::Anybody)
        }
        Some(Action::Offer) => {
            ("postOffer", "Post the offer; it can be replaced until the room is paired", Access::Only(Role::Host))
        }
        Some(Action::Answer) => ("postAnswer", "Post the answer; the room becomes `paired`", Access::Only(Role::Guest)),
        Some(Action::Candidate) => ("postCandidate", "Post a candidate; duplicates are stored once", Access::Peers),
        Some(Action::Snapshot) => ("getRoom", "Get the room", Access::Peers),
        Some(Action::Candidates) => ("getCandidates", "Get the other peer's candidates, oldest first", Access::Peers),
        Some(Action::JoinCode) => (
            "replaceJoinCode",
            "Replace the join code of an open room, and forget the wrong ones that were tried. Extended servers only",
            Access::Only(Role::Host),
        ),
        Some(Action::Close) => ("closeRoom", "Close the room; from then on it is not found", Access::Only(Role::Host)),
        Some(Action::Exchange) => (
            "exchange",
            "Post all there is, and get the room with the other peer's candidates, at once or by long poll. \
             Extended servers only",
            Access::Peers,
        ),
    };
    let (request, success, refusals): (Option<Type>, (u16, Option<Type>), &[Refusal]) = match action {
        None => (Some(Schemas::of::<CreateRoomRequest>), (201, Some(Schemas::of::<RoomCreationResponse>)), CREATE),
        Some(Action::Public) => (None, (200, Some(Schemas::of::<PublicRoomInfo>)), PUBLIC),
        Some(Action::Join) => {
            (Some(Schemas::of::<JoinRoomRequest>), (200, Some(Schemas::of::<RoomJoinResponse>)), JOIN)
        }
        Some(Action::Offer) => (Some(|schemas| schemas.description("offer")), (204, None), OFFER),
        Some(Action::Answer) => (Some(|schemas| schemas.description("answer")), (204, None), ANSWER),
        Some(Action::Candidate) => (Some(Schemas::of::<IceCandidate>), (204, None), CANDIDATE),
        Some(Action::Snapshot) => (None, (200, Some(Schemas::of::<RoomSnapshot>)), &[LIMITED]),
        Some(Action::Candidates) => (None, (200, Some(Schemas::of::<CandidateList>)), &[LIMITED]),
        Some(Action::JoinCode) => (None, (200, Some(Schemas::of::<JoinCodeResponse>)), &[Refusal::NotOpen, LIMITED]),
        Some(Action::Close) => (None, (204, None), &[]),
        Some(Action::Exchange) => (Some(Schemas::of::<ExchangeRequest>), (200, Some(Schemas::news)), EXCHANGE),
    };
    CallSpec { id, summary, access, request, success, refusals }
}

/// All refusals of a call.
pub(super) fn refusals(method: &str, action: Option<Action>) -> Vec<Refusal> {
    let CallSpec { access, refusals, .. } = call_spec(action);
    use Refusal::{BadHost, BodyTooLarge, BrokenBody, Busy, Internal, SlowBody};
    let mut all = vec![BodyTooLarge, SlowBody, BrokenBody, BadHost, Busy, Internal];
    if method == "POST" {
        all.push(Refusal::MissingVersion);
    }
    if action.is_some() {
        all.extend([Refusal::NoRoute, Refusal::NoRoom]);
    }
    match access {
        Access::Anybody => {}
        // Without a valid token, a call counts towards a limit of its own.
        Access::Peers => all.extend([Refusal::WrongToken, LIMITED]),
        Access::Only(role) => all.extend([Refusal::WrongToken, Refusal::WrongRole(role), LIMITED]),
    }
    all.extend(refusals);
    all
}

/// All refusals of all calls.
#[cfg(test)]
pub(super) fn every_refusal() -> impl Iterator<Item = Refusal> {
    crate::route::templates().flat_map(|(template, action)| refusals(template.split(' ').next().unwrap_or(""), action))
}
