use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use registry_client::browser::{BrowserDataChannel, BrowserPeerConnection, js};
use registry_client::error::StateError;
use registry_client::interfaces::state::StateManager;
use registry_client::interfaces::webrtc::{DataChannel, PeerConnection};
use registry_client::{ConnectionState, RoomInfo};
use wasm_bindgen::JsValue;

use super::channel::JsDataChannel;
use super::require;
use super::webrtc::JsPeerConnection;
use crate::value::to_js;

/// An `IStateManager`. Only `getState` and `setState` are required. The rest is passed to it if it has the method, and kept
/// here.
pub(crate) struct JsStateManager {
    object: JsValue,
    state: Cell<ConnectionState>,
    room: RefCell<Option<RoomInfo>>,
    connection: RefCell<Option<Rc<dyn PeerConnection>>>,
    channel: RefCell<Option<Rc<dyn DataChannel>>>,
}

impl JsStateManager {
    pub(crate) fn new(object: JsValue) -> Result<Self, String> {
        let object = require(object, "stateManager", &["getState", "setState"])?;
        let (room, connection, channel) = (RefCell::default(), RefCell::default(), RefCell::default());
        Ok(Self { object, state: Cell::default(), room, connection, channel })
    }

    /// Calls the method if the object has it; returns false if it throws.
    fn tell(&self, method: &str, argument: Option<JsValue>) -> bool {
        js::get_function(&self.object, method).is_none() || js::call(&self.object, method, argument.as_slice()).is_ok()
    }
}

impl StateManager for JsStateManager {
    fn get_state(&self) -> ConnectionState {
        let word = js::call(&self.object, "getState", &[]).ok().and_then(|word| word.as_string());
        word.and_then(|word| word.parse().ok()).unwrap_or(self.state.get())
    }

    fn set_state(&self, state: ConnectionState) -> Result<(), StateError> {
        let from = self.get_state();
        from.check(state)?;
        if !self.tell("setState", Some(state.as_str().into())) {
            return Err(StateError::InvalidTransition { from, to: state });
        }
        self.state.set(state);
        Ok(())
    }

    fn get_room_info(&self) -> Option<RoomInfo> {
        self.room.borrow().clone()
    }

    fn set_room_info(&self, room: RoomInfo) {
        self.tell("setRoomInfo", Some(to_js(&room)));
        self.room.replace(Some(room));
    }

    fn get_peer_connection(&self) -> Option<Rc<dyn PeerConnection>> {
        self.connection.borrow().clone()
    }

    fn set_peer_connection(&self, connection: Rc<dyn PeerConnection>) {
        if let Some(raw) = raw_connection(connection.as_any()) {
            self.tell("setPeerConnection", Some(raw));
        }
        self.connection.replace(Some(connection));
    }

    fn get_data_channel(&self) -> Option<Rc<dyn DataChannel>> {
        self.channel.borrow().clone()
    }

    fn set_data_channel(&self, channel: Rc<dyn DataChannel>) {
        if let Some(raw) = raw_channel(channel.as_any()) {
            self.tell("setDataChannel", Some(raw));
        }
        self.channel.replace(Some(channel));
    }

    fn forget_connection(&self) {
        drop(self.connection.take());
        drop(self.channel.take());
    }

    fn reset(&self) {
        if js::get_function(&self.object, "reset").is_some() {
            self.tell("reset", None);
        } else {
            self.tell("setState", Some(ConnectionState::Idle.as_str().into()));
        }
        self.state.take();
        self.room.take();
        self.forget_connection();
    }
}

fn raw_connection(connection: &dyn Any) -> Option<JsValue> {
    let browser = connection.downcast_ref::<BrowserPeerConnection>().map(|of| of.raw().into());
    browser.or_else(|| connection.downcast_ref::<JsPeerConnection>().map(|of| of.raw().clone()))
}

fn raw_channel(channel: &dyn Any) -> Option<JsValue> {
    let browser = channel.downcast_ref::<BrowserDataChannel>().map(|of| of.raw().into());
    browser.or_else(|| channel.downcast_ref::<JsDataChannel>().map(|of| of.raw().clone()))
}
