//! The HTTP API between a client and a Registry: wire types, identifiers, limits and error codes.
//!
//! The crate parses rather than validates: a [`RoomCode`] that exists is well-formed. It uses no clock, socket or random
//! source, and it tolerates the unknown: unknown JSON fields are ignored and unknown enum values are kept in an `Other`
//! variant, so that an older client works with a newer Registry and vice versa.
//!
//! Secrets ([`Token`], [`JoinCode`]) do not implement `Serialize`. The few fields that carry one say so with
//! `serialize_with`.
//!
//! ```
//! use registry_protocol::{JoinCode, RoomCode, RoomCreationResponse, RoomSnapshot, RoomStatus};
//!
//! let answer = r#"{"code":"ACDE2345","joinCode":"123456","ownerToken":"secret","expiresAt":1763800000000,"new":1}"#;
//! let room: RoomCreationResponse = serde_json::from_str(answer)?;
//! assert_eq!(room.code, RoomCode::parse("ACDE2345").unwrap());
//! assert_eq!(format!("{:?}", room.join_code), "JoinCode(***)"); // secrets do not print
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
//! - `schema`: JSON Schemas of the wire types (`schemars`), for an OpenAPI document. Off by default.
//!
//! # Rust version
//!
//! Rust 1.91 or newer. Raising it is a minor version change.

mod error;
mod ids;
pub mod limits;
mod messages;
mod role;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod time;
pub mod tolerant;

pub use error::{ErrorBody, ErrorCode, ErrorEnvelope};
pub use ids::{JoinCode, ParseIdError, RoomCode, Token, UserName};
pub use messages::{
    CandidateItem, CandidateList, CandidateMode, CreateRoomRequest, ExchangeRequest, JoinCodeResponse, JoinRoomRequest,
    PublicRoomInfo, RoomCreationResponse, RoomJoinResponse, RoomSnapshot, RoomStatus,
};
pub use role::Role;
pub use session::{CandidateError, IceCandidate, SdpError, SdpType, SessionDescription, WrongSdpType};
pub use time::EpochMs;

/// The request header that carries an access token.
pub const TOKEN_HEADER: &str = "X-Access-Token";
/// The header that every `POST` carries. It forces a CORS preflight and so protects against cross-site request forgery.
pub const VERSION_HEADER: &str = "X-Registry-Version";
/// The only defined value of [`VERSION_HEADER`].
pub const VERSION: &str = "1";
