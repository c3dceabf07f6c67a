//! The nine states, and the room. Specification: *State Management*.

use std::time::Duration;

pub use registry_protocol::Role;
use registry_protocol::{EpochMs, JoinCode, RoomCode, Token, UserName};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// The state of a client. Specification: `ConnectionState`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ConnectionState {
    /// No room.
    #[default]
    Idle,
    /// A room is being created.
    Creating,
    /// The host has created its room.
    Created,
    /// A room is being joined.
    Joining,
    /// The guest has joined the room.
    Joined,
    /// The handshake is under way.
    Connecting,
    /// The data channel is open.
    Connected,
    /// The connection is interrupted.
    Disconnected,
    /// Something failed.
    Error,
}

impl ConnectionState {
    /// All nine, in the order of a connection's lifecycle.
    pub const ALL: [Self; 9] = [
        Self::Idle,
        Self::Creating,
        Self::Created,
        Self::Joining,
        Self::Joined,
        Self::Connecting,
        Self::Connected,
        Self::Disconnected,
        Self::Error,
    ];

    /// Whether the state machine has a transition from here to `next`.
    pub fn may_become(self, next: Self) -> bool {
        use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Error, Idle, Joined, Joining};
        match next {
            Idle => self != Idle,
            Creating | Joining => matches!(self, Idle | Error),
            Created => self == Creating,
            Joined => self == Joining,
            Connecting => matches!(self, Created | Joined | Disconnected | Error),
            Connected => matches!(self, Connecting | Disconnected),
            Disconnected => matches!(self, Connecting | Connected),
            Error => matches!(self, Creating | Joining | Connecting | Connected | Disconnected),
        }
    }
}

as_str!(ConnectionState);

/// The room a client is in. Specification: `RoomInfo`, plus the join code, which the host has to share with the guest.
///
/// It serializes with its secrets, because the application and the saved connection need them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomInfo {
    /// The room code.
    pub code: RoomCode,
    /// The host's user name, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_user_name: Option<UserName>,
    /// The guest's user name, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_user_name: Option<UserName>,
    /// The client's role.
    pub role: Role,
    /// The client's access token: a secret.
    #[serde(serialize_with = "Token::expose")]
    pub token: Token,
    /// For the host: the join code, which admits the guest. A secret until the host shares it.
    #[serde(default, serialize_with = "JoinCode::expose_option", skip_serializing_if = "Option::is_none")]
    pub join_code: Option<JoinCode>,
    /// When the room expires, by the Registry's clock, as of its latest response. Activity extends a room's lifetime.
    pub expires_at: EpochMs,
    /// Whether the Registry supports `POST /exchange`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exchange: bool,
}

/// What a client knows about its room's lifetime. Only the Registry knows when a room expires; the device's clock may be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoomLife {
    /// Until this time of the client's monotonic clock, or longer if there is activity in the room before.
    Until(Duration),
    /// There was activity in the room since the Registry last reported its expiry, or there is no room.
    #[default]
    Unknown,
    /// Closed or expired.
    Over,
}
