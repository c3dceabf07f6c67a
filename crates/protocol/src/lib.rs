//! What travels between a client and a Registry: wire types, identifiers, limits and error codes.
//!
//! The crate parses rather than validates: a [`RoomCode`] that exists is well-formed. It knows no clock, no socket and
//! no random source, and it tolerates what it does not know: unknown JSON fields are ignored and unknown enum values
//! are kept in an `Other` variant, so that an older client works with a newer Registry and the other way round.

#[macro_use]
mod words;
mod error;
mod ids;
pub mod limits;
mod messages;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod time;

pub use error::{ErrorBody, ErrorCode, ErrorEnvelope};
pub use ids::{JoinCode, ParseIdError, RoomCode, Token, UserName};
pub use messages::{
    CandidateItem, CandidateList, CandidateMode, CreateRoomRequest, JoinRoomRequest, PublicRoomInfo,
    RoomCreationResponse, RoomJoinResponse, RoomSnapshot, RoomStatus,
};
pub use session::{CandidateError, IceCandidate, SdpError, SdpType, SessionDescription};
pub use time::EpochMs;

/// The request header that carries an access token.
pub const TOKEN_HEADER: &str = "X-Access-Token";
/// The header that every `POST` carries, which forces a preflight: the guard against cross-site request forgery.
pub const VERSION_HEADER: &str = "X-Registry-Version";
/// The only value of [`VERSION_HEADER`] there is.
pub const VERSION: &str = "1";
