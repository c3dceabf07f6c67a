//! Values between Rust and JavaScript.

use js_sys::JSON;
use registry_client::SendOutcome;
use registry_client::browser::js;
use registry_client::json::Json;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/js/message.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn stringify(message: &JsValue) -> Result<String, JsValue>;
}

/// A JavaScript value, with plain objects for structs and `null` for `None`.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

/// The JavaScript value of a JSON text. The browser parses it, so that an application gets exactly what was sent; a text that is
/// not JSON stands for itself.
pub(crate) fn parsed(json: &Json) -> JsValue {
    JSON::parse(json.as_str()).unwrap_or_else(|_| json.as_str().into())
}

/// A JavaScript value of anything with a JSON. Messages, which travel as their text, become values.
pub fn with_messages(value: &impl Serialize) -> JsValue {
    parsed(&Json::of(value))
}

/// A JavaScript value as JSON.
///
/// # Errors
/// The message of `JSON.stringify` if the value has no JSON: `undefined`, a function, a cycle, a `BigInt`.
pub fn to_json(value: &JsValue) -> Result<Json, String> {
    let json: JsValue = JSON::stringify(value).map_err(|error| js::describe(&error))?.into();
    json.as_string().map(Json::from_text).ok_or_else(|| "it cannot be written as JSON".to_owned())
}

/// A message as JSON.
///
/// # Errors
/// Why it would not arrive as it is: what `JSON.stringify` refuses, and what it would leave out or change without a word.
pub fn message(value: &JsValue) -> Result<Json, String> {
    let reason = |thrown| js::get_string(&thrown, "message").unwrap_or_else(|| js::describe(&thrown));
    stringify(value).map(Json::from_text).map_err(reason)
}

thread_local! {
    /// The names of the outcomes, as JavaScript has them: one is returned for each message.
    static SENT: JsValue = SendOutcome::Sent.as_str().into();
    static BUFFERED: JsValue = SendOutcome::Buffered.as_str().into();
}

/// What became of a message.
pub(crate) fn outcome_name(outcome: SendOutcome) -> JsValue {
    let name = match outcome {
        SendOutcome::Sent => &SENT,
        SendOutcome::Buffered => &BUFFERED,
    };
    name.with(JsValue::clone)
}
