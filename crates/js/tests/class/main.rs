//! `WebRTCRegistryClient` as JavaScript sees it, in a browser.
#![cfg(target_family = "wasm")]

mod config;
mod errors;
mod events;
mod injected;
mod messages;
mod parts;
mod whole;

use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect};
use registry_client::browser::{BrowserClock, js};
use registry_client::interfaces::clock::Clock;
use registry_js::WebRtcRegistryClientJs;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/class/fakes.js")]
extern "C" {
    type FakeRegistry;
    #[wasm_bindgen(constructor)]
    fn new() -> FakeRegistry;

    type FakeWebRTC;
    #[wasm_bindgen(constructor)]
    fn new() -> FakeWebRTC;

    #[wasm_bindgen(js_name = fakeState)]
    fn fake_state(complete: bool) -> JsValue;
    #[wasm_bindgen(js_name = spyOnConsole)]
    fn spy_on_console() -> JsValue;
    #[wasm_bindgen(js_name = thrownBy)]
    fn thrown_by(act: &Function) -> JsValue;
}

/// A configuration with these parts injected, in the words of JavaScript: `{ httpClient, … }`.
fn config(parts: &[(&str, &JsValue)]) -> JsValue {
    let config = to_js(&serde_json::json!({"registryApiUrl": "http://registry.test/", "iceServers": []}));
    for (name, part) in parts {
        Reflect::set(&config, &(*name).into(), part).unwrap();
    }
    config
}

fn client(parts: &[(&str, &JsValue)]) -> JsValue {
    WebRtcRegistryClientJs::new(&config(parts)).unwrap().into()
}

/// A client that talks to a fake Registry, and that Registry.
fn client_and_registry() -> (JsValue, JsValue) {
    let registry = JsValue::from(FakeRegistry::new());
    (client(&[("httpClient", &registry)]), registry)
}

/// Calls a method and waits for what its promise resolves to or rejects with.
async fn call(object: &JsValue, method: &str, arguments: &[&str]) -> Result<JsValue, JsValue> {
    let arguments: Vec<JsValue> = arguments.iter().map(|text| (*text).into()).collect();
    let promise = js::call(object, method, &arguments).unwrap_or_else(|thrown| panic!("{method} threw {thrown:?}"));
    JsFuture::from(Promise::resolve(&promise)).await
}

/// A function of JavaScript that logs its arguments, and the log.
fn logger() -> (Function, Array) {
    let log = Array::new();
    let make = Function::new_with_args("log", "return (...args) => { log.push(args); };");
    let function = make.call1(&JsValue::UNDEFINED, &log).unwrap();
    (function.into(), log)
}

/// Listens with a method such as `onMessage`.
fn listen(client: &JsValue, method: &str) -> Array {
    let (listener, log) = logger();
    js::call(client, method, &[listener.into()]).unwrap();
    log
}

/// Listens with `on`.
fn listen_on(client: &JsValue, name: &str) -> Array {
    let (listener, log) = logger();
    js::call(client, "on", &[name.into(), listener.into()]).unwrap();
    log
}

/// A JSON value as JavaScript has it.
fn to_js(value: &serde_json::Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap()
}

fn json(value: &JsValue) -> serde_json::Value {
    let text = js_sys::JSON::stringify(value).unwrap();
    serde_json::from_str(&String::from(text)).unwrap()
}

fn state(client: &JsValue) -> String {
    js::call(client, "getConnectionState", &[]).unwrap().as_string().unwrap()
}

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
