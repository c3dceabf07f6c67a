//! What scripts find on `window.harness` beside the client. Its types are in `crates/js/js/harness.d.ts`.

mod compared;
mod faults;
mod findings;
mod waiting;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use registry_analysis::recording::{Recording, Redaction};
use registry_analysis::{Sample, Track, comparison, snapshot};
use registry_client::WebRtcRegistryClient;
use registry_client::browser::js;
use registry_client::faults::Faults;
use registry_js::js_value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::now_epoch_ms;
use crate::state::History;

/// The version of this interface.
const VERSION: u32 = 1;

/// `window.harness`
#[wasm_bindgen(skip_typescript)]
pub struct Harness {
    client: WebRtcRegistryClient,
    faults: JsValue,
    samples: Rc<RefCell<History<Sample>>>,
}

impl Harness {
    /// For the client that the page shows.
    pub fn new(client: &WebRtcRegistryClient, faults: &Faults, samples: &Rc<RefCell<History<Sample>>>) -> Self {
        let of_harness = faults::HarnessFaults::new(faults.clone(), client.clone());
        Self { client: client.clone(), faults: of_harness.into(), samples: Rc::clone(samples) }
    }

    fn track(&self) -> Track {
        Track { events: self.client.trace().events(), samples: self.samples.borrow().all() }
    }
}

#[wasm_bindgen]
impl Harness {
    /// The version of this interface.
    #[wasm_bindgen(getter)]
    pub fn version(&self) -> u32 {
        VERSION
    }

    /// Faults on purpose.
    #[wasm_bindgen(getter)]
    pub fn faults(&self) -> JsValue {
        self.faults.clone()
    }

    /// The events of the trace with numbers above `since`, or all of them.
    pub fn trace(&self, options: &JsValue) -> JsValue {
        let since = js::get(options, "since").as_f64().unwrap_or_default();
        let events = self.client.trace().since(since.max(0.0) as u64);
        js_value(&events.iter().map(|entry| &**entry).collect::<Vec<_>>())
    }

    /// Waits for a state, or for an event for which a function returns something truthy; resolves to it.
    #[wasm_bindgen(js_name = waitFor)]
    pub fn wait_for(&self, what: &JsValue, options: &JsValue) -> Promise {
        waiting::wait_for(&self.client, what, options)
    }

    /// Everything that counts at this moment.
    pub fn snapshot(&self) -> JsValue {
        js_value(&snapshot::snapshot(&self.track()))
    }

    /// The trace as a file has it; with addresses and the texts of messages only if asked for.
    pub fn export(&self, options: &JsValue) -> JsValue {
        let asked = |name: &str| js::get(options, name).is_truthy();
        let redaction = Redaction { addresses: !asked("addresses"), messages: !asked("messages") };
        js_value(&recording(vec![self.track()]).write(redaction))
    }

    /// Compares two traces (from `trace()` or `export()`) to their first difference.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`, if one of them is none.
    pub fn diff(&self, left: &JsValue, right: &JsValue) -> Result<JsValue, JsValue> {
        let (left, right) = (compared::track(left, "left")?, compared::track(right, "right")?);
        Ok(js_value(&comparison::compare(&left, &right)))
    }
}

/// A recording of these tracks, made now.
pub fn recording(tracks: Vec<Track>) -> Recording {
    let made_by = concat!("registry-harness ", env!("CARGO_PKG_VERSION")).to_owned();
    Recording { made_by, made_at: now_epoch_ms(), redacted: Vec::new(), tracks }
}
