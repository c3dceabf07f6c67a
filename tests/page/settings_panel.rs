use registry_harness::components::SettingsPanel;
use registry_harness::hooks::{SettingsHandle, use_settings};
use registry_harness::link::Link;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::support::{Mounted, forget_settings, mount};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    #[prop_or_default]
    turn: Option<Vec<String>>,
    #[prop_or_default]
    stun: Option<Vec<String>>,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let (turn, stun) = (props.turn.clone(), props.stun.clone());
    let settings = use_settings(&Link { registry: Some("http://localhost:1".into()), turn, stun, ..Link::default() });
    html! {
        <ContextProvider<SettingsHandle> context={settings}>
            <SettingsPanel />
        </ContextProvider<SettingsHandle>>
    }
}

async fn panel(turn: Option<&str>, stun: Option<&str>) -> Mounted {
    let [turn, stun] = [turn, stun].map(|url| url.map(|url| vec![url.to_owned()]));
    mount::<Fixture>(FixtureProps { turn, stun }).await
}

fn value(page: &Mounted, testid: &str) -> String {
    page.get(testid).unchecked_into::<HtmlInputElement>().value()
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_at_the_field() {
    let page = panel(None, None).await;
    assert!(!page.get("registry-url").has_attribute("aria-invalid"));
    page.fill("registry-url", "ftp://x").await;
    let field = page.get("registry-url");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    let note = field.owner_document().unwrap().get_element_by_id(&field.get_attribute("aria-describedby").unwrap());
    assert!(note.unwrap().text_content().unwrap().contains("http://"));
    page.fill("registry-url", "http://localhost:2").await;
    assert!(!page.get("registry-url").has_attribute("aria-invalid"));
    drop(page);
    forget_settings();
}

#[wasm_bindgen_test]
async fn what_a_link_has_set_is_said_and_can_be_undone() {
    let page = panel(None, Some("stun:l")).await;
    assert!(page.text("settings-by-link").contains("has set the Registry and the STUN server."));
    assert!(page.find("stun-url-by-link").is_some());
    page.fill("stun-url", "stun:mine").await;
    assert!(page.find("stun-url-by-link").is_none());
    assert!(page.text("settings-by-link").contains("has set the Registry."));
    page.click("drop-link-settings").await;
    assert!(page.find("settings-by-link").is_none());
    assert_eq!(value(&page, "registry-url"), web_sys::window().unwrap().location().origin().unwrap());
    assert_eq!(value(&page, "stun-url"), "stun:mine");
    drop(page);
    forget_settings();
}

#[wasm_bindgen_test]
async fn each_turn_server_has_a_login_of_its_own() {
    let page = panel(None, None).await;
    assert!(page.get("turn-username").has_attribute("disabled"));
    page.fill("turn-url", "turn:mine").await;
    page.fill("turn-username", "ann").await;
    page.fill("turn-credential", "tr0ub4dor").await;
    page.fill("turn-url", "turn:mine.evil").await;
    assert_eq!((value(&page, "turn-username"), value(&page, "turn-credential")), Default::default());
    assert!(page.text("settings").contains("those of another server are not sent to it"));
    page.fill("turn-url", "turn:mine:3478?transport=tcp").await;
    assert_eq!(value(&page, "turn-credential"), "tr0ub4dor");
    drop(page);
    let linked = panel(Some("turn:evil"), None).await;
    assert_eq!((value(&linked, "turn-url"), value(&linked, "turn-username")), ("turn:evil".into(), String::new()));
    assert_eq!(value(&linked, "turn-credential"), "");
    drop(linked);
    forget_settings();
}
