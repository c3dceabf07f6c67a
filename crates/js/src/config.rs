//! Reads a `WebRTCClientConfig`. Errors name the field and never repeat its value, which may be a secret.

use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use registry_client::browser::{TabStore, dependencies, js};
use registry_client::interfaces::webrtc::{IceServer, IceTransportPolicy, PeerConfig};
use registry_client::settings::Overflow;
use registry_client::{ClientConfig, Dependencies, Settings, interfaces::clock};
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
    let base = js::get_string(&js::get(&js_sys::global(), "location"), "href").filter(|href| !href.is_empty());
    match Url::new_with_base(text, base.as_deref().unwrap_or("about:blank")).map(|url| url.protocol()).as_deref() {
        Ok("http:" | "https:") => Ok(text.to_owned()),
        _ => Err("registryApiUrl must be an http or https address, like https://registry.example.com".to_owned()),
    }
}

fn ice_servers(config: &JsValue) -> Result<Vec<IceServer>, String> {
    let Some(list) = js::get_some(config, "iceServers") else { return Ok(Vec::new()) };
    if !Array::is_array(&list) {
        return Err("iceServers must be an array".to_owned());
    }
    let mut servers = Vec::new();
    for (index, server) in Array::from(&list).iter().enumerate() {
        servers.push(ice_server(index, &server)?);
    }
    Ok(servers)
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

/// Where among the settings.
type Place<T> = fn(&mut Settings) -> &mut T;

/// A setting, by the kind of value that it takes.
enum Setting {
    Time(Place<Duration>),
    /// A time that may be zero and has a limit.
    Wait(Place<Duration>),
    Fraction(Place<f64>),
    Count(Place<u32>),
    Size(Place<usize>),
    Switch(Place<bool>),
    Overflow(Place<Overflow>),
}

impl Setting {
    /// Takes the value, or says what it must be.
    fn set(&self, settings: &mut Settings, value: &JsValue) -> Result<(), &'static str> {
        let number = value.as_f64();
        let within = |least: f64, most: f64| number.filter(|number| (least..=most).contains(number));
        let whole = |least: f64, most: f64| within(least, most).filter(|number| number.fract() == 0.0);
        match self {
            Self::Time(time) => {
                let ms = within(0.0, LONGEST_MS).filter(|ms| *ms > 0.0);
                *time(settings) = milliseconds(ms.ok_or("a time in milliseconds, above 0")?);
            }
            Self::Wait(time) => {
                *time(settings) = milliseconds(within(0.0, 25_000.0).ok_or("a time in milliseconds, from 0 to 25000")?);
            }
            Self::Fraction(fraction) => *fraction(settings) = within(0.0, 1.0).ok_or("a number from 0 to 1")?,
            Self::Count(count) => *count(settings) = whole(0.0, 1000.0).ok_or("a whole number from 0 to 1000")? as u32,
            Self::Size(size) => *size(settings) = whole(1.0, 1e9).ok_or("a whole number from 1 to 1e9")? as usize,
            Self::Switch(switch) => *switch(settings) = value.as_bool().ok_or("true or false")?,
            Self::Overflow(overflow) => {
                *overflow(settings) = match value.as_string().as_deref() {
                    Some("refuse") => Overflow::Refuse,
                    Some("drop-oldest") => Overflow::DropOldest,
                    _ => return Err("\"refuse\" or \"drop-oldest\""),
                }
            }
        }
        Ok(())
    }
}

/// Some thirty thousand years.
const LONGEST_MS: f64 = 1e15;

fn milliseconds(ms: f64) -> Duration {
    clock::seconds(ms / 1000.0)
}

/// By their names.
static SETTINGS: [(&str, Setting); 30] = [
    ("requestTimeout", Setting::Time(|all| &mut all.request_timeout)),
    ("connectionTimeout", Setting::Time(|all| &mut all.connection_timeout)),
    ("iceGatheringTimeout", Setting::Time(|all| &mut all.ice_gathering_timeout)),
    ("disconnectedGrace", Setting::Time(|all| &mut all.disconnected_grace)),
    ("pollInterval", Setting::Time(|all| &mut all.poll_interval)),
    ("pollIntervalMax", Setting::Time(|all| &mut all.poll_interval_max)),
    ("pollWait", Setting::Wait(|all| &mut all.poll_wait)),
    ("retryBackoffBase", Setting::Time(|all| &mut all.retry_backoff_base)),
    ("retryBackoffMax", Setting::Time(|all| &mut all.retry_backoff_max)),
    ("jitter", Setting::Fraction(|all| &mut all.jitter)),
    ("admissionRetries", Setting::Count(|all| &mut all.admission_retries)),
    ("reconnectEnabled", Setting::Switch(|all| &mut all.reconnect_enabled)),
    ("maxReconnectAttempts", Setting::Count(|all| &mut all.max_reconnect_attempts)),
    ("reconnectBackoffBase", Setting::Time(|all| &mut all.reconnect_backoff_base)),
    ("reconnectBackoffMax", Setting::Time(|all| &mut all.reconnect_backoff_max)),
    ("reconnectJitter", Setting::Fraction(|all| &mut all.reconnect_jitter)),
    ("reconnectTimeout", Setting::Time(|all| &mut all.reconnect_timeout)),
    ("restartTimeout", Setting::Time(|all| &mut all.restart_timeout)),
    ("greetingTimeout", Setting::Time(|all| &mut all.greeting_timeout)),
    ("pingInterval", Setting::Time(|all| &mut all.ping_interval)),
    ("pingTimeout", Setting::Time(|all| &mut all.ping_timeout)),
    ("bufferEnabled", Setting::Switch(|all| &mut all.buffer_enabled)),
    ("maxBufferSize", Setting::Size(|all| &mut all.max_buffer_size)),
    ("maxBufferBytes", Setting::Size(|all| &mut all.max_buffer_bytes)),
    ("maxBufferAge", Setting::Time(|all| &mut all.max_buffer_age)),
    ("bufferOverflow", Setting::Overflow(|all| &mut all.buffer_overflow)),
    ("preserveBufferOnClose", Setting::Switch(|all| &mut all.preserve_buffer_on_close)),
    ("closeTimeout", Setting::Wait(|all| &mut all.close_timeout)),
    ("bufferedAmountHigh", Setting::Size(|all| &mut all.buffered_amount_high)),
    ("bufferedAmountLow", Setting::Size(|all| &mut all.buffered_amount_low)),
];

fn settings(config: &JsValue) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for (key, setting) in &SETTINGS {
        if let Some(value) = js::get_some(config, key) {
            setting.set(&mut settings, &value).map_err(|what| format!("{key} must be {what}"))?;
        }
    }
    Ok(settings)
}
