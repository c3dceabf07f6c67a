//! The nine states, and who keeps them. Specification: *StateManager Interface*, *State Management*.

mod manager;

use std::time::Duration;

use registry_protocol::{EpochMs, JoinCode, RoomCode, Token, UserName};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::error::StateError;

pub use manager::{MemoryStateManager, StateManager};

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

    /// Checks a transition.
    ///
    /// # Errors
    /// [`StateError::InvalidTransition`], naming both states.
    pub fn check(self, next: Self) -> Result<(), StateError> {
        if self.may_become(next) { Ok(()) } else { Err(StateError::InvalidTransition { from: self, to: next }) }
    }
}

/// Which of the two peers this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// Made the room; offers.
    Host,
    /// Joined the room; answers.
    Guest,
}

as_str!(ConnectionState, Role);

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

#[cfg(test)]
mod tests {
    use super::*;
    use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Error, Idle, Joined, Joining};

    /// The whole table of `architecture.md`, written out.
    const LEGAL: [(ConnectionState, ConnectionState); 27] = [
        (Idle, Creating),
        (Idle, Joining),
        (Creating, Created),
        (Creating, Error),
        (Creating, Idle),
        (Created, Connecting),
        (Created, Idle),
        (Joining, Joined),
        (Joining, Error),
        (Joining, Idle),
        (Joined, Connecting),
        (Joined, Idle),
        (Connecting, Connected),
        (Connecting, Disconnected),
        (Connecting, Error),
        (Connecting, Idle),
        (Connected, Disconnected),
        (Connected, Error),
        (Connected, Idle),
        (Disconnected, Connecting),
        (Disconnected, Connected),
        (Disconnected, Error),
        (Disconnected, Idle),
        (Error, Creating),
        (Error, Joining),
        (Error, Connecting),
        (Error, Idle),
    ];

    fn at(state: ConnectionState) -> MemoryStateManager {
        MemoryStateManager::at(state)
    }

    #[test]
    fn every_legal_transition_is_taken_and_every_other_is_refused_and_changes_nothing() {
        for from in ConnectionState::ALL {
            for to in ConnectionState::ALL {
                let manager = at(from);
                let legal = LEGAL.contains(&(from, to));
                let outcome = manager.set_state(to);
                if legal {
                    assert_eq!((outcome, manager.get_state()), (Ok(()), to), "{from} → {to}");
                } else {
                    assert_eq!(outcome, Err(StateError::InvalidTransition { from, to }), "{from} → {to}");
                    assert_eq!(manager.get_state(), from);
                }
            }
        }
    }

    #[test]
    fn a_refused_transition_names_both_states_and_says_what_to_do() {
        let error = Idle.check(Connecting).unwrap_err().to_string();
        assert_eq!(error, "cannot go from idle to connecting: create or join a room first");
    }

    #[test]
    fn words_and_states_correspond() {
        for state in ConnectionState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("busy".parse::<ConnectionState>().is_err());
    }
}
