//! The calls of a Registry. Specification: *RegistryClient Interface*.

mod http;

use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use registry_protocol::{
    CandidateList, EpochMs, IceCandidate, JoinCode, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse,
    RoomSnapshot, SessionDescription, Token, UserName,
};

use crate::error::RequestError;

pub use crate::types::operation::Operation;
pub use http::HttpRegistryClient;

/// The outcome of one call.
pub type CallFuture<T> = LocalBoxFuture<'static, Result<T, RequestError>>;

/// Makes the nine calls of a Registry.
///
/// 1. Every future resolves within a bounded time: what takes too long is a [`RequestError::Timeout`].
/// 2. Dropping the future aborts the call.
/// 3. No call is repeated by the implementation; retries are the caller's.
pub trait RegistryClient {
    /// `POST /rooms`: makes a room.
    fn create_room(&self, host_user_name: UserName) -> CallFuture<RoomCreationResponse>;
    /// `GET /rooms/:code/public`: what anybody may know of an open room.
    fn get_public_room_info(&self, room: RoomCode) -> CallFuture<PublicRoomInfo>;
    /// `POST /rooms/:code/join`: redeems the join code.
    fn join_room(&self, room: RoomCode, join_code: JoinCode, guest_user_name: UserName)
    -> CallFuture<RoomJoinResponse>;
    /// `POST /rooms/:code/offer`: posts or replaces the host's description.
    fn post_offer(&self, room: RoomCode, token: Token, offer: SessionDescription) -> CallFuture<()>;
    /// `POST /rooms/:code/answer`: posts the guest's description.
    fn post_answer(&self, room: RoomCode, token: Token, answer: SessionDescription) -> CallFuture<()>;
    /// `POST /rooms/:code/candidate`: posts one candidate of this side.
    fn post_candidate(&self, room: RoomCode, token: Token, candidate: IceCandidate) -> CallFuture<()>;
    /// `GET /rooms/:code`: status and descriptions.
    fn get_room(&self, room: RoomCode, token: Token) -> CallFuture<RoomSnapshot>;
    /// `GET /rooms/:code?wait=SECONDS`: the same as soon as the room's version is above `since`, and with the candidates
    /// of the other side that came after it; everything at once without `since`. Only an extended Registry can wait;
    /// the default asks for the room as it is.
    fn wait_for_room(
        &self,
        room: RoomCode,
        token: Token,
        since: Option<u64>,
        wait: Duration,
    ) -> CallFuture<RoomSnapshot> {
        let _ = (since, wait);
        self.get_room(room, token)
    }
    /// `GET /rooms/:code/candidates`: the other side's candidates.
    fn get_candidates(&self, room: RoomCode, token: Token) -> CallFuture<CandidateList>;
    /// `POST /rooms/:code/close`: ends the room; the host's right only. With `keepalive` the request outlives the page.
    fn close_room(&self, room: RoomCode, token: Token, keepalive: bool) -> CallFuture<()>;
    /// What time it was at the Registry by its latest answer that said so (`Date`), and when that came by the client's
    /// monotonic clock; `None` where that cannot be known.
    fn date(&self) -> Option<(EpochMs, Duration)> {
        None
    }
}

/// A shared [`RegistryClient`].
pub type SharedRegistryClient = Rc<dyn RegistryClient>;
