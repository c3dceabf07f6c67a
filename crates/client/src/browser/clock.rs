use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::interfaces::clock::{Clock, Now, seconds};

/// The longest delay that `setTimeout` supports, in milliseconds.
const LONGEST_TIMEOUT_MS: f64 = i32::MAX as f64;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The browser's clock: `performance.now`, `Date.now` and `setTimeout`.
#[derive(Clone, Debug, Default)]
pub struct BrowserClock {
    latest: Rc<Cell<Duration>>,
}

impl BrowserClock {
    fn monotonic(&self) -> Duration {
        let reading = seconds(performance_now() / 1000.0);
        self.latest.set(self.latest.get().max(reading));
        self.latest.get()
    }
}

impl Clock for BrowserClock {
    fn now(&self) -> Now {
        Now { monotonic: self.monotonic(), epoch_ms: js_sys::Date::now() }
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let clock = self.clone();
        let deadline = clock.monotonic().saturating_add(duration);
        Box::pin(async move {
            // Browsers wake a little early when they round, and at once when the delay is too long for them.
            loop {
                let left = deadline.saturating_sub(clock.monotonic());
                if left.is_zero() {
                    return;
                }
                let ms = (left.as_secs_f64() * 1000.0).ceil().min(LONGEST_TIMEOUT_MS);
                TimeoutFuture::new(ms as u32).await;
            }
        })
    }
}
