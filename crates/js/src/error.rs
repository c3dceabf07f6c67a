use registry_client::browser::js;
use registry_client::describe::{Describe, Member, Members};
use registry_client::error::{Diagnostics, Error, ErrorKind};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/js/error.js")]
extern "C" {
    /// The subclass of `Error` that everything typed is thrown as.
    #[wasm_bindgen(extends = js_sys::Error)]
    #[derive(Clone, Debug)]
    pub type RegistryClientError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &JsValue) -> RegistryClientError;

    #[wasm_bindgen(thread_local_v2, js_name = RegistryClientError)]
    static CLASS: JsValue;
}

/// The properties of a `RegistryClientError` beside its message.
struct Fields<'a> {
    kind: &'static str,
    code: &'a str,
    retryable: bool,
    status: Option<u16>,
    retry_after_sec: Option<f64>,
    diagnostics: &'a Diagnostics,
}

impl Describe for Fields<'_> {
    fn describe(&self, to: &mut dyn Members) {
        to.text("kind", Some(self.kind));
        to.text("code", Some(self.code));
        to.flag("retryable", self.retryable);
        if let Some(status) = self.status {
            to.count("status", u64::from(status));
        }
        if let Some(seconds) = self.retry_after_sec {
            to.number("retryAfterSec", seconds);
        }
        to.say("diagnostics", Member::Thing(self.diagnostics));
    }
}

/// The class itself, for `instanceof`.
pub(crate) fn class() -> JsValue {
    CLASS.with(JsValue::clone)
}

/// A client's error as JavaScript sees it.
pub(crate) fn to_js(error: &Error) -> JsValue {
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

/// An argument or a configuration that makes no sense.
pub(crate) fn misuse(code: &str, message: &str) -> JsValue {
    plain("state", code, message)
}

/// An error of which nothing more is known.
pub(crate) fn plain(kind: &'static str, code: &str, message: &str) -> JsValue {
    let diagnostics = Diagnostics::default();
    let fields =
        Fields { kind, code, retryable: false, status: None, retry_after_sec: None, diagnostics: &diagnostics };
    make(message, &fields)
}

fn make(message: &str, fields: &Fields<'_>) -> JsValue {
    RegistryClientError::new(message, &js::described(fields)).unchecked_into()
}
