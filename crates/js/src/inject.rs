//! The specification's interfaces, implemented by JavaScript objects that are passed to the client.

mod channel;
mod http;
mod slots;
mod state;
mod webrtc;

use registry_client::browser::js;
use wasm_bindgen::JsValue;

pub(crate) use http::JsHttpClient;
pub(crate) use state::JsStateManager;
pub(crate) use webrtc::JsWebRtcManager;

/// Returns `object` if it has all these methods.
fn require(object: JsValue, name: &str, methods: &[&str]) -> Result<JsValue, String> {
    match methods.iter().find(|method| js::get_function(&object, method).is_none()) {
        Some(missing) => Err(format!("{name} must be an object with the method {missing}")),
        None => Ok(object),
    }
}
