use std::cell::RefCell;
use std::future::ready;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use js_sys::{Array, Promise};
use registry_client::browser::LocalSpawner;
use registry_client::config::ClientFuture;
use registry_client::interfaces::clock::Spawner;
use registry_client::{Event, WebRtcRegistryClient};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use crate::arguments::text;
use crate::events::Selector;
use crate::inner::{Arguments, Inner};
use crate::value::{outcome_name, parsed, to_js, with_messages};
use crate::{config, error, value};

/// The specification's `WebRTCRegistryClient`. Its types for TypeScript are in `js/client.d.ts`.
///
/// A client created by JavaScript keeps working until `closeRoom` or an error ends it, even if only its callbacks are still
/// reachable. After `dispose` every call is an error with code `disposed`.
#[wasm_bindgen(js_name = WebRTCRegistryClient, skip_typescript)]
pub struct WebRtcRegistryClientJs {
    /// Away after `dispose`.
    inner: RefCell<Option<Rc<Inner>>>,
}

impl WebRtcRegistryClientJs {
    /// Wraps a client that its owner keeps: both see the same room, states and messages.
    pub fn from_client(client: WebRtcRegistryClient) -> Self {
        Self { inner: RefCell::new(Some(Inner::shared(client))) }
    }

    fn inner(&self) -> Result<Rc<Inner>, JsValue> {
        self.inner.borrow().clone().ok_or_else(|| {
            error::misuse("disposed", "the client was disposed: create another one with new WebRTCRegistryClient")
        })
    }

    fn client(&self) -> Result<WebRtcRegistryClient, JsValue> {
        Ok(self.inner()?.client().clone())
    }

    /// Makes a call that takes time.
    fn call<T: 'static>(
        &self,
        begin: impl FnOnce(&WebRtcRegistryClient) -> Result<ClientFuture<T>, JsValue>,
        read: fn(T) -> JsValue,
    ) -> Promise {
        match self.client().and_then(|client| begin(&client)) {
            Ok(outcome) => settle(outcome, read),
            Err(refusal) => Promise::reject(&refusal),
        }
    }

    /// Calls `callback` with what `pick` returns for each event of the trace.
    fn listen(&self, callback: &JsValue, pick: fn(&Event) -> Option<JsValue>) -> Result<JsValue, JsValue> {
        self.inner()?.listen(callback, Box::new(move |_, entry| pick(&entry.event).map(Arguments::One)))
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
        let inner = Inner::owned(WebRtcRegistryClient::new(config, dependencies));
        Ok(Self { inner: RefCell::new(Some(inner)) })
    }

    /// The class of all errors, for `instanceof`.
    #[wasm_bindgen(js_name = errorClass)]
    pub fn error_class() -> JsValue {
        error::class()
    }

    /// Creates a room; resolves to its code.
    #[wasm_bindgen(js_name = createRoom)]
    pub fn create_room(&self, host_user_name: &JsValue) -> Promise {
        self.call(
            |client| Ok(client.create_room(&text(host_user_name, "hostUserName")?)),
            |room| room.code.as_str().into(),
        )
    }

    /// Joins a room.
    #[wasm_bindgen(js_name = joinRoom)]
    pub fn join_room(&self, room_code: &JsValue, join_code: &JsValue, guest_user_name: &JsValue) -> Promise {
        self.call(
            |client| {
                let (room, join) = (text(room_code, "roomCode")?, text(join_code, "joinCode")?);
                Ok(client.join_room(&room, &join, &text(guest_user_name, "guestUserName")?))
            },
            |_| JsValue::UNDEFINED,
        )
    }

    /// Replaces the join code of the host's room; resolves to the new one.
    #[wasm_bindgen(js_name = replaceJoinCode)]
    pub fn replace_join_code(&self) -> Promise {
        self.call(
            |client| Ok(client.replace_join_code()),
            |room| room.join_code.map_or(JsValue::UNDEFINED, |code| code.as_str().into()),
        )
    }

    /// Starts the handshake, or retries immediately to restore a lost connection; resolves when the data channel is open.
    #[wasm_bindgen(js_name = startConnection)]
    pub fn start_connection(&self) -> Promise {
        self.call(|client| Ok(client.start_connection()), |()| JsValue::UNDEFINED)
    }

    /// Sends any JSON value; returns `"sent"` or `"buffered"`.
    ///
    /// # Errors
    /// `RegistryClientError`: not connected, not JSON or changed by it, too large, a full buffer, or an error of the browser.
    #[wasm_bindgen(js_name = sendMessage)]
    pub fn send_message(&self, message: &JsValue) -> Result<JsValue, JsValue> {
        let client = self.client()?;
        let message = value::message(message)
            .map_err(|reason| error::misuse("bad_argument", &format!("the message cannot be sent: {reason}")))?;
        client.send_message(message).map(outcome_name).map_err(|error| error::of(&error))
    }

    /// Ends everything, after delivering accepted messages for at most `closeTimeout`.
    #[wasm_bindgen(js_name = closeRoom)]
    pub fn close_room(&self) -> Promise {
        // The client lives until that is done, even if nobody else keeps it.
        let close = |client: &WebRtcRegistryClient| -> Result<ClientFuture<()>, JsValue> {
            let (client, closed) = (client.clone(), client.close_room());
            Ok(Box::pin(closed.map(move |()| {
                drop(client);
                Ok(())
            })))
        };
        self.call(close, |()| JsValue::UNDEFINED)
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
        self.inner()?
            .listen(callback, Box::new(move |inner, entry| selector.arguments(inner, entry).map(Arguments::Many)))
    }

    /// Replaces the STUN and TURN servers, or what gives them, from the next connection and the next restart of ICE on.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`, which says what is wrong with them.
    #[wasm_bindgen(js_name = setIceServers)]
    pub fn set_ice_servers(&self, ice_servers: &JsValue) -> Result<(), JsValue> {
        let client = self.client()?;
        let servers = config::ice_servers(ice_servers).map_err(|message| error::misuse("bad_argument", &message))?;
        client.set_ice_servers(servers);
        Ok(())
    }

    /// The state.
    ///
    /// # Errors
    /// Here and in what follows: `RegistryClientError` with code `disposed`, after `dispose`.
    #[wasm_bindgen(js_name = getConnectionState)]
    pub fn connection_state(&self) -> Result<JsValue, JsValue> {
        Ok(self.client()?.connection_state().as_str().into())
    }

    /// The room, or `null`.
    ///
    /// # Errors
    /// As above.
    #[wasm_bindgen(js_name = getRoomInfo)]
    pub fn room_info(&self) -> Result<JsValue, JsValue> {
        Ok(self.client()?.room_info().map_or(JsValue::NULL, |room| to_js(&room)))
    }

    /// How much is waiting or unacknowledged.
    ///
    /// # Errors
    /// As above.
    #[wasm_bindgen(js_name = getBuffer)]
    pub fn buffer(&self) -> Result<JsValue, JsValue> {
        Ok(to_js(&self.client()?.buffer()))
    }

    /// The network has changed: reacts without waiting for timeouts.
    ///
    /// # Errors
    /// As above.
    #[wasm_bindgen(js_name = networkChanged)]
    pub fn network_changed(&self) -> Result<(), JsValue> {
        self.client()?.network_changed();
        Ok(())
    }

    /// Breaks the connection, for testing.
    ///
    /// # Errors
    /// As above.
    pub fn cut(&self) -> Result<(), JsValue> {
        self.client()?.cut();
        Ok(())
    }

    /// Resumes the connection that the page had before it was reloaded; resolves to whether there was one. Only for a client
    /// created with `resume`.
    pub fn resume(&self) -> Promise {
        let resume = |client: &WebRtcRegistryClient| -> Result<ClientFuture<bool>, JsValue> {
            Ok(match client.resume() {
                Some(resumed) => Box::pin(resumed.map(|outcome| outcome.map(|()| true))),
                None => Box::pin(ready(Ok(false))),
            })
        };
        self.call(resume, JsValue::from_bool)
    }

    /// All events, oldest first.
    ///
    /// # Errors
    /// As above.
    #[wasm_bindgen(js_name = getTrace)]
    pub fn trace(&self) -> Result<JsValue, JsValue> {
        let events = self.client()?.trace().events();
        Ok(events.iter().map(|entry| with_messages(&**entry)).collect::<Array>().into())
    }

    /// Removes all listeners, and closes the room without waiting for that. A client that its owner shares with scripts stays
    /// usable.
    pub fn dispose(&self) {
        let Ok(inner) = self.inner() else { return };
        if inner.is_owned() {
            self.inner.take();
        }
        inner.stop_all();
        let closed = inner.client().close_room();
        LocalSpawner.spawn(Box::pin(closed.map(move |()| drop(inner))));
    }

    /// `dispose`, by the name under which wasm-bindgen makes it `[Symbol.dispose]`. The object itself belongs to the garbage
    /// collector.
    pub fn free(&self) {
        self.dispose();
    }
}

fn settle<T: 'static>(outcome: ClientFuture<T>, read: fn(T) -> JsValue) -> Promise {
    promise(Box::pin(outcome.map(move |outcome| outcome.map(read).map_err(|error| error::of(&error)))))
}

/// All promises are made here: each type of future that is converted costs as much code as the first.
fn promise(outcome: LocalBoxFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    future_to_promise(outcome)
}
