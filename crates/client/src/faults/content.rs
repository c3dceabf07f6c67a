use registry_protocol::{
    CandidateList, ExchangeRequest, IceCandidate, JoinCodeResponse, PublicRoomInfo, RoomCreationResponse,
    RoomJoinResponse, RoomSnapshot, SdpType, SessionDescription,
};

use super::Holds;
use crate::json::Json;

/// What a request or a response carries.
pub(super) trait Content: Clone + 'static {
    /// What it is in words, if a request with it is to be held.
    fn held_as(&self, _: Holds) -> Option<&'static str> {
        None
    }

    /// Its JSON, if it may be seen and edited: without tokens and join codes.
    fn json(&self) -> Option<Json> {
        None
    }

    /// Another of its kind.
    ///
    /// # Errors
    /// Why the JSON is none.
    fn edited(&self, _: &Json) -> Result<Self, String> {
        Ok(self.clone())
    }
}

/// The JSON of a content that may be seen and edited.
macro_rules! editable {
    () => {
        fn json(&self) -> Option<Json> {
            Some(Json::of(self))
        }

        fn edited(&self, json: &Json) -> Result<Self, String> {
            json.read().map_err(|malformed| malformed.to_string())
        }
    };
}

impl Content for SessionDescription {
    fn held_as(&self, holds: Holds) -> Option<&'static str> {
        match self.kind {
            SdpType::Offer => holds.offers.then_some("offer"),
            SdpType::Answer => holds.answers.then_some("answer"),
            SdpType::Other(_) => None,
        }
    }

    editable!();
}

impl Content for IceCandidate {
    fn held_as(&self, holds: Holds) -> Option<&'static str> {
        holds.candidates.then_some("candidate")
    }

    editable!();
}

impl Content for ExchangeRequest {
    fn held_as(&self, holds: Holds) -> Option<&'static str> {
        let description = self.description.as_ref().and_then(|description| description.held_as(holds));
        description.or_else(|| (holds.candidates && !self.candidates.is_empty()).then_some("candidates"))
    }

    editable!();
}

impl Content for RoomSnapshot {
    editable!();
}

impl Content for CandidateList {
    editable!();
}

// These have nothing, or secrets.
impl Content for () {}
impl Content for RoomCreationResponse {}
impl Content for RoomJoinResponse {}
impl Content for JoinCodeResponse {}
impl Content for PublicRoomInfo {}
