use std::time::Duration;

use registry_harness::hooks::use_countdown;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[derive(Properties, PartialEq)]
struct FixtureProps {
    to: u64,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let left = use_countdown(props.to);
    html! { <output data-testid="left">{ left }</output> }
}

#[wasm_bindgen_test]
async fn it_counts_down_by_itself_and_stops_at_nothing() {
    let page = mount::<Fixture>(FixtureProps { to: js_sys::Date::now() as u64 + 900 }).await;
    let left = || page.text("left").parse::<f64>().unwrap();
    let before = left();
    assert!(before > 0.0 && before <= 900.0, "{before}");
    gloo_timers::future::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(left(), 0.0);
}
