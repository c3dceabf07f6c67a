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

/// The nine calls of a Registry.
///
/// 1. Every future resolves within a bounded time: with [`RequestError::Timeout`] if a deadline passes.
/// 2. Dropping the future aborts the call.
/// 3. The implementation does not retry; that is up to the caller.
pub trait RegistryClient {
    /// `POST /rooms`: creates a room.
    fn create_room(&self, host_user_name: UserName) -> CallFuture<RoomCreationResponse>;
    /// `GET /rooms/:code/public`: the public information about an open room.
    fn get_public_room_info(&self, room: RoomCode) -> CallFuture<PublicRoomInfo>;
    /// `POST /rooms/:code/join`: redeems the join code.
    fn join_room(&self, room: RoomCode, join_code: JoinCode, guest_user_name: UserName)
    -> CallFuture<RoomJoinResponse>;
    /// `POST /rooms/:code/offer`: posts or replaces the host's description.
    fn post_offer(&self, room: RoomCode, token: Token, offer: SessionDescription) -> CallFuture<()>;
    /// `POST /rooms/:code/answer`: posts the guest's description.
    fn post_answer(&self, room: RoomCode, token: Token, answer: SessionDescription) -> CallFuture<()>;
    /// `POST /rooms/:code/candidate`: posts a local candidate.
    fn post_candidate(&self, room: RoomCode, token: Token, candidate: IceCandidate) -> CallFuture<()>;
    /// `GET /rooms/:code`: status and descriptions.
    fn get_room(&self, room: RoomCode, token: Token) -> CallFuture<RoomSnapshot>;
    /// `GET /rooms/:code?wait=SECONDS`: a long poll. Like [`get_room`](Self::get_room), but the response comes as soon as the
    /// room's version exceeds `since`, and includes the peer's candidates since then; without `since` it comes at once and
    /// includes all. `wait` is the long-poll timeout. Only an extended Registry supports it; the default implementation is a
    /// plain `get_room`.
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
    /// `GET /rooms/:code/candidates`: the peer's candidates.
    fn get_candidates(&self, room: RoomCode, token: Token) -> CallFuture<CandidateList>;
    /// `POST /rooms/:code/close`: closes the room; only the host may. With `keepalive` the request outlives the page.
    fn close_room(&self, room: RoomCode, token: Token, keepalive: bool) -> CallFuture<()>;
    /// The Registry's time according to its latest response with a `Date` header, and when that response arrived, by the
    /// client's monotonic clock; `None` if unknown.
    fn date(&self) -> Option<(EpochMs, Duration)> {
        None
    }
}

/// A shared [`RegistryClient`].
pub type SharedRegistryClient = Rc<dyn RegistryClient>;
