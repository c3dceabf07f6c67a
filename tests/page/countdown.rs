use std::time::Duration;

use registry_client::RoomLife;
use registry_harness::components::Countdown;
use registry_harness::services;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::mount;

#[derive(Properties, PartialEq)]
struct FixtureProps {
    life: RoomLife,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    html! { <Countdown testid="left" life={props.life} /> }
}

#[wasm_bindgen_test]
async fn it_counts_down_by_itself_and_stops_at_nothing() {
    let life = RoomLife::Until(services::monotonic() + Duration::from_millis(900));
    let page = mount::<Fixture>(FixtureProps { life }).await;
    assert_eq!(page.text("left"), "in 0:00");
    gloo_timers::future::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(page.text("left"), "any moment");
}
