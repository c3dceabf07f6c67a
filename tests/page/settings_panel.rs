use registry_harness::components::settings_panel;
use registry_harness::hooks::use_settings;
use registry_harness::link::Link;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[component]
fn Fixture() -> Html {
    let link = Link { registry: Some("http://localhost:1".into()), stun: Some(vec![]), ..Link::default() };
    let settings = use_settings(&link);
    settings_panel(&settings)
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_at_the_field() {
    let page = mount::<Fixture>(()).await;
    assert!(!page.get("registry-url").has_attribute("aria-invalid"));
    page.fill("registry-url", "ftp://x").await;
    let field = page.get("registry-url");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    let note = field.owner_document().unwrap().get_element_by_id(&field.get_attribute("aria-describedby").unwrap());
    assert!(note.unwrap().text_content().unwrap().contains("http://"));
    page.fill("registry-url", "http://localhost:2").await;
    assert!(!page.get("registry-url").has_attribute("aria-invalid"));
}
