use js_sys::{Function, Reflect};
use registry_client::WebRtcRegistryClient;
use registry_client::browser::js;
use wasm_bindgen::JsValue;

use crate::WebRtcRegistryClientJs;
use crate::error;

/// Keeps a client on `window`; removes `harness` when it is dropped.
#[must_use = "dropping it takes `window.harness` away"]
#[derive(Debug)]
pub struct Exposed {
    harness: JsValue,
}

/// Sets `window.WebRTCRegistryClient` and `window.RegistryClientError`, the classes, and `window.harness`: the given object,
/// with the given client, which scripts and its owner share, as its property `client`.
pub fn expose(client: &WebRtcRegistryClient, harness: JsValue) -> Exposed {
    let global = js_sys::global();
    let instance = JsValue::from(WebRtcRegistryClientJs::from_client(client.clone()));
    js::set(&global, "WebRTCRegistryClient", &js::get(&instance, "constructor"));
    js::set(&global, "RegistryClientError", &error::class());
    js::set(&harness, "client", &instance);
    js::set(&global, "harness", &harness);
    Exposed { harness }
}

impl Exposed {
    /// Adds a function to `harness`, or replaces it.
    pub fn offer(&self, name: &str, function: &Function) {
        js::set(&self.harness, name, function);
    }
}

impl Drop for Exposed {
    fn drop(&mut self) {
        let global = js_sys::global();
        if js::get(&global, "harness") == self.harness {
            let _ = Reflect::delete_property(&global, &"harness".into());
        }
    }
}
