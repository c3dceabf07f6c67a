//! The browser's adapters, in a browser.
#![cfg(target_family = "wasm")]

mod clock;
mod http;
mod places;
mod probe;
mod refusals;
mod webrtc;

use std::time::Duration;

use registry_client::browser::BrowserClock;
use registry_client::interfaces::clock::Clock;
use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

async fn sleep(ms: u64) {
    BrowserClock::default().sleep(Duration::from_millis(ms)).await;
}

/// Waits until `done` holds, for ten seconds at most.
async fn eventually(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1000 {
        if done() {
            return;
        }
        sleep(10).await;
    }
    panic!("not within ten seconds: {what}");
}
