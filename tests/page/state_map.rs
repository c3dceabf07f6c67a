use registry_client::ConnectionState::{Connecting, Created, Creating, Idle};
use registry_client::Event;
use registry_harness::components::StateMap;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{mount, page_after};

#[component]
fn Fixture() -> Html {
    let ways = [(Idle, Creating), (Creating, Created), (Created, Connecting)];
    let page = page_after(ways.map(|(from, to)| Event::State { from, to, reason: None }));
    html! { <StateMap stays={page.stays} /> }
}

#[wasm_bindgen_test]
async fn the_present_state_is_lit_and_the_way_to_it_is_drawn() {
    let map = mount::<Fixture>(()).await;
    assert_eq!(map.get("state-map-connecting").get_attribute("aria-current").as_deref(), Some("step"));
    assert_eq!(map.get("state-map-created").get_attribute("aria-current"), None);
    assert_eq!(map.get("state-map-created").get_attribute("data-visited").as_deref(), Some("true"));
    assert_eq!(map.get("state-map-joining").get_attribute("data-visited").as_deref(), Some("false"));
    assert!(map.text("state-map-created").contains("1 ms"), "{}", map.text("state-map-created"));
    let taken = map.get("state-map").query_selector_all("path.taken").unwrap();
    assert_eq!(taken.length(), 3);
}
