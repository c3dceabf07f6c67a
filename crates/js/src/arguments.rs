//! Arguments of JavaScript, and what is said of those that make no sense.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error;
use crate::value::to_json;

/// An error with code `bad_argument`.
pub fn refused(reason: impl Display) -> JsValue {
    error::misuse("bad_argument", &reason.to_string())
}

pub(crate) fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| refused(format_args!("{name} must be a string")))
}

/// An argument as JSON of some type.
///
/// # Errors
/// `RegistryClientError` with code `bad_argument`, which never repeats what was found.
pub fn read<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsValue> {
    let json = to_json(value).map_err(|reason| refused(format_args!("{name}: {reason}")))?;
    json.read().map_err(|malformed| refused(format_args!("{name}: {malformed}")))
}
