use js_sys::Reflect;
use registry_client::WebRtcRegistryClient;
use registry_client::browser::{dependencies, js};
use registry_js::{RegistryClientError, expose};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{FakeRegistry, call, client, eventually, json, listen, listen_on, state, to_js};

#[wasm_bindgen_test]
async fn two_clients_meet_and_chat_as_the_specification_has_it() {
    let registry = JsValue::from(FakeRegistry::new());
    let (host, guest) = (client(&[("httpClient", &registry)]), client(&[("httpClient", &registry)]));
    let room_code = call(&host, "createRoom", &["HostUser"]).await.unwrap().as_string().unwrap();
    let join_code = js::get_string(&js::call(&host, "getRoomInfo", &[]).unwrap(), "joinCode").unwrap();
    call(&guest, "joinRoom", &[&room_code, &join_code, "GuestUser"]).await.unwrap();

    let names = ["connected", "datachannel:open", "ice:polling:started", "ice:polling:stopped", "cleanup:complete"];
    let told = names.map(|name| listen_on(&host, name));
    let local = listen_on(&host, "ice:candidate:local");
    let processed = listen_on(&host, "answer:processed");
    let connection_states = listen_on(&host, "connection:state");
    let started = ["startConnection"; 2];
    let both = futures::future::join(call(&host, started[0], &[]), call(&guest, started[1], &[])).await;
    both.0.unwrap();
    both.1.unwrap();
    assert_eq!((state(&host).as_str(), state(&guest).as_str()), ("connected", "connected"));

    let (to_host, to_guest) = (listen(&host, "onMessage"), listen(&guest, "onMessage"));
    js::call(&host, "sendMessage", &["ping".into()]).unwrap();
    let value = json!({"b": [1.5, null, true], "a": "grün"});
    js::call(&guest, "sendMessage", &[to_js(&value)]).unwrap();
    eventually("both messages came", || to_host.length() == 1 && to_guest.length() == 1).await;
    assert_eq!((json(&to_guest), json(&to_host)), (json!([["ping"]]), json!([[value]])));

    exact_numbers(&host, &to_guest).await;

    call(&host, "closeRoom", &[]).await.unwrap();
    eventually("the guest notices", || state(&guest) != "connected").await;
    call(&guest, "closeRoom", &[]).await.unwrap();
    for (name, log) in names.iter().zip(&told) {
        assert_eq!(json(log), json!([[]]), "{name}, once and without arguments");
    }
    assert!(json(&local).as_array().unwrap().contains(&json!([null])), "the end of candidates");
    assert_eq!(json(&processed)[0][0], json!(room_code));
    assert!(json(&connection_states).as_array().unwrap().contains(&json!(["connected"])));
}

/// Numbers that a careless reader of JSON changes in their last bit.
async fn exact_numbers(from: &JsValue, log: &js_sys::Array) {
    let text = "[0.43785233306495347,0.9137641834406037,5e-324,1.7976931348623157e+308,9007199254740991,-1e-7]";
    js::call(from, "sendMessage", &[js_sys::JSON::parse(text).unwrap()]).unwrap();
    eventually("the numbers came", || log.length() == 2).await;
    let came = Reflect::get(&log.get(1), &0.into()).unwrap();
    assert_eq!(String::from(js_sys::JSON::stringify(&came).unwrap()), text);
}

#[wasm_bindgen_test]
fn expose_puts_the_class_and_the_client_on_window() {
    let global = js_sys::global();
    let client = WebRtcRegistryClient::new(Default::default(), dependencies());
    let exposed = expose(&client, js_sys::Object::new().into());
    let class = js::get(&global, "WebRTCRegistryClient");
    let instance = js::get(&js::get(&global, "harness"), "client");
    assert_eq!(js::get(&instance, "constructor"), class);
    assert_eq!(js::get_string(&class, "name").as_deref(), Some("WebRTCRegistryClient"));
    assert_eq!(state(&instance), "idle");

    let errors = listen(&instance, "onError");
    assert!(client.send_message(json!("early")).is_err());
    assert_eq!(errors.length(), 1, "a script hears what the owner does");
    let error = Reflect::get(&errors.get(0), &0.into()).unwrap();
    assert!(error.is_instance_of::<RegistryClientError>());
    assert_eq!(js::get(&error, "constructor"), js::get(&global, "RegistryClientError"));

    let later = expose(&client, js_sys::Object::new().into());
    drop(exposed);
    assert!(js::get_some(&global, "harness").is_some(), "the later one stays");
    drop(later);
    assert!(js::get_some(&global, "harness").is_none());
}
