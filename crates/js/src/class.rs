use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use js_sys::{Array, Promise};
use registry_client::browser::LocalSpawner;
use registry_client::config::ClientFuture;
use registry_client::interfaces::clock::Spawner;
use registry_client::{Event, SendOutcome, WebRtcRegistryClient};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use crate::events::Selector;
use crate::inner::{Arguments, Inner};
use crate::value::{parsed, to_js, to_json, with_messages};
use crate::{config, error};

/// The specification's `WebRTCRegistryClient`. Its types for TypeScript are in `js/client.d.ts`.
///
/// A client created by JavaScript keeps working until `closeRoom` or an error ends it, even if only its callbacks are still
/// reachable. `free` releases the object; `dispose` also ends what it does.
#[wasm_bindgen(js_name = WebRTCRegistryClient, skip_typescript)]
pub struct WebRtcRegistryClientJs {
    inner: Rc<Inner>,
}

impl WebRtcRegistryClientJs {
    /// Wraps a client that its owner keeps: both see the same room, states and messages.
    pub fn from_client(client: WebRtcRegistryClient) -> Self {
        Self { inner: Inner::shared(client) }
    }

    fn client(&self) -> &WebRtcRegistryClient {
        self.inner.client()
    }

    /// Calls `callback` with what `pick` returns for each event of the trace.
    fn listen(&self, callback: &JsValue, pick: fn(&Event) -> Option<JsValue>) -> Result<JsValue, JsValue> {
        self.inner.listen(callback, Box::new(move |_, entry| pick(&entry.event).map(Arguments::One)))
    }
}

#[wasm_bindgen(js_class = WebRTCRegistryClient)]
impl WebRtcRegistryClientJs {
    /// Creates a client in state `idle`.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_config`, naming the field.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsValue) -> Result<Self, JsValue> {
        let (config, dependencies) = config::parse(config).map_err(|message| error::misuse("bad_config", &message))?;
        Ok(Self { inner: Inner::owned(WebRtcRegistryClient::new(config, dependencies)) })
    }

    /// The class of all errors, for `instanceof`.
    #[wasm_bindgen(js_name = errorClass)]
    pub fn error_class() -> JsValue {
        error::class()
    }

    /// Creates a room; resolves to its code.
    #[wasm_bindgen(js_name = createRoom)]
    pub fn create_room(&self, host_user_name: &JsValue) -> Promise {
        match text(host_user_name, "hostUserName") {
            Ok(name) => settle(self.client().create_room(&name), |room| room.code.as_str().into()),
            Err(refusal) => Promise::reject(&refusal),
        }
    }

    /// Joins a room.
    #[wasm_bindgen(js_name = joinRoom)]
    pub fn join_room(&self, room_code: &JsValue, join_code: &JsValue, guest_user_name: &JsValue) -> Promise {
        let texts = text(room_code, "roomCode")
            .and_then(|room| Ok((room, text(join_code, "joinCode")?, text(guest_user_name, "guestUserName")?)));
        match texts {
            Ok((room, join, name)) => settle(self.client().join_room(&room, &join, &name), |_| JsValue::UNDEFINED),
            Err(refusal) => Promise::reject(&refusal),
        }
    }

    /// Replaces the join code of the host's room; resolves to the new one.
    #[wasm_bindgen(js_name = replaceJoinCode)]
    pub fn replace_join_code(&self) -> Promise {
        settle(self.client().replace_join_code(), |room| {
            room.join_code.map_or(JsValue::UNDEFINED, |code| code.as_str().into())
        })
    }

    /// Starts the handshake, or retries immediately to restore a lost connection; resolves when the data channel is open.
    #[wasm_bindgen(js_name = startConnection)]
    pub fn start_connection(&self) -> Promise {
        settle(self.client().start_connection(), |()| JsValue::UNDEFINED)
    }

    /// Sends any JSON value; returns `"sent"` or `"buffered"`.
    ///
    /// # Errors
    /// `RegistryClientError`: not connected, not JSON, too large, a full buffer, or an error of the browser.
    #[wasm_bindgen(js_name = sendMessage)]
    pub fn send_message(&self, message: &JsValue) -> Result<JsValue, JsValue> {
        let message = to_json(message)
            .map_err(|reason| error::misuse("bad_argument", &format!("the message is not JSON: {reason}")))?;
        self.client().send_message(message).map(outcome_name).map_err(|error| error::of(&error))
    }

    /// Ends everything, after delivering accepted messages for at most `closeTimeout`.
    #[wasm_bindgen(js_name = closeRoom)]
    pub fn close_room(&self) -> Promise {
        let closed = self.client().close_room();
        promise(Box::pin(closed.map(|()| Ok(JsValue::UNDEFINED))))
    }

    /// Calls `callback` with every new state; returns a function that removes the listener.
    ///
    /// # Errors
    /// `RegistryClientError` if the callback is not a function.
    #[wasm_bindgen(js_name = onStateChange)]
    pub fn on_state_change(&self, callback: &JsValue) -> Result<JsValue, JsValue> {
        self.listen(callback, |event| match event {
            Event::State { to, .. } => Some(to.as_str().into()),
            _ => None,
        })
    }

    /// Calls `callback` with every message of the peer; returns a function that removes the listener.
    ///
    /// # Errors
    /// `RegistryClientError` if the callback is not a function.
    #[wasm_bindgen(js_name = onMessage)]
    pub fn on_message(&self, callback: &JsValue) -> Result<JsValue, JsValue> {
        self.listen(callback, |event| match event {
            Event::Message { data, .. } => Some(parsed(data)),
            _ => None,
        })
    }

    /// Calls `callback` with every error; returns a function that removes the listener.
    ///
    /// # Errors
    /// `RegistryClientError` if the callback is not a function.
    #[wasm_bindgen(js_name = onError)]
    pub fn on_error(&self, callback: &JsValue) -> Result<JsValue, JsValue> {
        self.listen(callback, |event| match event {
            Event::Failure(failure) => Some(error::of(failure)),
            _ => None,
        })
    }

    /// Calls `callback` with every event of that name, or with every event for `*`; returns a function that removes the listener.
    ///
    /// # Errors
    /// `RegistryClientError` if the name is not a string or the callback not a function.
    pub fn on(&self, name: &JsValue, callback: &JsValue) -> Result<JsValue, JsValue> {
        let selector = Selector::new(text(name, "the name of an event")?);
        self.inner.listen(callback, Box::new(move |inner, entry| selector.arguments(inner, entry).map(Arguments::Many)))
    }

    /// The state.
    #[wasm_bindgen(js_name = getConnectionState)]
    pub fn connection_state(&self) -> JsValue {
        self.client().connection_state().as_str().into()
    }

    /// The room, or `null`.
    #[wasm_bindgen(js_name = getRoomInfo)]
    pub fn room_info(&self) -> JsValue {
        self.client().room_info().map_or(JsValue::NULL, |room| to_js(&room))
    }

    /// How much is waiting or unacknowledged.
    #[wasm_bindgen(js_name = getBuffer)]
    pub fn buffer(&self) -> JsValue {
        to_js(&self.client().buffer())
    }

    /// The network has changed: reacts without waiting for timeouts.
    #[wasm_bindgen(js_name = networkChanged)]
    pub fn network_changed(&self) {
        self.client().network_changed();
    }

    /// Breaks the connection, for testing.
    pub fn cut(&self) {
        self.client().cut();
    }

    /// Resumes the connection that the page had before it was reloaded; resolves to whether there was one. Only for a client
    /// created with `resume`.
    pub fn resume(&self) -> Promise {
        match self.client().resume() {
            Some(resumed) => settle(resumed, |()| JsValue::TRUE),
            None => Promise::resolve(&JsValue::FALSE),
        }
    }

    /// All events, oldest first.
    #[wasm_bindgen(js_name = getTrace)]
    pub fn trace(&self) -> JsValue {
        let events = self.client().trace().events();
        events.iter().map(|entry| with_messages(&**entry)).collect::<Array>().into()
    }

    /// Removes all listeners, and closes the room without waiting for that.
    pub fn dispose(&self) {
        self.inner.stop_all();
        let (inner, closed) = (Rc::clone(&self.inner), self.client().close_room());
        LocalSpawner.spawn(Box::pin(closed.map(move |()| drop(inner))));
    }
}

thread_local! {
    /// The names of the outcomes, as JavaScript has them: one is returned for each message.
    static SENT: JsValue = SendOutcome::Sent.as_str().into();
    static BUFFERED: JsValue = SendOutcome::Buffered.as_str().into();
}

fn outcome_name(outcome: SendOutcome) -> JsValue {
    let name = match outcome {
        SendOutcome::Sent => &SENT,
        SendOutcome::Buffered => &BUFFERED,
    };
    name.with(JsValue::clone)
}

fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| error::misuse("bad_argument", &format!("{name} must be a string")))
}

fn settle<T: 'static>(outcome: ClientFuture<T>, read: fn(T) -> JsValue) -> Promise {
    promise(Box::pin(outcome.map(move |outcome| outcome.map(read).map_err(|error| error::of(&error)))))
}

/// All promises are made here: each type of future that is converted costs as much code as the first.
fn promise(outcome: LocalBoxFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    future_to_promise(outcome)
}
