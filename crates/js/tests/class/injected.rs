use js_sys::{Array, Function};
use registry_client::browser::js;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::errors::assert_error;
use crate::{
    FakeRegistry, FakeWebRTC, call, client, client_and_registry, eventually, fake_state, json, listen, sleep, state,
    to_js,
};

/// Makes the next request end as `ending`, a statement of JavaScript, says.
fn refuse(registry: &JsValue, ending: &str) {
    Array::from(&js::get(registry, "refusals"));
    js::call(&js::get(registry, "refusals"), "push", &[Function::new_no_args(ending).into()]).unwrap();
}

#[wasm_bindgen_test]
async fn an_injected_http_client_carries_the_calls() {
    let (client, registry) = client_and_registry();
    assert_eq!(call(&client, "createRoom", &["Host"]).await.unwrap().as_string().as_deref(), Some("ROOM0000"));
    let calls = json(&js::get(&registry, "calls"));
    assert_eq!(
        calls,
        json!([{
            "method": "POST", "url": "http://registry.test/rooms", "body": {"hostUserName": "Host"},
            "headers": {"X-Registry-Version": "1"},
        }])
    );
    let room = json(&js::call(&client, "getRoomInfo", &[]).unwrap());
    let (code, join_code) = (room["code"].as_str().unwrap(), room["joinCode"].as_str().unwrap());
    assert_eq!(
        (code, join_code, &room["role"], &room["hostUserName"]),
        ("ROOM0000", "123456", &json!("host"), &json!("Host"))
    );
    assert!(room["token"].is_string() && room["expiresAt"].is_number());

    let guest = crate::client(&[("httpClient", &registry)]);
    assert!(call(&guest, "joinRoom", &[code, join_code, "Guest"]).await.unwrap().is_undefined());
    assert_eq!(json(&js::call(&guest, "getRoomInfo", &[]).unwrap())["guestUserName"], "Guest");
    call(&guest, "closeRoom", &[]).await.unwrap();
    call(&client, "closeRoom", &[]).await.unwrap();
    assert!(js::call(&client, "getRoomInfo", &[]).unwrap().is_null());
}

#[wasm_bindgen_test]
async fn what_it_rejects_with_is_an_answer_or_a_broken_network() {
    let cases = [
        ("throw { status: 400, body: { error: { code: 'bad_username' } } };", "api", "bad_username"),
        ("throw { status: 400, body: '{\"error\":{\"code\":\"new_code\",\"message\":\"m\"}}' };", "api", "new_code"),
        ("throw Object.assign(new Error('no'), { status: 418 });", "api", "http_418"),
        (
            "throw { message: 'Request failed', status: 409, response: { status: 409, data: { error: { code: 'room_full' } } } };",
            "api",
            "room_full",
        ),
        ("throw { response: { status: 418, data: 'busy' } };", "api", "http_418"),
        ("throw { message: 'Network Error', code: 'ERR_NETWORK' };", "network", "network_unreachable"),
        ("return 'rubbish';", "api", "malformed_answer"),
        ("return () => {};", "network", "network_unreachable"),
    ];
    for (ending, kind, code) in cases {
        let (client, registry) = client_and_registry();
        refuse(&registry, ending);
        let errors = listen(&client, "onError");
        let error = call(&client, "createRoom", &["Host"]).await.unwrap_err();
        if code == "http_418" {
            assert_eq!(js::get_u16(&error, "status"), Some(418));
        } else {
            assert_error(&error, kind, code);
        }
        assert_eq!(state(&client), "error");
        assert!(errors.length() >= 1, "{ending}");
        call(&client, "closeRoom", &[]).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_refusal_says_when_to_come_again() {
    let (_, registry) = client_and_registry();
    let config = crate::config(&[("httpClient", &registry), ("admissionRetries", &0.into())]);
    let client: JsValue = registry_js::WebRtcRegistryClientJs::new(&config).unwrap().into();
    refuse(
        &registry,
        "throw { status: 429, body: { error: { code: 'rate_limited', retryable: true, retryAfterSec: 7 } } };",
    );
    let error = call(&client, "createRoom", &["Host"]).await.unwrap_err();
    assert_error(&error, "api", "rate_limited");
    assert_eq!((js::get_u16(&error, "status"), js::get(&error, "retryAfterSec").as_f64()), (Some(429), Some(7.0)));
    assert_eq!(js::get(&error, "retryable").as_bool(), Some(true));
}

#[wasm_bindgen_test]
async fn an_injected_manager_and_state_manager_carry_a_connection() {
    let registry = JsValue::from(FakeRegistry::new());
    let webrtc = JsValue::from(FakeWebRTC::new());
    let keeper = fake_state(true);
    let host = client(&[("httpClient", &registry), ("webRTCManager", &webrtc), ("stateManager", &keeper)]);
    let messages = listen(&host, "onMessage");
    call(&host, "createRoom", &["Host"]).await.unwrap();
    let started = js::call(&host, "startConnection", &[]).unwrap();
    answer_by_hand(&registry).await;
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&started)).await.unwrap();
    assert_eq!(state(&host), "connected");

    let sent = js::call(&host, "sendMessage", &[to_js(&json!({"text": "ping"}))]).unwrap();
    let channel = js::get(&webrtc, "channel");
    assert_eq!(
        (sent.as_string().as_deref(), json(&js::get(&channel, "sent"))),
        (Some("sent"), json!(["{\"text\":\"ping\"}"]))
    );
    js::call(&channel, "onmessage", &[to_js(&json!({"data": "[1,null]"}))]).unwrap();
    eventually("the message is told", || messages.length() == 1).await;
    assert_eq!(json(&messages), json!([[[1, null]]]));
    let candidates =
        js::get(&js::call(&js::get(&registry, "rooms"), "get", &["ROOM0000".into()]).unwrap(), "candidates");
    eventually("the candidate is posted", || json(&candidates)["host"].as_array().unwrap().len() == 1).await;

    call(&host, "closeRoom", &[]).await.unwrap();
    let log = json(&js::get(&keeper, "log"));
    let states = ["creating", "created", "connecting", "connected", "reset"];
    assert_eq!(only(&log, &states), json!(states), "{log}");
    assert_eq!(only(&log, &["room ROOM0000"]).as_array().unwrap().len(), 1, "{log}");
    assert!(log.to_string().contains("connection Object"), "{log}");
    assert_eq!(js::get(&js::get(&webrtc, "connection"), "closed").as_f64(), Some(1.0));

    let before = js::call(&host, "getTrace", &[]).unwrap();
    js::call(&webrtc, "state", &["failed".into()]).unwrap();
    js::call(&webrtc, "candidate", &[JsValue::NULL]).unwrap();
    sleep(20).await;
    assert_eq!(json(&before), json(&js::call(&host, "getTrace", &[]).unwrap()), "nothing comes after close");
}

/// Those of the log's entries, in its order.
fn only(log: &serde_json::Value, these: &[&str]) -> serde_json::Value {
    log.as_array().unwrap().iter().filter(|entry| these.contains(&entry.as_str().unwrap())).cloned().collect()
}

/// Joins the room and answers its offer, as a guest would.
async fn answer_by_hand(registry: &JsValue) {
    let room = js::call(&js::get(registry, "rooms"), "get", &["ROOM0000".into()]).unwrap();
    eventually("the offer is there", || js::get_some(&room, "offer").is_some()).await;
    let answer = to_js(&json!({"type": "answer", "sdp": js::get_string(&js::get(&room, "offer"), "sdp")}));
    js_sys::Reflect::set(&room, &"answer".into(), &answer).unwrap();
    js_sys::Reflect::set(&room, &"status".into(), &"paired".into()).unwrap();
}

#[wasm_bindgen_test]
async fn a_manager_that_makes_no_connection_or_another_description_is_told_by_what_it_threw() {
    let cases = [
        ("createPeerConnection", "throw new DOMException('no', 'SyntaxError');", "bad_ice_servers"),
        ("createPeerConnection", "throw new DOMException('500', 'UnknownError');", "too_many_connections"),
        ("createPeerConnection", "throw new Error('closed today');", "no_peer_connection"),
        ("createOffer", "return Promise.resolve({ type: 'answer', sdp: 'v=0' });", "negotiation_failed"),
    ];
    for (method, body, code) in cases {
        let webrtc = JsValue::from(FakeWebRTC::new());
        js::set(&webrtc, method, &Function::new_no_args(body).into());
        let client = client(&[("httpClient", &FakeRegistry::new().into()), ("webRTCManager", &webrtc)]);
        call(&client, "createRoom", &["Host"]).await.unwrap();
        assert_error(&call(&client, "startConnection", &[]).await.unwrap_err(), "webrtc", code);
        call(&client, "closeRoom", &[]).await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_state_manager_needs_only_two_methods() {
    let (registry, keeper) = (JsValue::from(FakeRegistry::new()), fake_state(false));
    let client = client(&[("httpClient", &registry), ("stateManager", &keeper)]);
    call(&client, "createRoom", &["Host"]).await.unwrap();
    assert_eq!(json(&js::call(&client, "getRoomInfo", &[]).unwrap())["code"], "ROOM0000");
    call(&client, "closeRoom", &[]).await.unwrap();
    let log = json(&js::get(&keeper, "log"));
    assert_eq!(only(&log, &["creating", "created"]), json!(["creating", "created"]));
    assert_eq!((js::get_string(&keeper, "value").as_deref(), state(&client).as_str()), (Some("idle"), "idle"), "{log}");
}

#[wasm_bindgen_test]
async fn a_mock_may_say_that_all_is_well() {
    let (client, registry) = client_and_registry();
    call(&client, "createRoom", &["Host"]).await.unwrap();
    refuse(&registry, "return { ok: true };");
    let errors = listen(&client, "onError");
    call(&client, "closeRoom", &[]).await.unwrap();
    assert_eq!((errors.length(), json(&js::get(&registry, "calls")).as_array().unwrap().len()), (0, 2));
}

/// A client in a room of its own, with a fake manager; what that was given in the end.
async fn servers_of_a_connection(make: impl Fn(&JsValue) -> JsValue) -> (Result<JsValue, JsValue>, JsValue) {
    let registry = JsValue::from(FakeRegistry::new());
    let webrtc = JsValue::from(FakeWebRTC::new());
    let client = make(&crate::config(&[("httpClient", &registry), ("webRTCManager", &webrtc)]));
    let code = call(&client, "createRoom", &["Host"]).await.unwrap().as_string().unwrap();
    let room = js::call(&js::get(&registry, "rooms"), "get", &[code.as_str().into()]).unwrap();
    js::set(&room, "status", &"paired".into());
    js::set(&room, "answer", &to_js(&json!({"type": "answer", "sdp": "v=0"})));
    let connected = call(&client, "startConnection", &[]).await;
    (connected, js::get(&webrtc, "log"))
}

#[wasm_bindgen_test]
async fn a_function_gives_the_servers_of_each_connection() {
    let expected = json!(["createPeerConnection", [{"urls": ["turn:a"], "username": "u", "credential": "c"}], "all"]);
    for function in [
        "return [{ urls: 'turn:a', username: 'u', credential: 'c' }];",
        "return Promise.resolve([{ urls: 'turn:a', username: 'u', credential: 'c' }]);",
    ] {
        let function = JsValue::from(Function::new_no_args(function));
        let by_config = |config: &JsValue| {
            js::set(config, "iceServers", &function);
            JsValue::from(registry_js::WebRtcRegistryClientJs::new(config).unwrap())
        };
        let later = |config: &JsValue| {
            let client = JsValue::from(registry_js::WebRtcRegistryClientJs::new(config).unwrap());
            js::call(&client, "setIceServers", std::slice::from_ref(&function)).unwrap();
            client
        };
        for (connected, log) in [servers_of_a_connection(by_config).await, servers_of_a_connection(later).await] {
            connected.unwrap();
            assert_eq!(json(&log)[0], expected);
        }
    }
}

#[wasm_bindgen_test]
async fn servers_that_do_not_come_or_make_no_sense_are_named() {
    for (function, reason) in [
        ("throw new TypeError('secret');", "it threw TypeError"),
        ("return Promise.reject(new RangeError('secret'));", "it threw RangeError"),
        ("return Promise.reject();", "it threw something"),
        ("return [{ urls: 'turn:secret.example' }];", "iceServers[0] is a TURN server"),
        ("return 'secret';", "iceServers must be an array"),
    ] {
        let make = |config: &JsValue| {
            js::set(config, "iceServers", &Function::new_no_args(function));
            JsValue::from(registry_js::WebRtcRegistryClientJs::new(config).unwrap())
        };
        let (connected, log) = servers_of_a_connection(make).await;
        let error = connected.unwrap_err();
        assert_error(&error, "webrtc", "no_ice_servers");
        let message = js::get_string(&error, "message").unwrap();
        assert!(message.contains(reason) && !message.contains("secret"), "{message}");
        assert_eq!(json(&log), json!([]));
    }
    let client = crate::client(&[]);
    let refused = js::call(&client, "setIceServers", &["stun:a".into()]).unwrap_err();
    assert_error(&refused, "state", "bad_argument");
}
