//! Arguments of JavaScript, and what is said of those that make no sense.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error;
use crate::value::to_json;

pub(crate) fn refused(reason: impl Display) -> JsValue {
    error::misuse("bad_argument", &reason.to_string())
}

pub(crate) fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| refused(format_args!("{name} must be a string")))
}

/// An object that has a JSON.
pub(crate) fn read<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsValue> {
    let json = to_json(value).map_err(|reason| refused(format_args!("{name}: {reason}")))?;
    json.read().map_err(|_| refused(format_args!("{name} is malformed")))
}
