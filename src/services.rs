//! The composition root: the only place that names the browser and the client's adapters for it.

pub mod clipboard;
pub mod dom;
pub mod frame;
pub mod location;
pub mod parent;
pub mod share;
pub mod storage;

use std::rc::Rc;
use std::time::Duration;

use registry_client::browser::{BrowserClock, Lifecycle, TabStore, dependencies};
use registry_client::interfaces::clock::Clock;
use registry_client::json::Json;
use registry_client::{ClientConfig, SessionStore, WebRtcRegistryClient};
use registry_js::Exposed;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// Where the tab keeps the connection to a room of a Registry while the page is reloaded. Its tokens are that Registry's:
/// a link that names another one does not get them.
fn store(registry: &str) -> TabStore {
    TabStore::new(format!("registry-harness-connection {}", registry.trim_end_matches('/')))
}

/// The page's client with all that belongs to it. Dropping it closes the room that the client is in.
pub struct Connection {
    client: WebRtcRegistryClient,
    _lifecycle: Lifecycle,
    _exposed: Option<Exposed>,
}

impl Connection {
    /// A client in state `idle`, which, if it is `exposed`, scripts reach as `harness.client` from now on.
    pub fn open(config: &ClientConfig, exposed: bool) -> Rc<Self> {
        let mut outside = dependencies();
        // A page has one connection to go on with when it is reloaded: that of the client that scripts find.
        outside.store = exposed.then(|| Rc::new(store(&config.registry_api_url)) as Rc<dyn SessionStore>);
        let client = WebRtcRegistryClient::new(config.clone(), outside);
        let lifecycle = Lifecycle::new(&client);
        let exposed = exposed.then(|| registry_js::expose(&client));
        Rc::new(Self { client, _lifecycle: lifecycle, _exposed: exposed })
    }

    /// The client.
    pub fn client(&self) -> &WebRtcRegistryClient {
        &self.client
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The call takes effect when it is made; the future would only wait for the outcome.
        drop(self.client.close_room());
    }
}

/// Wall-clock time in milliseconds since the Unix epoch.
pub fn now_epoch_ms() -> f64 {
    js_sys::Date::now()
}

/// The time by the client's monotonic clock.
pub fn monotonic() -> Duration {
    BrowserClock::default().now().monotonic
}

/// JSON for a person to read.
pub fn indented_json(value: &impl Serialize) -> String {
    stringified(value, &JsValue::from_f64(2.0))
}

/// JSON in one line.
pub fn json_line(value: &impl Serialize) -> String {
    stringified(value, &JsValue::UNDEFINED)
}

/// The browser lays out what is in messages, too, which travel as their text.
fn stringified(value: &impl Serialize, space: &JsValue) -> String {
    let parsed = js_sys::JSON::parse(Json::of(value).as_str());
    parsed
        .and_then(|value| js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, space))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// By how many minutes local time is ahead of UTC now.
pub fn local_offset_minutes() -> f64 {
    -js_sys::Date::new_0().get_timezone_offset()
}

/// Puts the application into the page, in the place of what was shown while it loaded.
pub fn mount() {
    let host = dom::document()
        .and_then(|document| document.get_element_by_id("app").or_else(|| document.body().map(Into::into)));
    if let Some(host) = host {
        yew::Renderer::<crate::app::App>::with_root(host).render();
    }
}

/// Tells the console that a defect of the page has stopped it.
#[cfg(debug_assertions)]
pub fn report_panic(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}
