use registry_harness::hooks::use_settings;
use registry_harness::link::Link;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{forget_settings, mount};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    #[prop_or_default]
    name: Option<String>,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let settings = use_settings(&Link { name: props.name.clone(), ..Link::default() });
    let onclick = {
        let settings = settings.clone();
        move |_| {
            settings.update(|all| {
                all.stun_url = "stun:remembered".into();
                all.turn_url = "turn:remembered".into();
                all.change_login(0, |login| login.credential = "a secret".into());
            });
        }
    };
    html! {
        <>
            <button data-testid="change" {onclick}>{ &settings.current.stun_url }</button>
            <output data-testid="name">{ &settings.current.host_name }</output>
        </>
    }
}

#[wasm_bindgen_test]
async fn all_but_the_password_and_what_a_link_has_set_outlives_the_tab() {
    let first = mount::<Fixture>(FixtureProps { name: Some("Ann".into()) }).await;
    first.click("change").await;
    assert_eq!(first.text("name"), "Ann");
    drop(first);
    let second = mount::<Fixture>(FixtureProps { name: None }).await;
    assert_eq!((second.text("change").as_str(), second.text("name").as_str()), ("stun:remembered", "Host"));
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let kept = storage.get_item("registry-harness.settings").unwrap().unwrap();
    assert!(!kept.contains("secret"), "{kept}");
    drop(second);
    forget_settings();
}

#[wasm_bindgen_test]
async fn what_an_earlier_version_kept_is_moved() {
    let window = web_sys::window().unwrap();
    let (local, tab) = (window.local_storage().unwrap().unwrap(), window.session_storage().unwrap().unwrap());
    let earlier = r#"{"stunUrl":"stun:earlier","turnUrl":"turn:earlier","turnUsername":"ann","hostName":"Zoe"}"#;
    local.set_item("registry-harness.settings", earlier).unwrap();
    tab.set_item("registry-harness.turn-credential", "earlier secret").unwrap();
    let page = mount::<Fixture>(FixtureProps { name: None }).await;
    assert_eq!((page.text("change").as_str(), page.text("name").as_str()), ("stun:earlier", "Zoe"));
    page.click("change").await;
    assert_eq!(tab.get_item("registry-harness.turn-credential").unwrap(), None);
    let kept = tab.get_item("registry-harness.turn-credentials").unwrap().unwrap();
    assert!(kept.contains(r#"{"server":"turn:earlier:3478","credential":"earlier secret"}"#), "{kept}");
    drop(page);
    forget_settings();
}
