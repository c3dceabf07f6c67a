use js_sys::{Object, Reflect};
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

/// Sets `window.WebRTCRegistryClient` and `window.RegistryClientError`, the classes, and `window.harness = { client }` with the
/// given client, which scripts and its owner share.
pub fn expose(client: &WebRtcRegistryClient) -> Exposed {
    let global = js_sys::global();
    let instance = JsValue::from(WebRtcRegistryClientJs::from_client(client.clone()));
    js::set(&global, "WebRTCRegistryClient", &js::get(&instance, "constructor"));
    js::set(&global, "RegistryClientError", &error::class());
    let harness = JsValue::from(Object::new());
    js::set(&harness, "client", &instance);
    js::set(&global, "harness", &harness);
    Exposed { harness }
}

impl Drop for Exposed {
    fn drop(&mut self) {
        let global = js_sys::global();
        if js::get(&global, "harness") == self.harness {
            let _ = Reflect::delete_property(&global, &"harness".into());
        }
    }
}
