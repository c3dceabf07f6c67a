use std::cell::{Cell, RefCell};

use registry_client::ConnectionState;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error;

/// The specification's `StateManager`: keeps a client's state, and admits only the transitions that there are. Its types for
/// TypeScript are in `js/specification.d.ts`.
#[wasm_bindgen(js_name = StateManager, skip_typescript)]
#[derive(Default)]
pub struct StateManagerJs {
    state: Cell<ConnectionState>,
    kept: RefCell<Kept>,
}

/// What belongs to JavaScript; `None` is its `null`.
#[derive(Default)]
struct Kept {
    room: Option<JsValue>,
    connection: Option<JsValue>,
    channel: Option<JsValue>,
}

#[wasm_bindgen(js_class = StateManager)]
impl StateManagerJs {
    /// In state `idle`.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state.
    #[wasm_bindgen(js_name = getState)]
    pub fn state(&self) -> JsValue {
        self.state.get().as_str().into()
    }

    /// Enters a state.
    ///
    /// # Errors
    /// `RegistryClientError` with code `invalid_transition`, which names both states, or `bad_argument`.
    #[wasm_bindgen(js_name = setState)]
    pub fn set_state(&self, state: &JsValue) -> Result<(), JsValue> {
        let to = state.as_string().and_then(|word| word.parse::<ConnectionState>().ok());
        let to = to.ok_or_else(|| error::misuse("bad_argument", "the state must be one of ConnectionState"))?;
        let from = self.state.get();
        if from != to {
            from.check(to).map_err(|refusal| error::misuse("invalid_transition", &refusal.to_string()))?;
        }
        self.state.set(to);
        Ok(())
    }

    /// The room, or `null`.
    #[wasm_bindgen(js_name = getRoomInfo)]
    pub fn room_info(&self) -> JsValue {
        or_null(&self.kept.borrow().room)
    }

    /// Keeps the room.
    #[wasm_bindgen(js_name = setRoomInfo)]
    pub fn set_room_info(&self, room: JsValue) {
        self.kept.borrow_mut().room = Some(room);
    }

    /// The peer connection, or `null`.
    #[wasm_bindgen(js_name = getPeerConnection)]
    pub fn peer_connection(&self) -> JsValue {
        or_null(&self.kept.borrow().connection)
    }

    /// Keeps the peer connection.
    #[wasm_bindgen(js_name = setPeerConnection)]
    pub fn set_peer_connection(&self, connection: JsValue) {
        self.kept.borrow_mut().connection = Some(connection);
    }

    /// The data channel, or `null`.
    #[wasm_bindgen(js_name = getDataChannel)]
    pub fn data_channel(&self) -> JsValue {
        or_null(&self.kept.borrow().channel)
    }

    /// Keeps the data channel.
    #[wasm_bindgen(js_name = setDataChannel)]
    pub fn set_data_channel(&self, channel: JsValue) {
        self.kept.borrow_mut().channel = Some(channel);
    }

    /// Nothing has to be freed: the object belongs to the garbage collector.
    pub fn free(&self) {}

    /// Forgets everything, and is `idle`.
    pub fn reset(&self) {
        self.state.take();
        self.kept.take();
    }
}

fn or_null(kept: &Option<JsValue>) -> JsValue {
    kept.clone().unwrap_or(JsValue::NULL)
}
