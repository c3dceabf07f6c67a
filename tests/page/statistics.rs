use registry_analysis::{Sample, Tracks};
use registry_client::json::Json;
use registry_harness::components::Statistics;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{mount, tracks};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    tracks: Tracks,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    html! { <Statistics tracks={props.tracks.clone()} /> }
}

fn sample(at_ms: f64, bytes: f64) -> Sample {
    let entries = serde_json::json!([
        { "type": "candidate-pair", "id": "a", "nominated": true, "state": "succeeded", "currentRoundTripTime": 0.0123 },
        { "type": "transport", "id": "t", "selectedCandidatePairId": "a", "bytesSent": bytes, "bytesReceived": 0 },
    ]);
    Sample::new(at_ms, Json::from(entries))
}

#[wasm_bindgen_test]
async fn without_samples_it_says_so() {
    let page = mount::<Fixture>(FixtureProps { tracks: tracks([], []) }).await;
    assert!(page.text("statistics").contains("No samples yet"));
}

#[wasm_bindgen_test]
async fn what_the_browser_tells_has_a_chart_and_what_it_does_not_is_named() {
    let samples = (0..600).map(|second| sample(f64::from(second) * 1000.0, f64::from(second) * 2500.0));
    let page = mount::<Fixture>(FixtureProps { tracks: tracks([], samples) }).await;
    let charts = page.texts("chart");
    assert_eq!(charts.len(), 2, "{charts:?}");
    assert!(charts[0].contains("12 ms") && charts[1].contains("2.5 kB/s"), "{charts:?}");
    assert!(page.text("untold-statistics").contains("buffered"));
    let path = page.get("chart").query_selector("path").unwrap().unwrap().get_attribute("d").unwrap();
    assert!(path.matches('L').count() > 100 && path.len() < 2000, "{path}");
}
