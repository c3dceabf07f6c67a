use std::time::Duration;

use js_sys::{Array, Function};
use registry_client::browser::{BrowserClock, js, seed};
use registry_client::interfaces::clock::Clock;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn sleep_resolves_not_before_its_time() {
    let clock = BrowserClock::default();
    for ms in [0, 1, 7, 30] {
        let (before, pause) = (clock.now().monotonic, Duration::from_millis(ms));
        clock.sleep(pause).await;
        assert!(clock.now().monotonic - before >= pause, "{ms} ms");
    }
}

#[wasm_bindgen_test]
fn monotonic_time_never_decreases_and_wall_clock_time_is_of_this_century() {
    let clock = BrowserClock::default();
    let mut last = clock.now();
    for _ in 0..1000 {
        let now = clock.now();
        assert!(now.monotonic >= last.monotonic);
        last = now;
    }
    assert!(last.epoch_ms > 1.7e12);
}

#[wasm_bindgen_test]
async fn dropping_a_sleep_cancels_its_timer() {
    let spy = Function::new_no_args(
        "const real = globalThis.clearTimeout; const seen = [];
         globalThis.clearTimeout = (id) => { seen.push(id); real(id); };
         return { seen, restore: () => { globalThis.clearTimeout = real; } };",
    );
    let spy = spy.call0(&JsValue::UNDEFINED).unwrap();
    {
        let clock = BrowserClock::default();
        let sleep = clock.sleep(Duration::from_secs(1000));
        // Polled once, so that the timer is set.
        assert!(futures::FutureExt::now_or_never(sleep).is_none());
    }
    assert_eq!(Array::from(&js::get(&spy, "seen")).length(), 1);
    js::call(&spy, "restore", &[]).unwrap();
}

#[wasm_bindgen_test]
async fn a_sleep_of_years_neither_panics_nor_ends() {
    let clock = BrowserClock::default();
    for pause in [Duration::from_secs(4_000_000), Duration::MAX] {
        let race = futures::future::select(clock.sleep(pause), clock.sleep(Duration::from_millis(20))).await;
        assert!(matches!(race, futures::future::Either::Right(_)));
    }
}

#[wasm_bindgen_test]
fn seeds_differ() {
    assert_ne!(seed(), seed());
}
