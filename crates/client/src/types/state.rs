//! The nine states, and the room. Specification: *State Management*.

use std::fmt;
use std::time::Duration;

use registry_protocol::read::{Malformed, Node, Read};
use registry_protocol::{EpochMs, JoinCode, RoomCode, Token, UserName};

use crate::describe::members;

/// Where a client is. Specification: `ConnectionState`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

    /// The specification's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Creating => "creating",
            Self::Created => "created",
            Self::Joining => "joining",
            Self::Joined => "joined",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Error => "error",
        }
    }

    /// The state for the specification's word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

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

impl fmt::Display for ConnectionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of the two peers this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Made the room; offers.
    Host,
    /// Joined the room; answers.
    Guest,
}

impl Role {
    /// The specification's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
        }
    }
}

/// The room a client is in. Specification: `RoomInfo`, and for the host its join code, which must reach the guest.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomInfo {
    /// The room's public name.
    pub code: RoomCode,
    /// What the host calls itself, where known.
    pub host_user_name: Option<UserName>,
    /// What the guest calls itself, where known.
    pub guest_user_name: Option<UserName>,
    /// This side's role.
    pub role: Role,
    /// This side's access token: a secret.
    pub token: Token,
    /// For the host: what admits the guest. A secret until the host shares it.
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

impl Read for Role {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        let word = String::read(node, name)?;
        [Self::Host, Self::Guest].into_iter().find(|role| role.as_str() == word).ok_or(Malformed(name))
    }
}

// Everything is said, secrets included: it is for the application and for the store of a reload.
members!(RoomInfo {
    code: "code",
    host_user_name: "hostUserName",
    guest_user_name: "guestUserName",
    role: "role",
    token: "token",
    join_code: "joinCode",
    expires_at: "expiresAt",
});
