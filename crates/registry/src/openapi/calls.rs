//! What each call takes, gives and refuses.

use registry_protocol::{
    CandidateList, CreateRoomRequest, IceCandidate, JoinRoomRequest, PublicRoomInfo, RoomCreationResponse,
    RoomJoinResponse, RoomSnapshot,
};
use serde_json::Value;

use super::schemas::Schemas;
use crate::{Action, Refusal, Role};

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever knows of it; no token is needed.
    Anybody,
    /// Both peers of the room.
    Peers,
    /// One of them.
    Only(Role),
}

impl Who {
    /// Whether a token of this role will do.
    pub(super) fn admits(self, role: Role) -> bool {
        self == Self::Peers || self == Self::Only(role)
    }
}

/// A schema, once it is asked for.
type Type = fn(&mut Schemas) -> Value;

/// What there is to say of a call beyond its method and path.
pub(super) struct About {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) who: Who,
    /// The body.
    pub(super) takes: Option<Type>,
    /// Status and body when it goes well.
    pub(super) gives: (u16, Option<Type>),
    /// The refusals that not every call has.
    pub(super) refusals: &'static [Refusal],
}

/// Stands for what a refusal names.
const SOME: &str = "…";
const ANY_MS: u64 = 0;
const LIMITED: Refusal = Refusal::RateLimited { wait_ms: ANY_MS };

const CREATE: &[Refusal] =
    &[Refusal::NotJson, Refusal::BadUserName { field: "hostUserName" }, LIMITED, Refusal::Full { wait_ms: ANY_MS }];
const PUBLIC: &[Refusal] = &[Refusal::NotPublic, LIMITED];
const JOIN: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::MalformedJoinCode,
    Refusal::BadUserName { field: "guestUserName" },
    Refusal::WrongJoinCode,
    Refusal::NotOpen,
    LIMITED,
];
const OFFER: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadSdp(SOME),
    Refusal::MissingSdpLine(SOME),
    Refusal::SdpTooLarge,
    Refusal::AlreadyPaired,
    LIMITED,
];
const ANSWER: &[Refusal] = &[
    Refusal::NotJson,
    Refusal::BadSdp(SOME),
    Refusal::MissingSdpLine(SOME),
    Refusal::SdpTooLarge,
    Refusal::NoOffer,
    Refusal::AlreadyPaired,
    LIMITED,
];
const CANDIDATE: &[Refusal] =
    &[Refusal::NotJson, Refusal::BadCandidate(SOME), Refusal::CandidateTooLarge, Refusal::TooManyCandidates, LIMITED];

/// What there is to say of the call that makes a room (`None`), or does something with one.
pub(super) fn about(action: Option<Action>) -> About {
    let (id, summary, who) = match action {
        None => ("createRoom", "Make a room", Who::Anybody),
        Some(Action::Public) => ("getPublicRoomInfo", "Show what everybody may see of an open room", Who::Anybody),
        Some(Action::Join) => ("joinRoom", "Redeem the join code; the room becomes joined", Who::Anybody),
        Some(Action::Offer) => ("postOffer", "Post the offer, or replace it until paired", Who::Only(Role::Host)),
        Some(Action::Answer) => ("postAnswer", "Post the answer; the room becomes paired", Who::Only(Role::Guest)),
        Some(Action::Candidate) => ("postCandidate", "Post a candidate; a repeat is stored once", Who::Peers),
        Some(Action::Snapshot) => ("getRoom", "Show the room, now or when there is news", Who::Peers),
        Some(Action::Candidates) => ("getCandidates", "Show the other side's candidates, oldest first", Who::Peers),
        Some(Action::Close) => ("closeRoom", "Close the room; from then on it is gone", Who::Only(Role::Host)),
    };
    let (takes, gives, refusals): (Option<Type>, (u16, Option<Type>), &[Refusal]) = match action {
        None => (Some(Schemas::of::<CreateRoomRequest>), (201, Some(Schemas::of::<RoomCreationResponse>)), CREATE),
        Some(Action::Public) => (None, (200, Some(Schemas::of::<PublicRoomInfo>)), PUBLIC),
        Some(Action::Join) => {
            (Some(Schemas::of::<JoinRoomRequest>), (200, Some(Schemas::of::<RoomJoinResponse>)), JOIN)
        }
        Some(Action::Offer) => (Some(|schemas| schemas.description("offer")), (204, None), OFFER),
        Some(Action::Answer) => (Some(|schemas| schemas.description("answer")), (204, None), ANSWER),
        Some(Action::Candidate) => (Some(Schemas::of::<IceCandidate>), (204, None), CANDIDATE),
        Some(Action::Snapshot) => (None, (200, Some(Schemas::of::<RoomSnapshot>)), &[LIMITED]),
        Some(Action::Candidates) => (None, (200, Some(Schemas::of::<CandidateList>)), &[]),
        Some(Action::Close) => (None, (204, None), &[]),
    };
    About { id, summary, who, takes, gives, refusals }
}

/// Everything that a call may be refused for.
pub(super) fn refusals(method: &str, action: Option<Action>) -> Vec<Refusal> {
    let About { who, refusals, .. } = about(action);
    let mut all = vec![Refusal::BodyTooLarge, Refusal::SlowBody, Refusal::BrokenBody, Refusal::Internal];
    if method == "POST" {
        all.push(Refusal::MissingVersion);
    }
    if action.is_some() {
        all.extend([Refusal::NoRoute, Refusal::NoRoom]);
    }
    match who {
        Who::Anybody => {}
        Who::Peers => all.push(Refusal::WrongToken),
        Who::Only(role) => all.extend([Refusal::WrongToken, Refusal::WrongRole(role)]),
    }
    all.extend(refusals);
    all
}

/// Everything that any call may be refused for.
#[cfg(test)]
pub(super) fn every_refusal() -> impl Iterator<Item = Refusal> {
    crate::route::templates().flat_map(|(template, action)| refusals(template.split(' ').next().unwrap_or(""), action))
}
