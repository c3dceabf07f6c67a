//! Who keeps the state. Specification: *StateManager Interface*, *State Management*.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::error::StateError;
use crate::interfaces::webrtc::{DataChannel, PeerConnection};
pub use crate::types::state::{ConnectionState, Role, RoomInfo, RoomLife};

/// Keeps what a client holds between events.
///
/// It stores; the protocol itself decides. What it returns is what was set last, or the initial value after `reset`:
/// `Idle`, and nothing else.
pub trait StateManager {
    /// The state.
    fn get_state(&self) -> ConnectionState;
    /// Stores a state.
    ///
    /// # Errors
    /// [`StateError::InvalidTransition`] when the state machine has no such transition; then nothing changes.
    fn set_state(&self, state: ConnectionState) -> Result<(), StateError>;
    /// The room.
    fn get_room_info(&self) -> Option<RoomInfo>;
    /// Stores the room.
    fn set_room_info(&self, room: RoomInfo);
    /// The peer connection.
    fn get_peer_connection(&self) -> Option<Rc<dyn PeerConnection>>;
    /// Stores the peer connection.
    fn set_peer_connection(&self, connection: Rc<dyn PeerConnection>);
    /// The application's data channel.
    fn get_data_channel(&self) -> Option<Rc<dyn DataChannel>>;
    /// Stores the application's data channel.
    fn set_data_channel(&self, channel: Rc<dyn DataChannel>);
    /// Forgets the peer connection and the data channel, but neither state nor room.
    fn forget_connection(&self);
    /// Forgets everything.
    fn reset(&self);
}

/// The default [`StateManager`]: in memory.
#[derive(Default)]
pub struct MemoryStateManager {
    state: Cell<ConnectionState>,
    room: RefCell<Option<RoomInfo>>,
    connection: RefCell<Option<Rc<dyn PeerConnection>>>,
    channel: RefCell<Option<Rc<dyn DataChannel>>>,
}

impl MemoryStateManager {
    /// For tests: one that is in `state`.
    #[cfg(test)]
    pub(super) fn at(state: ConnectionState) -> Self {
        Self { state: Cell::new(state), ..Self::default() }
    }
}

impl StateManager for MemoryStateManager {
    fn get_state(&self) -> ConnectionState {
        self.state.get()
    }

    fn set_state(&self, state: ConnectionState) -> Result<(), StateError> {
        self.state.get().check(state)?;
        self.state.set(state);
        Ok(())
    }

    fn get_room_info(&self) -> Option<RoomInfo> {
        self.room.borrow().clone()
    }

    fn set_room_info(&self, room: RoomInfo) {
        self.room.replace(Some(room));
    }

    fn get_peer_connection(&self) -> Option<Rc<dyn PeerConnection>> {
        self.connection.borrow().clone()
    }

    fn set_peer_connection(&self, connection: Rc<dyn PeerConnection>) {
        self.connection.replace(Some(connection));
    }

    fn get_data_channel(&self) -> Option<Rc<dyn DataChannel>> {
        self.channel.borrow().clone()
    }

    fn set_data_channel(&self, channel: Rc<dyn DataChannel>) {
        self.channel.replace(Some(channel));
    }

    fn forget_connection(&self) {
        self.connection.take();
        self.channel.take();
    }

    fn reset(&self) {
        self.state.take();
        self.room.take();
        self.forget_connection();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::StateError;
    use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Error, Idle, Joined, Joining};

    /// The whole table of `docs/ARCHITECTURE.md`, written out.
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

    #[test]
    fn reset_forgets_everything() {
        let manager = MemoryStateManager::at(ConnectionState::Error);
        manager.reset();
        assert_eq!(manager.get_state(), ConnectionState::Idle);
        assert_eq!(manager.get_room_info(), None);
        assert!(manager.get_peer_connection().is_none() && manager.get_data_channel().is_none());
    }
}
