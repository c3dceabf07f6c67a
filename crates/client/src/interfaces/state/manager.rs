use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{ConnectionState, RoomInfo};
use crate::error::StateError;
use crate::interfaces::webrtc::{DataChannel, PeerConnection};

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

    #[test]
    fn reset_forgets_everything() {
        let manager = MemoryStateManager::at(ConnectionState::Error);
        manager.reset();
        assert_eq!(manager.get_state(), ConnectionState::Idle);
        assert_eq!(manager.get_room_info(), None);
        assert!(manager.get_peer_connection().is_none() && manager.get_data_channel().is_none());
    }
}
