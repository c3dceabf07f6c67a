use js_sys::{Function, Reflect};
use registry_harness::app::App;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{mount, settle};

fn client() -> JsValue {
    let harness = Reflect::get(&js_sys::global(), &"harness".into()).unwrap();
    Reflect::get(&harness, &"client".into()).unwrap()
}

/// Calls a method of `harness.client` and lets its promise be.
fn call(name: &str, argument: &str) {
    let client = client();
    let method: Function = Reflect::get(&client, &name.into()).unwrap().unchecked_into();
    let promise: js_sys::Promise = method.call1(&client, &argument.into()).unwrap().unchecked_into();
    let quiet = wasm_bindgen::closure::Closure::once_into_js(|_: JsValue| {});
    let then: Function = Reflect::get(&promise, &"catch".into()).unwrap().unchecked_into();
    then.call1(&promise, &quiet).unwrap();
}

#[wasm_bindgen_test]
async fn a_fresh_page_explains_itself_and_shows_only_what_applies() {
    let page = mount::<App>(()).await;
    assert_eq!((page.text("state-text").as_str(), page.find("intro").is_some()), ("idle", true));
    for absent in ["host-interface", "guest-interface", "chat-interface", "close-room-btn", "error-box"] {
        assert!(page.find(absent).is_none(), "{absent}");
    }
    page.click("role-guest").await;
    assert!(page.find("guest-room-code").is_some() && page.find("intro").is_none());
}

#[wasm_bindgen_test]
async fn what_a_script_does_shows_in_the_page() {
    let page = mount::<App>(()).await;
    call("createRoom", "Script");
    settle().await;
    assert!(page.find("host-interface").is_some());
    assert!(page.texts("debug-entry").iter().any(|entry| entry.contains("idle → creating")));
    page.click("close-room-btn").await;
    assert_eq!(page.text("state-text"), "idle");
}

#[wasm_bindgen_test]
async fn an_invalid_name_is_reported_at_the_form() {
    let page = mount::<App>(()).await;
    page.click("role-host").await;
    page.fill("host-username", "two words").await;
    page.click("create-room-btn").await;
    assert!(page.text("error-message").contains("A user name is 1 to 32 letters"));
    page.click("dismiss-error").await;
    assert!(page.find("error-box").is_none());
}

#[wasm_bindgen_test]
async fn pasted_codes_go_where_they_belong() {
    let page = mount::<App>(()).await;
    page.click("role-guest").await;
    page.fill("guest-room-code", "http://x/#room=abcd2345&join=123456").await;
    let value = |id: &str| page.get(id).unchecked_into::<web_sys::HtmlInputElement>().value();
    assert_eq!((value("guest-room-code").as_str(), value("guest-join-code").as_str()), ("ABCD2345", "123456"));
}
