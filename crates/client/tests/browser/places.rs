use futures::FutureExt;
use js_sys::Function;
use registry_client::browser::{LockedPlaces, js};
use registry_client::interfaces::places::{Place, WaitingPlaces};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

async fn take(url: &str) -> Option<Place> {
    LockedPlaces.take(url).await
}

/// Runs a script; returns its result.
fn run(script: &str) -> JsValue {
    Function::new_no_args(script).call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
async fn three_calls_may_wait_at_one_origin_and_a_place_that_is_dropped_is_free() {
    let url = "https://three.example/registry";
    let mut places = Vec::new();
    for _ in 0..3 {
        places.extend(take(url).await);
    }
    assert_eq!(places.len(), 3);
    assert!(take("https://three.example/elsewhere/").await.is_none(), "it is the same origin");
    assert!(take("https://other.example").await.is_some());
    places.pop();
    let mut again = take(url).await;
    for _ in 0..100 {
        if again.is_some() {
            break;
        }
        // The browser frees a lock a moment later.
        crate::sleep(10).await;
        again = take(url).await;
    }
    assert!(again.is_some());
}

#[wasm_bindgen_test]
async fn a_place_that_nobody_has_awaited_is_not_kept() {
    let url = "https://given-up.example";
    for _ in 0..5 {
        assert!(LockedPlaces.take(url).now_or_never().is_none(), "the browser takes a moment");
    }
    let mut free = Vec::new();
    for _ in 0..100 {
        free.clear();
        for _ in 0..3 {
            free.extend(take(url).await);
        }
        if free.len() == 3 {
            break;
        }
        crate::sleep(10).await;
    }
    assert_eq!(free.len(), 3);
}

#[wasm_bindgen_test]
async fn where_there_are_no_locks_every_call_may_wait() {
    let url = "https://none.example";
    for instead in [
        "undefined",
        "{ request: () => Promise.reject(new DOMException('refused', 'SecurityError')) }",
        "{ request: () => { throw new TypeError('refused'); } }",
    ] {
        let script = format!(
            "Object.defineProperty(navigator, 'locks', {{ value: {instead}, configurable: true }});
             return {{ restore: () => {{ delete navigator.locks; }} }};"
        );
        let changed = run(&script);
        let mut places = Vec::new();
        for _ in 0..5 {
            places.extend(take(url).await);
        }
        js::call(&changed, "restore", &[]).unwrap();
        assert_eq!(places.len(), 5, "{instead}");
    }
}
