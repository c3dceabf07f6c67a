//! The nine states, and the room. Specification: *State Management*.

use std::time::Duration;

pub use registry_protocol::Role;
use registry_protocol::{EpochMs, JoinCode, RoomCode, Token, UserName};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// Where a client is. Specification: `ConnectionState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum ConnectionState {
    /// No room.
    #[default]
    Idle,
    /// A room is being made.
    Creating,
    /// The host's room is there.
    Created,
    /// A room is being joined.
    Joining,
    /// The guest is in the room.
    Joined,
    /// The handshake is under way.
    Connecting,
    /// The data channel is open.
    Connected,
    /// The connection was there and is not now.
    Disconnected,
    /// Something failed.
    Error,
}

impl ConnectionState {
    /// All nine, in the order of a connection's life.
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

    /// Whether the state machine may go from here to `next`.
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
    /// The room's public name.
    pub code: RoomCode,
    /// What the host calls itself, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_user_name: Option<UserName>,
    /// What the guest calls itself, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_user_name: Option<UserName>,
    /// This side's role.
    pub role: Role,
    /// This side's access token: a secret.
    #[serde(serialize_with = "Token::expose")]
    pub token: Token,
    /// For the host: what admits the guest. A secret until the host shares it.
    #[serde(default, serialize_with = "JoinCode::expose_option", skip_serializing_if = "Option::is_none")]
    pub join_code: Option<JoinCode>,
    /// When the room expires, by the Registry's clock and as it said last; what happens in a room makes it live longer.
    pub expires_at: EpochMs,
}

/// What a client knows of how long its room lives. Only the Registry knows when it is over; the device's clock says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoomLife {
    /// Until this time of the client's monotonic clock, or longer if something happens in the room before.
    Until(Duration),
    /// Something has happened in the room since the Registry last said until when; or there is no room.
    #[default]
    Unknown,
    /// It is over: closed or expired.
    Over,
}
