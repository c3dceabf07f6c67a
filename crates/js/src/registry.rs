use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use js_sys::Promise;
use registry_client::browser::js;
use registry_client::error::Diagnostics;
use registry_client::interfaces::registry::{CallFuture, HttpRegistryClient, RegistryClient};
use registry_client::json::Json;
use registry_client::protocol::{JoinCode, RoomCode, Token, UserName};
use registry_client::{Error, Settings, Trace};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use crate::arguments::{read, refused, text};
use crate::inject::JsHttpClient;
use crate::value::parsed;
use crate::{config, error};

/// The specification's `RegistryClient`: the nine calls of a Registry, each with a deadline. Its types for TypeScript are in
/// `js/specification.d.ts`.
#[wasm_bindgen(js_name = RegistryClient, skip_typescript)]
pub struct RegistryClientJs(HttpRegistryClient);

#[wasm_bindgen(js_class = RegistryClient)]
impl RegistryClientJs {
    /// A client of the Registry in the configuration, which may have an `httpClient` and a `requestTimeout`. What else belongs to
    /// a `WebRTCClientConfig` has no effect.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_config`, naming the field.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsValue) -> Result<Self, JsValue> {
        Self::make(config).map_err(|message| error::misuse("bad_config", &message))
    }

    fn make(config: &JsValue) -> Result<Self, String> {
        if !config.is_object() {
            return Err("the configuration must be an object with registryApiUrl".to_owned());
        }
        config::check_names(config)?;
        let mut outside = config::outside();
        let own_http = js::get_some(config, "httpClient").map(JsHttpClient::new).transpose()?;
        let registry_api_url = config::address(config, own_http.is_none())?;
        if let Some(http) = own_http {
            outside.http = Rc::new(http);
        }
        let timeout = match js::get_some(config, "requestTimeout") {
            None => Settings::default().request_timeout,
            Some(ms) => {
                let ms = ms.as_f64().filter(|ms| *ms >= 1.0 && *ms <= 1e9);
                Duration::from_millis(ms.ok_or("requestTimeout must be a time in milliseconds, above 0")? as u64)
            }
        };
        let trace = Rc::new(Trace::new(Rc::clone(&outside.clock)));
        Ok(Self(HttpRegistryClient::new(&registry_api_url, timeout, outside.http, outside.clock, trace)))
    }

    /// Creates a room.
    #[wasm_bindgen(js_name = createRoom)]
    pub fn create_room(&self, host_user_name: &JsValue) -> Promise {
        answer(name(host_user_name).map(|name| self.0.create_room(name)))
    }

    /// What everybody may know of a room.
    #[wasm_bindgen(js_name = getPublicRoomInfo)]
    pub fn public_room_info(&self, room_code: &JsValue) -> Promise {
        answer(code(room_code).map(|room| self.0.get_public_room_info(room)))
    }

    /// Joins a room.
    #[wasm_bindgen(js_name = joinRoom)]
    pub fn join_room(&self, room_code: &JsValue, join_code: &JsValue, guest_user_name: &JsValue) -> Promise {
        let join = |room| {
            let join_code = JoinCode::parse(text(join_code, "joinCode")?).map_err(refused)?;
            Ok(self.0.join_room(room, join_code, name(guest_user_name)?))
        };
        answer(code(room_code).and_then(join))
    }

    /// Posts the host's offer.
    #[wasm_bindgen(js_name = postOffer)]
    pub fn post_offer(&self, room_code: &JsValue, access_token: &JsValue, offer: &JsValue) -> Promise {
        let post = |(room, token)| Ok(self.0.post_offer(room, token, read(offer, "the offer")?));
        nothing(place(room_code, access_token).and_then(post))
    }

    /// Posts the guest's answer.
    #[wasm_bindgen(js_name = postAnswer)]
    pub fn post_answer(&self, room_code: &JsValue, access_token: &JsValue, answer: &JsValue) -> Promise {
        let post = |(room, token)| Ok(self.0.post_answer(room, token, read(answer, "the answer")?));
        nothing(place(room_code, access_token).and_then(post))
    }

    /// Posts a candidate.
    #[wasm_bindgen(js_name = postCandidate)]
    pub fn post_candidate(&self, room_code: &JsValue, access_token: &JsValue, candidate: &JsValue) -> Promise {
        let post = |(room, token)| Ok(self.0.post_candidate(room, token, read(candidate, "the candidate")?));
        nothing(place(room_code, access_token).and_then(post))
    }

    /// The state of a room.
    #[wasm_bindgen(js_name = getRoom)]
    pub fn room(&self, room_code: &JsValue, access_token: &JsValue) -> Promise {
        answer(place(room_code, access_token).map(|(room, token)| self.0.get_room(room, token)))
    }

    /// The peer's candidates.
    #[wasm_bindgen(js_name = getCandidates)]
    pub fn candidates(&self, room_code: &JsValue, access_token: &JsValue) -> Promise {
        answer(place(room_code, access_token).map(|(room, token)| self.0.get_candidates(room, token)))
    }

    /// Nothing has to be freed: the object belongs to the garbage collector.
    pub fn free(&self) {}

    /// Closes a room.
    #[wasm_bindgen(js_name = closeRoom)]
    pub fn close_room(&self, room_code: &JsValue, access_token: &JsValue) -> Promise {
        nothing(place(room_code, access_token).map(|(room, token)| self.0.close_room(room, token, false)))
    }
}

/// The outcome of a call as JavaScript has it.
fn answer<T: Serialize + 'static>(call: Result<CallFuture<T>, JsValue>) -> Promise {
    promise(call.map(|call| call.map(|outcome| outcome.map(|value| Some(Json::of(&value)))).boxed_local()))
}

/// The outcome of a call without result.
fn nothing(call: Result<CallFuture<()>, JsValue>) -> Promise {
    promise(call.map(|call| call.map(|outcome| outcome.map(|()| None)).boxed_local()))
}

fn promise(call: Result<CallFuture<Option<Json>>, JsValue>) -> Promise {
    match call {
        Ok(call) => future_to_promise(call.map(|outcome| match outcome {
            Ok(value) => Ok(value.map_or(JsValue::UNDEFINED, |value| parsed(&value))),
            Err(failure) => Err(error::of(&Error::new(failure, Diagnostics::default()))),
        })),
        Err(refusal) => Promise::reject(&refusal),
    }
}

fn name(value: &JsValue) -> Result<UserName, JsValue> {
    UserName::parse(text(value, "the user name")?).map_err(refused)
}

fn code(value: &JsValue) -> Result<RoomCode, JsValue> {
    RoomCode::parse(text(value, "roomCode")?).map_err(refused)
}

/// A room, and access to it.
fn place(room_code: &JsValue, access_token: &JsValue) -> Result<(RoomCode, Token), JsValue> {
    Ok((code(room_code)?, Token::parse(text(access_token, "token")?).map_err(refused)?))
}
