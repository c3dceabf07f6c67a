use js_sys::{Array, Function};
use registry_client::browser::js;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::errors::assert_error;
use crate::{call, client_and_registry, eventually, json, listen, listen_on, spy_on_console, state};

#[wasm_bindgen_test]
async fn states_come_under_all_their_names() {
    let (client, _) = client_and_registry();
    let states = listen(&client, "onStateChange");
    let changes = listen_on(&client, "state:changed");
    let closed = listen_on(&client, "closed");
    let rooms = listen_on(&client, "room");
    call(&client, "createRoom", &["Host"]).await.unwrap();
    call(&client, "closeRoom", &[]).await.unwrap();
    assert_eq!(json(&states), json!([["creating"], ["created"], ["idle"]]));
    let change = &json(&changes)[0][0];
    assert_eq!((&change["oldState"], &change["newState"]), (&json!("idle"), &json!("creating")));
    assert_eq!(closed.length(), 1);
    assert_eq!(json(&rooms)[0][0]["role"], "host");
}

#[wasm_bindgen_test]
async fn the_star_is_the_trace_and_the_trace_holds_no_secret() {
    let (client, _) = client_and_registry();
    let all = listen_on(&client, "*");
    call(&client, "createRoom", &["Host"]).await.unwrap();
    let trace = js::call(&client, "getTrace", &[]).unwrap();
    let (told, kept) = (json(&all), json(&trace));
    let told: Vec<_> = told.as_array().unwrap().iter().map(|arguments| arguments[0].clone()).collect();
    assert_eq!(json!(told), kept);
    for (index, event) in told.iter().enumerate() {
        assert_eq!(event["seq"], json!(index + 1));
        assert!(event["atMs"].is_number() && event["epochMs"].is_number() && event["name"].is_string());
    }
    let text = kept.to_string();
    assert!(text.contains("/rooms") && !text.contains("123456") && !text.contains("host-Host"), "{text}");
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_disturbs_nobody() {
    let (client, _) = client_and_registry();
    let console = spy_on_console();
    let thrower = Function::new_no_args("throw new Error('mine');");
    js::call(&client, "onStateChange", &[thrower.into()]).unwrap();
    let states = listen(&client, "onStateChange");
    call(&client, "createRoom", &["Host"]).await.unwrap();
    js::call(&console, "restore", &[]).unwrap();
    assert_eq!(json(&states), json!([["creating"], ["created"]]));
    let said = json(&js::get(&console, "said"));
    assert_eq!(said[0], "a listener of WebRTCRegistryClient threw Error: mine");
}

#[wasm_bindgen_test]
async fn the_function_that_is_returned_stops_the_listener_and_no_other() {
    let (client, _) = client_and_registry();
    let log = Array::new();
    let push = Function::new_with_args("log", "return (state) => log.push(state);");
    let push = push.call1(&JsValue::UNDEFINED, &log).unwrap();
    let stop: Function = js::call(&client, "onStateChange", &[push]).unwrap().into();
    let others = listen(&client, "onStateChange");
    call(&client, "createRoom", &["Host"]).await.unwrap();
    stop.call0(&JsValue::UNDEFINED).unwrap();
    stop.call0(&JsValue::UNDEFINED).unwrap();
    call(&client, "closeRoom", &[]).await.unwrap();
    assert_eq!((json(&log), others.length()), (json!(["creating", "created"]), 3));
}

#[wasm_bindgen_test]
async fn listeners_may_call_the_client() {
    let (client, _) = client_and_registry();
    let close = Function::new_with_args(
        "client",
        "const stop = client.onStateChange((state) => { if (state === 'created') { stop(); client.closeRoom(); } });",
    );
    close.call1(&JsValue::UNDEFINED, &client).unwrap();
    let states = listen(&client, "onStateChange");
    let _ = call(&client, "createRoom", &["Host"]).await;
    eventually("the listener's close is done", || state(&client) == "idle").await;
    assert_eq!(json(&states), json!([["creating"], ["created"], ["idle"]]));
}

#[wasm_bindgen_test]
async fn dispose_stops_the_listeners_and_closes_the_room() {
    let by_symbol = Function::new_with_args("client", "client[Symbol.dispose]()");
    for dispose in ["dispose", "free", "using"] {
        let (client, registry) = client_and_registry();
        let states = listen(&client, "onStateChange");
        call(&client, "createRoom", &["Host"]).await.unwrap();
        let disposed = || match dispose {
            "using" => by_symbol.call1(&JsValue::UNDEFINED, &client),
            method => js::call(&client, method, &[]),
        };
        disposed().unwrap();
        assert_eq!(states.length(), 2, "{dispose}");
        let closed = || json(&js::get(&registry, "calls")).as_array().unwrap().last().unwrap()["url"].to_string();
        eventually("the Registry is told", || closed().ends_with("/close\"")).await;
        disposed().expect("nothing to do");
    }
}

#[wasm_bindgen_test]
async fn a_disposed_client_says_so() {
    let (client, registry) = client_and_registry();
    js::call(&client, "dispose", &[]).unwrap();
    for method in ["createRoom", "joinRoom", "replaceJoinCode", "startConnection", "closeRoom", "resume"] {
        assert_error(&call(&client, method, &["A", "B", "C"]).await.unwrap_err(), "state", "disposed");
    }
    for method in [
        "sendMessage",
        "onStateChange",
        "onMessage",
        "onError",
        "on",
        "getConnectionState",
        "getRoomInfo",
        "getBuffer",
        "getTrace",
        "setIceServers",
        "cut",
        "networkChanged",
    ] {
        let thrown = js::call(&client, method, &["*".into(), js_sys::Function::default().into()]).unwrap_err();
        assert_error(&thrown, "state", "disposed");
    }
    assert_eq!(json(&js::get(&registry, "calls")), json!([]));
}

#[wasm_bindgen_test]
async fn a_page_that_goes_away_leaves_its_room() {
    let (client, registry) = client_and_registry();
    call(&client, "createRoom", &["Host"]).await.unwrap();
    Function::new_no_args("dispatchEvent(new Event('online')); dispatchEvent(new Event('pagehide'));")
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    let calls = json(&js::get(&registry, "calls"));
    let last = calls.as_array().unwrap().last().unwrap().clone();
    assert!(last["url"].as_str().unwrap().ends_with("/close"), "{calls}");
    assert_eq!(last["headers"], json!({"X-Registry-Version": "1", "X-Access-Token": "host-Host"}));
}
