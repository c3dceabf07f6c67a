//! Reads a `WebRTCClientConfig`. Errors name the field and never repeat its value, which may be a secret.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use registry_client::browser::{TabStore, dependencies, js};
use registry_client::{ClientConfig, Dependencies};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::inject::{JsHttpClient, JsStateManager, JsWebRtcManager};

/// The client's configuration and dependencies.
pub(crate) fn parse(config: &JsValue) -> Result<(ClientConfig, Dependencies), String> {
    if !config.is_object() {
        return Err("the configuration must be an object with registryApiUrl and iceServers".to_owned());
    }
    let injected = injected(config)?;
    let own_http = js::get_some(config, "httpClient").is_none();
    let config =
        ClientConfig { registry_api_url: address(config, own_http)?, peer: read(config)?, settings: read(config)? };
    Ok((config, injected))
}

fn injected(config: &JsValue) -> Result<Dependencies, String> {
    let mut all = dependencies();
    if let Some(object) = js::get_some(config, "httpClient") {
        all.http = Rc::new(JsHttpClient::new(object)?);
    }
    if let Some(object) = js::get_some(config, "webRTCManager") {
        all.webrtc = Rc::new(JsWebRtcManager::new(object)?);
    }
    if let Some(object) = js::get_some(config, "stateManager") {
        all.state = Rc::new(JsStateManager::new(object)?);
    }
    if let Some(name) = js::get_some(config, "resume") {
        let name = name.as_string().filter(|name| !name.is_empty()).ok_or("resume must be a name, not empty")?;
        all.store = Some(Rc::new(TabStore::new(name)));
    }
    Ok(all)
}

/// A URL that `fetch` can use; an injected HTTP client may support others.
fn address(config: &JsValue, for_fetch: bool) -> Result<String, String> {
    let text = js::get_string(config, "registryApiUrl").ok_or("registryApiUrl must be a string")?;
    let text = text.trim();
    if !for_fetch {
        return Ok(text.to_owned());
    }
    let base = js::get_string(&js::get(&js_sys::global(), "location"), "href").filter(|href| !href.is_empty());
    match Url::new_with_base(text, base.as_deref().unwrap_or("about:blank")).map(|url| url.protocol()).as_deref() {
        Ok("http:" | "https:") => Ok(text.to_owned()),
        _ => Err("registryApiUrl must be an http or https URL, like https://registry.example.com".to_owned()),
    }
}

/// Reads the fields of the configuration that `T` has; one that is `null` or `undefined` counts as missing.
fn read<T: DeserializeOwned>(config: &JsValue) -> Result<T, String> {
    let present = JsValue::from(Object::new());
    for key in Reflect::own_keys(config).unwrap_or_default().iter().filter_map(|key| key.as_string()) {
        if let Some(value) = js::get_some(config, &key) {
            js::set(&present, &key, &value);
        }
    }
    let fields = serde_wasm_bindgen::Deserializer::from(present);
    serde_path_to_error::deserialize(fields).map_err(|error| {
        let message = error.inner().to_string();
        // Serde's own messages repeat what they found, which may be a secret.
        let own = message.strip_prefix("Error: ").filter(|message| message.starts_with("must be "));
        format!("{} {}", error.path(), own.unwrap_or("is missing or malformed"))
    })
}
