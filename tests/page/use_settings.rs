use registry_harness::hooks::use_settings;
use registry_harness::link::Link;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[component]
fn Fixture() -> Html {
    let settings = use_settings(&Link::default());
    let onclick = {
        let settings = settings.clone();
        move |_| {
            settings.update(|all| {
                all.stun_url = "stun:remembered".into();
                all.turn_url = "turn:remembered".into();
                all.change_login(|login| login.credential = "a secret".into());
            });
        }
    };
    html! { <button data-testid="change" {onclick}>{ &settings.current.stun_url }</button> }
}

#[wasm_bindgen_test]
async fn all_but_the_password_outlives_the_tab() {
    let first = mount::<Fixture>(()).await;
    first.click("change").await;
    drop(first);
    assert_eq!(mount::<Fixture>(()).await.text("change"), "stun:remembered");
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let kept = storage.get_item("registry-harness.settings").unwrap().unwrap();
    assert!(!kept.contains("secret"), "{kept}");
    storage.clear().unwrap();
}
