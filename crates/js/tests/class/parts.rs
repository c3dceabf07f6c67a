//! The specification's parts, alone and injected.

use js_sys::{Array, Function};
use registry_client::browser::js;
use registry_js::{RegistryClientJs, StateManagerJs};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::errors::assert_error;
use crate::{FakeRegistry, FakeWebRTC, call, json, state, to_js};

/// A client of a fake Registry, and that Registry.
fn registry_client() -> (JsValue, JsValue) {
    let registry = JsValue::from(FakeRegistry::new());
    let config = to_js(&json!({"registryApiUrl": "http://registry.test/"}));
    js::set(&config, "httpClient", &registry);
    (RegistryClientJs::new(&config).unwrap().into(), registry)
}

async fn done(object: &JsValue, method: &str, arguments: &[Value]) -> Result<Value, JsValue> {
    let arguments: Vec<JsValue> = arguments.iter().map(to_js).collect();
    let promise = js::call(object, method, &arguments).unwrap_or_else(|thrown| panic!("{method} threw {thrown:?}"));
    let value = JsFuture::from(js_sys::Promise::resolve(&promise)).await?;
    Ok(if value.is_undefined() { Value::Null } else { json(&value) })
}

#[wasm_bindgen_test]
async fn the_nine_calls_can_be_made_alone() {
    let (client, registry) = registry_client();
    let room = done(&client, "createRoom", &[json!("Ann")]).await.unwrap();
    let (code, owner) = (&room["code"], &room["ownerToken"]);
    assert_eq!((code, &room["joinCode"]), (&json!("ROOM0000"), &json!("123456")));
    let public = done(&client, "getPublicRoomInfo", std::slice::from_ref(code)).await.unwrap();
    assert_eq!(public["hostUserName"], "Host");
    let joined = done(&client, "joinRoom", &[code.clone(), json!("123456"), json!("Bob")]).await.unwrap();
    let guest = &joined["guestToken"];
    let (offer, answer) = (json!({"type": "offer", "sdp": "v=0"}), json!({"type": "answer", "sdp": "v=0"}));
    let candidate = json!({"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0});
    for (method, token, body) in
        [("postOffer", owner, &offer), ("postAnswer", guest, &answer), ("postCandidate", owner, &candidate)]
    {
        let made = done(&client, method, &[code.clone(), token.clone(), body.clone()]).await.unwrap();
        assert_eq!(made, Value::Null, "{method}");
    }
    let seen = done(&client, "getRoom", &[code.clone(), guest.clone()]).await.unwrap();
    assert_eq!((&seen["status"], &seen["offer"], &seen["answer"]), (&json!("paired"), &offer, &answer));
    let candidates = done(&client, "getCandidates", &[code.clone(), guest.clone()]).await.unwrap();
    assert_eq!((&candidates["items"], &candidates["mode"]), (&json!([candidate]), &json!("full")));
    done(&client, "closeRoom", &[code.clone(), owner.clone()]).await.unwrap();
    assert_eq!(json(&js::get(&registry, "calls")).as_array().unwrap().len(), 9);
}

#[wasm_bindgen_test]
async fn what_goes_wrong_is_a_typed_error() {
    let (client, registry) = registry_client();
    let refused = done(&client, "getPublicRoomInfo", &[json!("NOROOM23")]).await.unwrap_err();
    assert_error(&refused, "api", "not_found");
    for (method, arguments) in [
        ("createRoom", vec![json!(7)]),
        ("createRoom", vec![json!("")]),
        ("joinRoom", vec![json!("NOROOM23"), json!(123_456), json!("Bob")]),
        ("postOffer", vec![json!("NOROOM23"), json!("token"), json!({"type": "answer"})]),
        ("closeRoom", vec![json!("NOROOM23")]),
    ] {
        assert_error(&done(&client, method, &arguments).await.unwrap_err(), "state", "bad_argument");
    }
    assert_eq!(json(&js::get(&registry, "calls")).as_array().unwrap().len(), 1);
    for (config, field) in [
        (json!(null), "the configuration"),
        (json!({}), "registryApiUrl"),
        (json!({"registryApiUrl": "ftp://a"}), "registryApiUrl"),
        (json!({"registryApiUrl": "http://a", "requestTimeout": -1}), "requestTimeout"),
        (json!({"registryApiUrl": "http://a", "httpClient": {}}), "httpClient"),
        (
            json!({"registryApiUrl": "http://a", "requesttimeout": 5}),
            "requesttimeout is not a setting: do you mean requestTimeout?",
        ),
    ] {
        let refused = RegistryClientJs::new(&to_js(&config)).err().unwrap();
        assert_error(&refused, "state", "bad_config");
        assert!(js::get_string(&refused, "message").unwrap().starts_with(field), "{config}");
    }
}

/// A client whose calls an `IRegistryClient` carries.
fn with_registry_client(parts: &[(&str, &JsValue)]) -> JsValue {
    let config = to_js(&json!({"iceServers": []}));
    for (name, part) in parts {
        js::set(&config, name, part);
    }
    registry_js::WebRtcRegistryClientJs::new(&config).unwrap().into()
}

#[wasm_bindgen_test]
async fn they_carry_a_whole_connection() {
    let (calls, registry) = registry_client();
    let (webrtc, states) = (JsValue::from(FakeWebRTC::new()), JsValue::from(StateManagerJs::new()));
    let host =
        with_registry_client(&[("registryClient", &calls), ("webRTCManager", &webrtc), ("stateManager", &states)]);
    let code = call(&host, "createRoom", &["Ann"]).await.unwrap().as_string().unwrap();
    let room = js::call(&js::get(&registry, "rooms"), "get", &[code.as_str().into()]).unwrap();
    let guest = with_registry_client(&[("registryClient", &calls)]);
    call(&guest, "joinRoom", &[&code, "123456", "Bob"]).await.unwrap();
    js::set(&room, "status", &"paired".into());
    js::set(&room, "answer", &to_js(&json!({"type": "answer", "sdp": "v=0"})));
    call(&host, "startConnection", &[]).await.unwrap();
    let kept = |method: &str| js::call(&states, method, &[]).unwrap();
    assert_eq!(kept("getState").as_string().as_deref(), Some("connected"));
    assert_eq!(json(&kept("getRoomInfo"))["code"], json!(code));
    assert!(kept("getDataChannel").is_object() && kept("getPeerConnection").is_object());
    call(&host, "closeRoom", &[]).await.unwrap();
    assert!(kept("getRoomInfo").is_null() && kept("getDataChannel").is_null());
    assert_eq!((state(&host).as_str(), js::get_string(&room, "status").as_deref()), ("idle", Some("closed")));
}

#[wasm_bindgen_test]
async fn what_an_injected_one_rejects_with_keeps_its_kind() {
    let (calls, _) = registry_client();
    let guest = with_registry_client(&[("registryClient", &calls)]);
    let refused = call(&guest, "joinRoom", &["NOROOM23", "123456", "Bob"]).await.unwrap_err();
    assert_error(&refused, "api", "not_found");
    let lacking = to_js(&json!({"iceServers": [], "registryClient": {}}));
    let refused = registry_js::WebRtcRegistryClientJs::new(&lacking).err().unwrap();
    assert!(
        js::get_string(&refused, "message")
            .unwrap()
            .contains("registryClient must be an object with the method createRoom")
    );
    // One that knows an extension that the interface does not have.
    let mock = Function::new_no_args(
        "const room = { code: 'ROOM0000', ownerToken: 'o', joinCode: '123456', expiresAt: Date.now() + 1e6, exchange: true };
         const calls = [];
         return new Proxy({ calls }, { get: (target, name) => target[name] ?? (async () => (calls.push(name), room)) });",
    );
    let mock = mock.call0(&JsValue::UNDEFINED).unwrap();
    let host = with_registry_client(&[("registryClient", &mock)]);
    call(&host, "createRoom", &["Ann"]).await.unwrap();
    assert!(json(&js::call(&host, "getRoomInfo", &[]).unwrap())["exchange"].is_null());
    call(&host, "closeRoom", &[]).await.unwrap();
    let made: Vec<_> = Array::from(&js::get(&mock, "calls")).iter().filter_map(|name| name.as_string()).collect();
    assert_eq!(made, ["createRoom", "closeRoom"]);
}

#[wasm_bindgen_test]
fn a_state_manager_admits_only_the_transitions_that_there_are() {
    let states = JsValue::from(StateManagerJs::new());
    let set = |to: &str| js::call(&states, "setState", &[to.into()]);
    set("creating").unwrap();
    set("creating").expect("it is in that state");
    set("created").unwrap();
    assert_error(&set("joined").unwrap_err(), "state", "invalid_transition");
    assert_error(&set("asleep").unwrap_err(), "state", "bad_argument");
    assert_eq!(js::call(&states, "getState", &[]).unwrap(), "created");
    for method in ["reset", "free", "free"] {
        js::call(&states, method, &[]).unwrap();
    }
    assert_eq!(js::call(&states, "getState", &[]).unwrap(), "idle");
}
