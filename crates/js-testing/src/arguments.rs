//! Arguments of a test, and what is said of those that make no sense.

use std::time::Duration;

use registry_client::interfaces::clock::seconds;
use registry_js::{failure, refused};
use wasm_bindgen::JsValue;

/// Some thirty years.
const MOST_MS: f64 = 1e12;

pub(crate) fn milliseconds(ms: f64, name: &str) -> Result<Duration, JsValue> {
    if (0.0..=MOST_MS).contains(&ms) {
        Ok(seconds(ms / 1000.0))
    } else {
        Err(refused(format_args!("{name} must be a time in milliseconds, from 0 to 1e12")))
    }
}

pub(crate) fn not_settled(why: &str) -> JsValue {
    failure("timeout", "not_settled", &format!("the promise is not settled, and {why}"))
}
