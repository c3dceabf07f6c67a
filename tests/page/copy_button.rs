use registry_harness::components::CopyButton;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[component]
fn Fixture() -> Html {
    html! { <CopyButton testid="copy" what="the room code" text={|()| "ABCD2345".to_owned()} /> }
}

#[wasm_bindgen_test]
async fn it_has_a_name_and_announces_the_outcome() {
    let button = mount::<Fixture>(()).await;
    assert_eq!(button.get("copy").get_attribute("aria-label").as_deref(), Some("Copy the room code"));
    button.click("copy").await;
    // Whether a headless browser allows copying is up to it; either outcome is announced.
    let announced = button.get("copy").next_element_sibling().unwrap().text_content().unwrap();
    assert!(announced.contains("the room code"), "{announced:?}");
}
