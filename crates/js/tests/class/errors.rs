use js_sys::{Function, Reflect};
use registry_client::browser::js;
use registry_js::RegistryClientError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{call, client, client_and_registry, json, listen, state, thrown_by};

/// Checks that `error` is typed in full.
pub(crate) fn assert_error(error: &JsValue, kind: &str, code: &str) {
    assert!(error.is_instance_of::<js_sys::Error>() && error.is_instance_of::<RegistryClientError>(), "{error:?}");
    let said = ["name", "kind", "code"].map(|key| js::get_string(error, key).unwrap());
    assert_eq!(said, ["RegistryClientError", kind, code]);
    assert!(js::get(error, "retryable").as_bool().is_some());
    assert!(js::get_string(&js::get(error, "diagnostics"), "phase").is_some());
    assert!(!js::get_string(error, "message").unwrap().is_empty());
}

fn send(client: &JsValue, message: &JsValue) -> JsValue {
    js::call(client, "sendMessage", std::slice::from_ref(message)).unwrap_err()
}

#[wasm_bindgen_test]
fn the_class_of_errors_is_at_hand_and_prints_like_an_error() {
    let class = js::call(&js::get(&client(&[]), "constructor"), "errorClass", &[]).unwrap();
    let error = send(&client(&[]), &"early".into());
    assert!(error.is_instance_of::<RegistryClientError>());
    assert_eq!(js::get(&error, "constructor"), class);
    let printed = js::call(&error, "toString", &[]).unwrap().as_string().unwrap();
    assert_eq!(printed, "RegistryClientError: cannot send while idle: wait until the state is connected");
    assert!(!Reflect::own_keys(&error).unwrap().includes(&"name".into(), 0), "the name is the class's");
}

#[wasm_bindgen_test]
fn sending_too_early_throws_and_is_reported() {
    let client = client(&[]);
    let errors = listen(&client, "onError");
    assert_error(&send(&client, &"early".into()), "state", "not_connected");
    assert_eq!(errors.length(), 1);
}

#[wasm_bindgen_test]
fn what_is_not_json_cannot_be_sent() {
    let client = client(&[]);
    let cyclic = Function::new_no_args("const a = {}; a.a = a; return a;").call0(&JsValue::UNDEFINED).unwrap();
    let big = Function::new_no_args("return 10n;").call0(&JsValue::UNDEFINED).unwrap();
    let function = JsValue::from(Function::new_no_args(""));
    for message in [JsValue::UNDEFINED, function, cyclic, big] {
        assert_error(&send(&client, &message), "state", "bad_argument");
    }
}

#[wasm_bindgen_test]
async fn arguments_of_the_wrong_type_reject_and_never_throw() {
    let client = client(&[]);
    for (method, arguments) in [
        ("createRoom", vec![]),
        ("createRoom", vec![JsValue::from(5)]),
        ("joinRoom", vec!["ACDE2345".into(), JsValue::from(123_456), "Guest".into()]),
        ("createRoom", vec!["two words".into()]),
        ("joinRoom", vec!["short".into(), "123456".into(), "Guest".into()]),
    ] {
        let promise = js::call(&client, method, &arguments).unwrap();
        let error = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&promise)).await.unwrap_err();
        assert_error(&error, "state", "bad_argument");
        assert_eq!(state(&client), "idle");
    }
}

#[wasm_bindgen_test]
fn a_listener_that_is_no_function_throws() {
    let client = client(&[]);
    for method in ["onStateChange", "onMessage", "onError"] {
        assert_error(&js::call(&client, method, &[5.into()]).unwrap_err(), "state", "bad_argument");
    }
    assert_error(&js::call(&client, "on", &["connected".into()]).unwrap_err(), "state", "bad_argument");
    assert_error(&js::call(&client, "on", &[]).unwrap_err(), "state", "bad_argument");
}

#[wasm_bindgen_test]
async fn a_join_code_that_cannot_be_replaced_rejects_with_the_reason() {
    let (client, _) = client_and_registry();
    assert_error(&call(&client, "replaceJoinCode", &[]).await.unwrap_err(), "state", "no_open_room");
    call(&client, "createRoom", &["Host"]).await.unwrap();
    assert_error(&call(&client, "replaceJoinCode", &[]).await.unwrap_err(), "state", "not_supported");
}

#[wasm_bindgen_test]
async fn a_call_at_the_wrong_moment_rejects_with_both_states() {
    let (client, _) = client_and_registry();
    let error = call(&client, "startConnection", &[]).await.unwrap_err();
    assert_error(&error, "state", "invalid_transition");
    assert!(js::get_string(&error, "message").unwrap().contains("from idle to connecting"));
    assert_eq!(json(&js::get(&error, "diagnostics"))["phase"], "idle");
}

#[wasm_bindgen_test]
fn methods_on_something_else_throw_and_do_not_crash() {
    let client = client(&[]);
    let misuse = Function::new_with_args("client", "return () => client.getConnectionState.call({});");
    let misuse: Function = misuse.call1(&JsValue::UNDEFINED, &client).unwrap().into();
    assert!(thrown_by(&misuse).is_instance_of::<js_sys::Error>());
    assert_eq!(state(&client), "idle");
}
