use std::time::Duration;

use registry_harness::components::countdown;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[derive(Properties, PartialEq)]
struct FixtureProps {
    to: u64,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    countdown("left", props.to)
}

#[wasm_bindgen_test]
async fn it_counts_down_by_itself_and_stops_at_nothing() {
    let page = mount::<Fixture>(FixtureProps { to: js_sys::Date::now() as u64 + 900 }).await;
    assert_eq!(page.text("left"), "in 0:00");
    gloo_timers::future::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(page.text("left"), "expired");
}
