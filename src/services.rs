//! The composition root, where the client is built from its browser adapters, and wrappers of browser APIs.

pub mod check;
pub mod clipboard;
pub mod download;
mod expose_check;
mod harness;
pub mod location;
mod observer;
pub mod parent;
pub mod record;
pub mod root;
pub mod sampler;
pub mod scroll;
pub mod session;
pub mod share;
pub mod size;
pub mod storage;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use registry_analysis::Sample;
use registry_client::browser::{BrowserClock, Lifecycle, dependencies};
use registry_client::faults::Faults;
use registry_client::interfaces::clock::Clock;
use registry_client::json::Json;
use registry_client::{ClientConfig, TraceEvent, WebRtcRegistryClient};
use registry_js::Exposed;
use serde::Serialize;
use wasm_bindgen::JsValue;

use harness::Harness;
pub use harness::recording;
use observer::Observer;
use session::Whose;

use crate::check::Plan;
use crate::state::{History, SAMPLES};

/// The latest samples of the statistics.
type Samples = Rc<RefCell<History<Sample>>>;

/// The page's client with everything that belongs to it. Dropping it closes the room.
pub struct Connection {
    client: WebRtcRegistryClient,
    faults: Faults,
    _lifecycle: Lifecycle,
    _observer: Observer,
    exposed: Option<Exposed>,
    keeper: Option<record::Keeper>,
    samples: Samples,
}

impl Connection {
    /// A client in state `idle`, whose trace goes on after `earlier` events. If it is `exposed`, scripts reach it as
    /// `harness.client`. In a scope, the trace is kept over a reload, and the connection if it is known `whose` it is.
    pub fn open(
        config: &ClientConfig,
        exposed: bool,
        whose: Option<&Whose>,
        scope: Option<&'static str>,
        earlier: Vec<TraceEvent>,
    ) -> Rc<Self> {
        let mut outside = dependencies();
        outside.store = whose.map(|whose| whose.store(&config.registry_api_url));
        let faults = Faults::new(Rc::clone(&outside.clock), outside.seed);
        faults.inject(&mut outside);
        let client = WebRtcRegistryClient::new(config.clone(), outside);
        client.trace().restore(earlier);
        let lifecycle = Lifecycle::new(&client);
        let observer = Observer::new(&client, config);
        let samples = Samples::new(History::new(SAMPLES).into());
        let keeper = scope.map(|scope| record::Keeper::new(scope, client.trace()));
        let exposed =
            exposed.then(|| registry_js::expose(&client, JsValue::from(Harness::new(&client, &faults, &samples))));
        Rc::new(Self { client, faults, _lifecycle: lifecycle, _observer: observer, exposed, keeper, samples })
    }

    /// The faults between the client and what is outside it.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Keeps a sample of the statistics, for scripts.
    pub fn keep(&self, sample: Sample) {
        self.samples.borrow_mut().push(sample);
    }

    /// What was recorded until now is not kept over a reload.
    pub fn forget(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.clear();
        }
    }

    /// Lets scripts run checks, as `harness.check()`, if they reach the client. `plan` is asked for the plan of each.
    pub fn offer_check(&self, plan: impl Fn() -> Plan + 'static) {
        if let Some(exposed) = &self.exposed {
            exposed.offer("check", &expose_check::function(plan));
        }
    }

    /// The client.
    pub fn client(&self) -> &WebRtcRegistryClient {
        &self.client
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The call takes effect at once; the future only waits for the outcome.
        drop(self.client.close_room());
    }
}

/// Wall-clock time in milliseconds since the Unix epoch.
pub fn now_epoch_ms() -> f64 {
    js_sys::Date::now()
}

/// The current time of the client's monotonic clock.
pub fn monotonic() -> Duration {
    BrowserClock::default().now().monotonic
}

/// Indented JSON.
pub fn indented_json(value: &impl Serialize) -> String {
    stringified(value, &JsValue::from_f64(2.0))
}

/// JSON on one line.
pub fn json_line(value: &impl Serialize) -> String {
    stringified(value, &JsValue::UNDEFINED)
}

/// Formats JSON, including the text of messages, with the browser's own `JSON`.
fn stringified(value: &impl Serialize, space: &JsValue) -> String {
    let parsed = js_sys::JSON::parse(Json::of(value).as_str());
    parsed
        .and_then(|value| js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, space))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Minutes by which local time is currently ahead of UTC.
pub fn local_offset_minutes() -> f64 {
    -js_sys::Date::new_0().get_timezone_offset()
}

/// Writes a panic, with the place where it happened, to the console.
pub fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
}
