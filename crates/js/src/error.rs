use registry_client::error::{Diagnostics, Error, ErrorKind};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::value::to_js;

#[wasm_bindgen(module = "/js/error.js")]
extern "C" {
    /// The subclass of `Error` for all errors of the client.
    #[wasm_bindgen(extends = js_sys::Error)]
    #[derive(Clone, Debug)]
    pub type RegistryClientError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &JsValue) -> RegistryClientError;

    #[wasm_bindgen(thread_local_v2, js_name = RegistryClientError)]
    static CLASS: JsValue;
}

/// The properties of a `RegistryClientError` beside its message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    kind: &'static str,
    code: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_sec: Option<f64>,
    diagnostics: &'a Diagnostics,
}

/// The class, for `instanceof`.
pub(crate) fn class() -> JsValue {
    CLASS.with(JsValue::clone)
}

/// The JavaScript error for an error of the client.
pub(crate) fn of(error: &Error) -> JsValue {
    let (status, retry_after) = match &error.kind {
        ErrorKind::Api(error) => (Some(error.status), error.retry_after),
        _ => (None, None),
    };
    make(
        &error.to_string(),
        &Fields {
            kind: error.kind.name(),
            code: error.kind.code(),
            retryable: error.kind.retryable(),
            status,
            retry_after_sec: retry_after.map(|after| after.as_secs_f64()),
            diagnostics: &error.diagnostics,
        },
    )
}

/// An error for an invalid argument or configuration.
pub(crate) fn misuse(code: &str, message: &str) -> JsValue {
    plain("state", code, message)
}

/// A `RegistryClientError` of this kind and code, without diagnostics.
pub fn plain(kind: &'static str, code: &str, message: &str) -> JsValue {
    let diagnostics = Diagnostics::default();
    let fields =
        Fields { kind, code, retryable: false, status: None, retry_after_sec: None, diagnostics: &diagnostics };
    make(message, &fields)
}

fn make(message: &str, fields: &Fields<'_>) -> JsValue {
    RegistryClientError::new(message, &to_js(fields)).unchecked_into()
}
