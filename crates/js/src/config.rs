//! Reads a `WebRTCClientConfig`. Errors name the field and never repeat its value, which may be a secret.

use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use registry_client::browser::{TabStore, dependencies, js};
use registry_client::settings::Overflow;
use registry_client::webrtc::{IceServer, IceTransportPolicy, PeerConfig};
use registry_client::{ClientConfig, Dependencies, Settings};
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::inject::{JsHttpClient, JsStateManager, JsWebRtcManager};

/// What the client is made with and of.
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

/// An address that `fetch` can use; an injected HTTP client may know others.
fn address(config: &JsValue, for_fetch: bool) -> Result<String, String> {
    let text = js::get_string(config, "registryApiUrl").ok_or("registryApiUrl must be a string")?;
    let text = text.trim();
    if !for_fetch {
        return Ok(text.to_owned());
    }
    let base = js::get_string(&js::get(&js_sys::global(), "location"), "href").unwrap_or_default();
    let url = Url::new(text).or_else(|_| Url::new_with_base(text, &base));
    match url.map(|url| url.protocol()).as_deref() {
        Ok("http:" | "https:") => Ok(text.to_owned()),
        _ => Err("registryApiUrl must be an http or https address, like https://registry.example.com".to_owned()),
    }
}

fn ice_servers(config: &JsValue) -> Result<Vec<IceServer>, String> {
    let Some(list) = js::get_some(config, "iceServers") else { return Ok(Vec::new()) };
    if !Array::is_array(&list) {
        return Err("iceServers must be an array".to_owned());
    }
    Array::from(&list).iter().enumerate().map(|(index, server)| ice_server(index, &server)).collect()
}

fn ice_server(index: usize, server: &JsValue) -> Result<IceServer, String> {
    let urls = js::get(server, "urls");
    let urls: Option<Vec<String>> = match urls.as_string() {
        Some(url) => Some(vec![url]),
        None if Array::is_array(&urls) => Array::from(&urls).iter().map(|url| url.as_string()).collect(),
        None => None,
    };
    let is_ice = |url: &String| ["stun:", "stuns:", "turn:", "turns:"].iter().any(|scheme| url.starts_with(scheme));
    let urls = urls.filter(|urls| !urls.is_empty() && urls.iter().all(is_ice)).ok_or_else(|| {
        format!("iceServers[{index}].urls must be a stun:, stuns:, turn: or turns: address, or an array of them")
    })?;
    let text = |key: &str| match js::get_some(server, key) {
        Some(value) => value.as_string().map(Some).ok_or_else(|| format!("iceServers[{index}].{key} must be a string")),
        None => Ok(None),
    };
    Ok(IceServer { username: text("username")?, credential: text("credential")?, urls })
}

fn policy(config: &JsValue) -> Result<IceTransportPolicy, String> {
    let Some(word) = js::get_some(config, "iceTransportPolicy") else { return Ok(IceTransportPolicy::All) };
    match word.as_string().as_deref() {
        Some("all") => Ok(IceTransportPolicy::All),
        Some("relay") => Ok(IceTransportPolicy::Relay),
        _ => Err("iceTransportPolicy must be \"all\" or \"relay\"".to_owned()),
    }
}

fn settings(config: &JsValue) -> Result<Settings, String> {
    let mut settings = Settings::default();
    let durations = [
        ("requestTimeout", &mut settings.request_timeout),
        ("connectionTimeout", &mut settings.connection_timeout),
        ("iceGatheringTimeout", &mut settings.ice_gathering_timeout),
        ("disconnectedGrace", &mut settings.disconnected_grace),
        ("pollInterval", &mut settings.poll_interval),
        ("pollIntervalMax", &mut settings.poll_interval_max),
        ("retryBackoffBase", &mut settings.retry_backoff_base),
        ("retryBackoffMax", &mut settings.retry_backoff_max),
        ("reconnectBackoffBase", &mut settings.reconnect_backoff_base),
        ("reconnectBackoffMax", &mut settings.reconnect_backoff_max),
        ("reconnectTimeout", &mut settings.reconnect_timeout),
        ("restartTimeout", &mut settings.restart_timeout),
        ("greetingTimeout", &mut settings.greeting_timeout),
        ("pingInterval", &mut settings.ping_interval),
        ("pingTimeout", &mut settings.ping_timeout),
        ("maxBufferAge", &mut settings.max_buffer_age),
    ];
    // Zero is the one time of these that means something: never wait.
    if let Some(value) = js::get_some(config, "pollWait") {
        let wait = value.as_f64().filter(|wait| (0.0..=25_000.0).contains(wait));
        let wait = wait.ok_or("pollWait must be a time in milliseconds, from 0 to 25000")?;
        settings.poll_wait = Duration::from_secs_f64(wait / 1000.0);
    }
    for (key, setting) in durations {
        if let Some(value) = js::get_some(config, key) {
            *setting = milliseconds(&value).ok_or_else(|| format!("{key} must be a time in milliseconds, above 0"))?;
        }
    }
    for (key, setting) in [("jitter", &mut settings.jitter), ("reconnectJitter", &mut settings.reconnect_jitter)] {
        if let Some(value) = js::get_some(config, key) {
            let jitter = value.as_f64().filter(|jitter| (0.0..=1.0).contains(jitter));
            *setting = jitter.ok_or_else(|| format!("{key} must be a number from 0 to 1"))?;
        }
    }
    let counts = [
        ("admissionRetries", &mut settings.admission_retries),
        ("maxReconnectAttempts", &mut settings.max_reconnect_attempts),
    ];
    for (key, setting) in counts {
        if let Some(value) = js::get_some(config, key) {
            *setting = whole(&value, 0.0, 1000.0)
                .ok_or_else(|| format!("{key} must be a whole number from 0 to 1000"))? as u32;
        }
    }
    let sizes = [
        ("maxBufferSize", &mut settings.max_buffer_size),
        ("maxBufferBytes", &mut settings.max_buffer_bytes),
        ("bufferedAmountHigh", &mut settings.buffered_amount_high),
        ("bufferedAmountLow", &mut settings.buffered_amount_low),
    ];
    for (key, setting) in sizes {
        if let Some(value) = js::get_some(config, key) {
            *setting =
                whole(&value, 1.0, 1e9).ok_or_else(|| format!("{key} must be a whole number from 1 to 1e9"))? as usize;
        }
    }
    let switches = [
        ("reconnectEnabled", &mut settings.reconnect_enabled),
        ("bufferEnabled", &mut settings.buffer_enabled),
        ("preserveBufferOnClose", &mut settings.preserve_buffer_on_close),
    ];
    for (key, setting) in switches {
        if let Some(value) = js::get_some(config, key) {
            *setting = value.as_bool().ok_or_else(|| format!("{key} must be true or false"))?;
        }
    }
    if let Some(value) = js::get_some(config, "bufferOverflow") {
        settings.buffer_overflow = match value.as_string().as_deref() {
            Some("refuse") => Overflow::Refuse,
            Some("drop-oldest") => Overflow::DropOldest,
            _ => return Err("bufferOverflow must be \"refuse\" or \"drop-oldest\"".to_owned()),
        };
    }
    Ok(settings)
}

fn whole(value: &JsValue, least: f64, most: f64) -> Option<f64> {
    value.as_f64().filter(|number| number.fract() == 0.0 && (least..=most).contains(number))
}

fn milliseconds(value: &JsValue) -> Option<Duration> {
    let ms = value.as_f64().filter(|ms| *ms > 0.0)?;
    Duration::try_from_secs_f64(ms / 1000.0).ok()
}
