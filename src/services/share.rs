//! The system's own way to hand something on, where there is one.

use registry_client::browser::js;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

fn navigator() -> JsValue {
    web_sys::window().map(|window| window.navigator().into()).unwrap_or_default()
}

/// Whether the browser can share.
pub fn is_possible() -> bool {
    js::get_function(&navigator(), "share").is_some()
}

/// Offers a link to be shared. Whether a person then shares it is theirs to decide.
pub fn link(title: &str, url: &str) {
    let what = JsValue::from(js_sys::Object::new());
    js::set(&what, "title", &title.into());
    js::set(&what, "url", &url.into());
    if let Ok(promise) = js::call(&navigator(), "share", &[what])
        && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
    {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}
