use std::rc::Rc;
use std::time::Duration;

use registry_protocol::{
    CandidateList, EpochMs, ExchangeRequest, IceCandidate, JoinCode, JoinCodeResponse, PublicRoomInfo, RoomCode,
    RoomCreationResponse, RoomJoinResponse, RoomSnapshot, SessionDescription, Token, UserName,
};

use super::Faults;
use super::call::Last;
use crate::interfaces::registry::{CallFuture, Operation, RegistryClient, SharedRegistryClient};

/// A Registry client with faults between it and its user.
struct Between {
    faults: Faults,
    inner: SharedRegistryClient,
    last: Responses,
}

/// The last response of each call.
#[derive(Default)]
struct Responses {
    made: Last<RoomCreationResponse>,
    public: Last<PublicRoomInfo>,
    joined: Last<RoomJoinResponse>,
    join_code: Last<JoinCodeResponse>,
    room: Last<RoomSnapshot>,
    candidates: Last<CandidateList>,
    nothing: Last<()>,
}

pub(super) fn between(faults: Faults, inner: SharedRegistryClient) -> SharedRegistryClient {
    Rc::new(Between { faults, inner, last: Responses::default() })
}

impl RegistryClient for Between {
    fn create_room(&self, host_user_name: UserName) -> CallFuture<RoomCreationResponse> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.create_room(host_user_name.clone());
        self.faults.call(Operation::CreateRoom, (), &self.last.made, call)
    }

    fn get_public_room_info(&self, room: RoomCode) -> CallFuture<PublicRoomInfo> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.get_public_room_info(room.clone());
        self.faults.call(Operation::GetPublicRoomInfo, (), &self.last.public, call)
    }

    fn join_room(&self, room: RoomCode, join_code: JoinCode, name: UserName) -> CallFuture<RoomJoinResponse> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.join_room(room.clone(), join_code.clone(), name.clone());
        self.faults.call(Operation::JoinRoom, (), &self.last.joined, call)
    }

    fn post_offer(&self, room: RoomCode, token: Token, offer: SessionDescription) -> CallFuture<()> {
        let inner = Rc::clone(&self.inner);
        let call = move |offer| inner.post_offer(room.clone(), token.clone(), offer);
        self.faults.call(Operation::PostOffer, offer, &self.last.nothing, call)
    }

    fn post_answer(&self, room: RoomCode, token: Token, answer: SessionDescription) -> CallFuture<()> {
        let inner = Rc::clone(&self.inner);
        let call = move |answer| inner.post_answer(room.clone(), token.clone(), answer);
        self.faults.call(Operation::PostAnswer, answer, &self.last.nothing, call)
    }

    fn post_candidate(&self, room: RoomCode, token: Token, candidate: IceCandidate) -> CallFuture<()> {
        let inner = Rc::clone(&self.inner);
        let call = move |candidate| inner.post_candidate(room.clone(), token.clone(), candidate);
        self.faults.call(Operation::PostCandidate, candidate, &self.last.nothing, call)
    }

    fn get_room(&self, room: RoomCode, token: Token) -> CallFuture<RoomSnapshot> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.get_room(room.clone(), token.clone());
        self.faults.call(Operation::GetRoom, (), &self.last.room, call)
    }

    fn get_candidates(&self, room: RoomCode, token: Token) -> CallFuture<CandidateList> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.get_candidates(room.clone(), token.clone());
        self.faults.call(Operation::GetCandidates, (), &self.last.candidates, call)
    }

    fn close_room(&self, room: RoomCode, token: Token, keepalive: bool) -> CallFuture<()> {
        // The page may be going: nothing stands in its way.
        if keepalive {
            return self.inner.close_room(room, token, keepalive);
        }
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.close_room(room.clone(), token.clone(), false);
        self.faults.call(Operation::CloseRoom, (), &self.last.nothing, call)
    }

    fn exchange(&self, token: Token, exchange: ExchangeRequest) -> CallFuture<RoomSnapshot> {
        let inner = Rc::clone(&self.inner);
        let call = move |exchange| inner.exchange(token.clone(), exchange);
        self.faults.call(Operation::Exchange, exchange, &self.last.room, call)
    }

    fn replace_join_code(&self, room: RoomCode, token: Token) -> CallFuture<JoinCodeResponse> {
        let inner = Rc::clone(&self.inner);
        let call = move |()| inner.replace_join_code(room.clone(), token.clone());
        self.faults.call(Operation::ReplaceJoinCode, (), &self.last.join_code, call)
    }

    fn needs_permission(&self) -> bool {
        self.inner.needs_permission()
    }

    fn date(&self) -> Option<(EpochMs, Duration)> {
        self.inner.date()
    }
}
