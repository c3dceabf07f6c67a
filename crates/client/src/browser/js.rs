//! Access to JavaScript objects of unknown shape, for adapters. It trusts nothing: a property that is missing or odd, or
//! whose getter throws, is reported or left out.
//!
//! web-sys and serde-wasm-bindgen read objects of a known shape; they pass on what a getter throws.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The property `key` of `object`; `undefined` if there is none, or if reading it throws.
pub fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The property `key` of `object`, unless it is `undefined` or `null`.
pub fn get_some(object: &JsValue, key: &str) -> Option<JsValue> {
    let value = get(object, key);
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The property `key` of `object`, if it is a string.
pub fn get_string(object: &JsValue, key: &str) -> Option<String> {
    get(object, key).as_string()
}

/// The property `key` of `object`, if it is an integer from 0 to 65535.
pub fn get_u16(object: &JsValue, key: &str) -> Option<u16> {
    let number = get(object, key).as_f64()?;
    (number.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&number)).then_some(number as u16)
}

/// The property `key` of `object`, if it is a function.
pub fn get_function(object: &JsValue, key: &str) -> Option<Function> {
    get(object, key).dyn_into().ok()
}

/// Sets the property `key` of `object`, if the object allows it.
pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// Calls the method `name` of `object`.
///
/// # Errors
/// What the method threw, or a text if there is no such method.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = get_function(object, name).ok_or_else(|| JsValue::from_str(&format!("there is no method {name}")))?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

/// The text of what was thrown: `TypeError: Failed to fetch`.
pub fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    match (get_string(thrown, "name"), get_string(thrown, "message")) {
        (Some(name), Some(message)) if !message.is_empty() => format!("{name}: {message}"),
        (Some(name), _) => name,
        (None, Some(message)) => message,
        (None, None) => "unknown error".to_owned(),
    }
}
