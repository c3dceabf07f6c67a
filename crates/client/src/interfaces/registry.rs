//! The calls of a Registry. Specification: *RegistryClient Interface*.

mod http;

use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use registry_protocol::{
    CandidateList, EpochMs, ExchangeRequest, IceCandidate, JoinCode, JoinCodeResponse, PublicRoomInfo, RoomCode,
    RoomCreationResponse, RoomJoinResponse, RoomSnapshot, SessionDescription, Token, UserName,
};

use crate::error::{NetworkError, RequestError};

pub use crate::types::operation::Operation;
pub use http::HttpRegistryClient;

/// The outcome of one call.
pub type CallFuture<T> = LocalBoxFuture<'static, Result<T, RequestError>>;

/// The nine calls of a Registry, and the two that an extended Registry adds. Those are only made for a room whose creation or
/// joining returned `exchange`, so an implementation without them must return that as `false`; the default implementations fail.
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
    /// `GET /rooms/:code/candidates`: the peer's candidates.
    fn get_candidates(&self, room: RoomCode, token: Token) -> CallFuture<CandidateList>;
    /// `POST /rooms/:code/close`: closes the room; only the host may. With `keepalive` the request outlives the page.
    fn close_room(&self, room: RoomCode, token: Token, keepalive: bool) -> CallFuture<()>;
    /// `POST /exchange`: posts a description and candidates, and gets the room with the peer's candidates: at once, or with
    /// `wait` as soon as there is something newer than `since`.
    fn exchange(&self, token: Token, exchange: ExchangeRequest) -> CallFuture<RoomSnapshot> {
        let _ = (token, exchange);
        not_implemented(Operation::Exchange)
    }
    /// `POST /rooms/:code/join-code`: replaces the join code of an open room; only the host may.
    fn replace_join_code(&self, room: RoomCode, token: Token) -> CallFuture<JoinCodeResponse> {
        let _ = (room, token);
        not_implemented(Operation::ReplaceJoinCode)
    }
    /// Whether [`exchange`](Self::exchange) must be permitted before it can be called for the first time (CORS preflight).
    /// Then the client makes an exchange that says nothing as soon as it is in a room, so that the handshake need not wait
    /// for that.
    fn needs_permission(&self) -> bool {
        true
    }
    /// The Registry's time according to its latest response with a `Date` header, and when that response arrived, by the
    /// client's monotonic clock; `None` if unknown.
    fn date(&self) -> Option<(EpochMs, Duration)> {
        None
    }
}

fn not_implemented<T: 'static>(operation: Operation) -> CallFuture<T> {
    let reason = "this RegistryClient does not implement it".to_owned();
    Box::pin(std::future::ready(Err(NetworkError { operation, reason }.into())))
}

/// A shared [`RegistryClient`].
pub type SharedRegistryClient = Rc<dyn RegistryClient>;
