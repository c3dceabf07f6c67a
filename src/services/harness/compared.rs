//! Traces that scripts hand over to be compared.

use std::rc::Rc;

use registry_analysis::Track;
use registry_analysis::recording::Recording;
use registry_client::TraceEvent;
use registry_js::{failure, to_json};
use wasm_bindgen::JsValue;

/// A trace as a script has it: the array of events from `trace()`, or the object from `export()`, whose first track counts.
///
/// # Errors
/// `RegistryClientError` with code `bad_argument`.
pub fn track(value: &JsValue, name: &str) -> Result<Track, JsValue> {
    let refused = |reason: String| failure("state", "bad_argument", &format!("{name} is no trace: {reason}"));
    let json = to_json(value).map_err(refused)?;
    if js_sys::Array::is_array(value) {
        let events: Vec<TraceEvent> = json.read().map_err(|malformed| refused(malformed.to_string()))?;
        return Ok(Track::new(events.into_iter().map(Rc::new).collect()));
    }
    let recording = Recording::read(json.as_str()).map_err(|error| refused(error.to_string()))?;
    recording.tracks.into_iter().next().ok_or_else(|| refused("it is empty".to_owned()))
}
