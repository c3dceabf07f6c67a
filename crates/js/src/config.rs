//! Reads a `WebRTCClientConfig`. Errors name the field and never repeat its value, which may be a secret.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use registry_client::browser::{TabStore, dependencies, js};
use registry_client::interfaces::webrtc::{
    IceServer, IceServerSource, IceServers, IceTransportPolicy, PeerConfig, RtcFuture,
};
use registry_client::types::ice_url::IceUrl;
use registry_client::{ClientConfig, Dependencies, Settings};
use serde_aux::serde_introspection::serde_introspect;
use serde_wasm_bindgen::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Url;

use crate::inject::{JsHttpClient, JsStateManager, JsWebRtcManager};
use crate::inner::console_error;

/// The fields that are no settings.
const FIELDS: [&str; 8] = [
    "registryApiUrl",
    "iceServers",
    "iceTransportPolicy",
    "httpClient",
    "registryClient",
    "webRTCManager",
    "stateManager",
    "resume",
];

/// The client's configuration and dependencies.
pub(crate) fn parse(config: &JsValue) -> Result<(ClientConfig, Dependencies), String> {
    if !config.is_object() {
        return Err("the configuration must be an object with registryApiUrl and iceServers".to_owned());
    }
    check_names(config)?;
    let mut injected = injected(config)?;
    let registry_api_url = match js::get_some(config, "registryClient") {
        // It knows where its Registry is.
        Some(_) => js::get_string(config, "registryApiUrl").unwrap_or_default(),
        None => address(config, js::get_some(config, "httpClient").is_none())?,
    };
    let servers = ice_servers(&js::get(config, "iceServers"))?;
    let ice_transport_policy = policy(config)?;
    let ice_servers = match servers {
        IceServers::Fixed(servers) => {
            let useless = ice_transport_policy == IceTransportPolicy::Relay && !servers.iter().any(is_turn);
            if useless && js::get_some(config, "webRTCManager").is_none() {
                return Err("iceTransportPolicy \"relay\" needs a TURN server in iceServers".to_owned());
            }
            servers
        }
        IceServers::Asked(source) => {
            injected.ice_servers = Some(source);
            Vec::new()
        }
    };
    let peer = PeerConfig { ice_servers, ice_transport_policy };
    Ok((ClientConfig { registry_api_url, peer, settings: settings(config)? }, injected))
}

/// A misspelt setting would have no effect, which nobody would notice.
pub(crate) fn check_names(config: &JsValue) -> Result<(), String> {
    let known = || serde_introspect::<Settings>().iter().copied().chain(FIELDS);
    let mut given = names(config).into_iter().filter(|name| js::get_some(config, name).is_some());
    let Some(name) = given.find(|name| known().all(|known| known != name)) else { return Ok(()) };
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_ascii_lowercase(), &known.to_ascii_lowercase());
    let closest = known().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    Err(match closest.filter(|closest| likeness(closest) > ALIKE) {
        Some(closest) => format!("{name} is not a setting: do you mean {closest}?"),
        None => format!("{name} is not a setting"),
    })
}

/// From which likeness on a name may be meant.
const ALIKE: f64 = 0.85;

fn names(object: &JsValue) -> Vec<String> {
    Reflect::own_keys(object).unwrap_or_default().iter().filter_map(|key| key.as_string()).collect()
}

thread_local! {
    static OUTSIDE: RefCell<Option<Outside>> = const { RefCell::new(None) };
}

/// Makes what a new client gets from outside.
type Outside = Rc<dyn Fn() -> Dependencies>;

/// What every client that is created from now on gets from outside, in place of what the browser has; for tests.
pub fn use_dependencies(make: Rc<dyn Fn() -> Dependencies>) {
    OUTSIDE.set(Some(make));
}

pub(crate) fn outside() -> Dependencies {
    let make = OUTSIDE.with_borrow(Clone::clone);
    make.map_or_else(dependencies, |make| make())
}

fn injected(config: &JsValue) -> Result<Dependencies, String> {
    let mut all = outside();
    if let Some(object) = js::get_some(config, "httpClient") {
        all.http = Rc::new(JsHttpClient::new(object)?);
    }
    if let Some(object) = js::get_some(config, "registryClient") {
        all.http = Rc::new(JsHttpClient::of_registry(object)?);
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
pub(crate) fn address(config: &JsValue, for_fetch: bool) -> Result<String, String> {
    let text = js::get_string(config, "registryApiUrl").ok_or("registryApiUrl must be a string")?;
    let text = text.trim();
    if !for_fetch {
        return Ok(text.to_owned());
    }
    let base = js::get_string(&js::get(&js_sys::global(), "location"), "href").filter(|href| !href.is_empty());
    let url = Url::new_with_base(text, base.as_deref().unwrap_or("about:blank")).ok();
    let Some(url) = url.filter(|url| matches!(url.protocol().as_str(), "http:" | "https:")) else {
        return Err("registryApiUrl must be an http or https URL, like https://registry.example.com".to_owned());
    };
    // The paths of the calls follow it.
    if text.contains(['?', '#']) || !url.username().is_empty() || !url.password().is_empty() {
        return Err("registryApiUrl must not have a user name, query or fragment".to_owned());
    }
    Ok(text.to_owned())
}

/// A list of STUN and TURN servers, or a function that gives one.
pub(crate) fn ice_servers(given: &JsValue) -> Result<IceServers, String> {
    match given.dyn_ref::<Function>() {
        Some(function) => Ok(IceServers::Asked(Rc::new(AskedServers(function.clone())))),
        None => server_list(given).map(IceServers::Fixed),
    }
}

/// The application's function for the servers, which may be asynchronous.
struct AskedServers(Function);

impl IceServerSource for AskedServers {
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>> {
        let answer = match self.0.call0(&JsValue::UNDEFINED) {
            Ok(answer) => Promise::resolve(&answer),
            Err(thrown) => Promise::reject(&thrown),
        };
        Box::pin(async move {
            let answer = JsFuture::from(answer).await.map_err(|thrown| {
                // Its words may have a secret in them, such as an address with a key.
                console_error("the function for iceServers failed", &thrown);
                let name = js::get_string(&thrown, "name").unwrap_or_else(|| "something".to_owned());
                format!("it threw {name}, which is on the console")
            })?;
            server_list(&answer)
        })
    }
}

fn server_list(given: &JsValue) -> Result<Vec<IceServer>, String> {
    let list =
        given.dyn_ref::<Array>().ok_or("iceServers must be an array, [] for none, or a function that returns one")?;
    let read = |(index, server)| {
        let server = serde_wasm_bindgen::from_value(server).map_err(|error| match own_message(&error) {
            Some(message) => format!("iceServers[{index}].{message}"),
            None => format!("iceServers[{index}] must be an object with urls"),
        })?;
        if is_turn(&server) && (server.username.is_none() || server.credential.is_none()) {
            return Err(format!("iceServers[{index}] is a TURN server and must have username and credential"));
        }
        Ok(server)
    };
    list.iter().enumerate().map(read).collect()
}

fn is_turn(server: &IceServer) -> bool {
    server.urls.iter().any(|url| IceUrl::parse(url).is_ok_and(|url| url.scheme.is_turn()))
}

fn policy(config: &JsValue) -> Result<IceTransportPolicy, String> {
    let Some(policy) = js::get_some(config, "iceTransportPolicy") else { return Ok(IceTransportPolicy::All) };
    let policy = policy.as_string().and_then(|policy| policy.parse().ok());
    policy.ok_or_else(|| "iceTransportPolicy must be \"all\" or \"relay\"".to_owned())
}

fn settings(config: &JsValue) -> Result<Settings, String> {
    let keys = names(config);
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
