use registry_analysis::diagnosis;
use registry_js::js_value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Harness;
use crate::services::monotonic;

#[wasm_bindgen]
impl Harness {
    /// What is wrong now, the best explanation first.
    pub fn findings(&self) -> JsValue {
        js_value(&diagnosis::findings(&self.track(), monotonic().as_secs_f64() * 1000.0))
    }
}
