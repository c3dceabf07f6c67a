//! What travels between a client and a Registry: wire types, identifiers, limits and error codes.
//!
//! The crate parses rather than validates: a [`RoomCode`] that exists is well-formed. It knows no clock, no socket and
//! no random source, and it tolerates what it does not know: unknown JSON fields are ignored and unknown enum values
//! are kept in an `Other` variant, so that an older client works with a newer Registry and the other way round.
//!
//! ```
//! use registry_protocol::{JoinCode, RoomCode, RoomCreationResponse, RoomSnapshot, RoomStatus};
//!
//! let answer = r#"{"code":"ACDE2345","joinCode":"123456","ownerToken":"secret","expiresAt":1763800000000,"new":1}"#;
//! let room: RoomCreationResponse = serde_json::from_str(answer)?;
//! assert_eq!(room.code, RoomCode::parse("ACDE2345").unwrap());
//! assert_eq!(format!("{:?}", room.join_code), "JoinCode(***)"); // secrets never print
//! assert!(JoinCode::parse("12345").is_err());
//!
//! let later = r#"{"status":"haunted","offer":null,"answer":null,"updatedAt":1,"expiresAt":2}"#;
//! let snapshot: RoomSnapshot = serde_json::from_str(later)?;
//! assert_eq!(snapshot.status, RoomStatus::Other("haunted".to_owned()));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Features
//!
//! - `schema`: JSON Schemas of the wire types, by `schemars`, for a description of the API. Off by default.
//!
//! # Rust version
//!
//! Rust 1.91 or newer. A newer minimum is a change of the minor version.

#[macro_use]
pub mod read;
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
