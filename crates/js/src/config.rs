//! Reads a `WebRTCClientConfig`. Errors name the field and never repeat its value, which may be a secret.

use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use registry_client::browser::{TabStore, dependencies, js};
use registry_client::interfaces::webrtc::{IceServer, IceTransportPolicy, PeerConfig};
use registry_client::{ClientConfig, Dependencies, Settings};
use serde_wasm_bindgen::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use crate::inject::{JsHttpClient, JsStateManager, JsWebRtcManager};

/// The client's configuration and dependencies.
pub(crate) fn parse(config: &JsValue) -> Result<(ClientConfig, Dependencies), String> {
    if !config.is_object() {
        return Err("the configuration must be an object with registryApiUrl and iceServers".to_owned());
    }
    let injected = injected(config)?;
    let own_http = js::get_some(config, "httpClient").is_none();
    let config = ClientConfig {
        registry_api_url: address(config, own_http)?,
        peer: PeerConfig { ice_servers: ice_servers(config)?, ice_transport_policy: policy(config)? },
        settings: settings(config)?,
    };
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

fn ice_servers(config: &JsValue) -> Result<Vec<IceServer>, String> {
    let Some(list) = js::get_some(config, "iceServers") else { return Ok(Vec::new()) };
    let list = list.dyn_into::<Array>().map_err(|_| "iceServers must be an array")?;
    let read = |(index, server)| {
        serde_wasm_bindgen::from_value(server).map_err(|error| match own_message(&error) {
            Some(message) => format!("iceServers[{index}].{message}"),
            None => format!("iceServers[{index}] must be an object with urls"),
        })
    };
    list.iter().enumerate().map(read).collect()
}

fn policy(config: &JsValue) -> Result<IceTransportPolicy, String> {
    let Some(policy) = js::get_some(config, "iceTransportPolicy") else { return Ok(IceTransportPolicy::All) };
    let policy = policy.as_string().and_then(|policy| policy.parse().ok());
    policy.ok_or_else(|| "iceTransportPolicy must be \"all\" or \"relay\"".to_owned())
}

fn settings(config: &JsValue) -> Result<Settings, String> {
    let keys: Vec<String> =
        Reflect::own_keys(config).unwrap_or_default().iter().filter_map(|key| key.as_string()).collect();
    read_settings(config, &keys).map_err(|_| {
        // Serde does not say which field is at fault: it is the one that cannot be read alone either.
        let wrong = |key: &String| Some((key.clone(), read_settings(config, std::slice::from_ref(key)).err()?));
        let (key, error) = keys.iter().find_map(wrong).unzip();
        let message = error.as_ref().and_then(own_message).unwrap_or_else(|| "is malformed".to_owned());
        format!("{} {message}", key.unwrap_or_default())
    })
}

/// Reads these fields; one that is `null` or `undefined` counts as missing.
fn read_settings(config: &JsValue, keys: &[String]) -> Result<Settings, Error> {
    let present = JsValue::from(Object::new());
    for key in keys {
        if let Some(value) = js::get_some(config, key) {
            js::set(&present, key, &value);
        }
    }
    serde_wasm_bindgen::from_value(present)
}

/// The message, if it is one of the client's own. Serde's messages repeat what they found, which may be a secret.
fn own_message(error: &Error) -> Option<String> {
    let text = error.to_string();
    let message = text.strip_prefix("Error: ")?;
    let own = ["must be ", "urls must be ", "username must be ", "credential must be "];
    own.iter().any(|start| message.starts_with(start)).then(|| message.to_owned())
}
