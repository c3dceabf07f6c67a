//! The calls of a Registry, by name.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// Which call a request, an error or a trace event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum Operation {
    /// [`RegistryClient::create_room`](crate::interfaces::registry::RegistryClient::create_room)
    CreateRoom,
    /// [`RegistryClient::get_public_room_info`](crate::interfaces::registry::RegistryClient::get_public_room_info)
    GetPublicRoomInfo,
    /// [`RegistryClient::join_room`](crate::interfaces::registry::RegistryClient::join_room)
    JoinRoom,
    /// [`RegistryClient::replace_join_code`](crate::interfaces::registry::RegistryClient::replace_join_code)
    ReplaceJoinCode,
    /// [`RegistryClient::post_offer`](crate::interfaces::registry::RegistryClient::post_offer)
    PostOffer,
    /// [`RegistryClient::post_answer`](crate::interfaces::registry::RegistryClient::post_answer)
    PostAnswer,
    /// [`RegistryClient::post_candidate`](crate::interfaces::registry::RegistryClient::post_candidate)
    PostCandidate,
    /// [`RegistryClient::get_room`](crate::interfaces::registry::RegistryClient::get_room)
    GetRoom,
    /// [`RegistryClient::get_candidates`](crate::interfaces::registry::RegistryClient::get_candidates)
    GetCandidates,
    /// [`RegistryClient::close_room`](crate::interfaces::registry::RegistryClient::close_room)
    CloseRoom,
    /// [`RegistryClient::exchange`](crate::interfaces::registry::RegistryClient::exchange)
    Exchange,
}

as_str!(Operation);

impl Operation {
    /// The HTTP method of the call.
    pub fn method(self) -> &'static str {
        match self {
            Self::GetPublicRoomInfo | Self::GetRoom | Self::GetCandidates => "GET",
            _ => "POST",
        }
    }

    /// The path of the call, with `:code` in place of the room code.
    pub fn path_template(self) -> &'static str {
        match self {
            Self::CreateRoom => "/rooms",
            Self::GetPublicRoomInfo => "/rooms/:code/public",
            Self::JoinRoom => "/rooms/:code/join",
            Self::ReplaceJoinCode => "/rooms/:code/join-code",
            Self::PostOffer => "/rooms/:code/offer",
            Self::PostAnswer => "/rooms/:code/answer",
            Self::PostCandidate => "/rooms/:code/candidate",
            Self::GetRoom => "/rooms/:code",
            Self::GetCandidates => "/rooms/:code/candidates",
            Self::CloseRoom => "/rooms/:code/close",
            Self::Exchange => "/exchange",
        }
    }
}

impl fmt::Display for Operation {
    /// What the call does, as a gerund for the middle of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateRoom => "creating the room",
            Self::GetPublicRoomInfo => "looking up the room",
            Self::JoinRoom => "joining the room",
            Self::ReplaceJoinCode => "replacing the join code",
            Self::PostOffer => "posting the offer",
            Self::PostAnswer => "posting the answer",
            Self::PostCandidate => "posting a candidate",
            Self::GetRoom => "reading the room",
            Self::GetCandidates => "reading the candidates",
            Self::CloseRoom => "closing the room",
            Self::Exchange => "exchanging offer, answer and candidates",
        })
    }
}
