use std::rc::Rc;

use registry_analysis::{Track, Tracks};
use registry_client::event::DescriptionStep;
use registry_client::interfaces::registry::Operation;
use registry_client::types::sdp::Sdp;
use registry_client::{ConnectionState, Event};
use registry_harness::components::{Diagram, Waterfall};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{message, mount, page_after};

/// What one client has recorded: these events, a millisecond apart.
fn track(events: impl IntoIterator<Item = Event>) -> Track {
    Track::new(page_after(events).record.all())
}

/// The host creates a room and posts its offer, or fails to.
fn offering() -> Vec<Event> {
    let (creating, created) = (ConnectionState::Creating, ConnectionState::Created);
    let sdp = Sdp::new("v=0\r\na=ice-pwd:secret\r\n");
    let offer = |step| Event::Offer { step, bytes: 24, sdp: sdp.clone() };
    let request = |id, operation| Event::Request { id, operation, bytes: 100 };
    let response =
        |id, operation| Event::Response { id, operation, status: 200, duration_ms: 1.0, bytes: 10, code: None };
    let state = |from, to| Event::State { from, to, reason: None };
    vec![
        state(ConnectionState::Idle, creating),
        request(1, Operation::CreateRoom),
        response(1, Operation::CreateRoom),
        state(creating, created),
        state(created, ConnectionState::Connecting),
        offer(DescriptionStep::Set),
        request(2, Operation::Exchange),
        response(2, Operation::Exchange),
        offer(DescriptionStep::Posted),
    ]
}

#[derive(Properties, PartialEq)]
struct FixtureProps {
    tracks: Tracks,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    html! {
        <>
            <Diagram tracks={props.tracks.clone()} />
            <Waterfall tracks={props.tracks.clone()} live={false} />
        </>
    }
}

fn of(tracks: impl Into<Rc<[Track]>>) -> FixtureProps {
    FixtureProps { tracks: Tracks::new(tracks) }
}

#[wasm_bindgen_test]
async fn before_anything_has_happened_both_say_what_will_be_there() {
    let page = mount::<Fixture>(of(vec![track([])])).await;
    assert!(page.text("diagram").contains("Nothing yet") && page.text("waterfall").contains("Nothing yet"));
    assert!(page.find("diagram-row").is_none() && page.find("waterfall-bar").is_none());
    assert!(page.get("copy-mermaid").has_attribute("disabled") && page.get("download-svg").has_attribute("disabled"));
}

#[wasm_bindgen_test]
async fn an_arrow_has_its_marks_and_shows_its_payload_without_secrets() {
    let page = mount::<Fixture>(of(vec![track(offering())])).await;
    let row = page.get("diagram").query_selector("[data-kind='offer']").unwrap().unwrap();
    let marks = ["data-from", "data-to", "data-inferred"].map(|name| row.get_attribute(name).unwrap_or_default());
    assert_eq!(marks, ["host", "registry", "false"]);
    wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(row).click();
    crate::support::settle().await;
    let payload = page.text("diagram-payload");
    assert!(payload.contains("offer:posted") && payload.contains("a=ice-pwd:***"), "{payload}");
    assert!(!page.get("diagram").inner_html().contains("secret"));
}

#[wasm_bindgen_test]
async fn of_many_rows_only_those_in_view_are_drawn_and_the_rest_is_counted() {
    let quiet = |number: usize| {
        let (from, to) = (ConnectionState::Idle, ConnectionState::Idle);
        [message(number), Event::State { from, to, reason: Some(format!("number {number}")) }]
    };
    let page = mount::<Fixture>(of(vec![track((0..500).flat_map(quiet))])).await;
    assert!(page.texts("diagram-row").len() < 60, "{}", page.texts("diagram-row").len());
    assert_eq!(page.text("diagram-count"), "400 of 1000 rows");
    assert_eq!(page.text("diagram-earlier"), "… 600 earlier");
    assert!(page.texts("diagram-row").last().unwrap().contains("number 499"));
}

#[wasm_bindgen_test]
async fn foreign_text_is_isolated_in_a_row_and_escaped_in_its_payload() {
    let reason = "שלום\u{202e}\u{2069}abc".to_owned();
    let page = mount::<Fixture>(of(vec![track([Event::DataChannelError { reason }])])).await;
    let part = page.get("diagram-row").query_selector("bdi").unwrap().unwrap();
    assert_eq!(part.text_content().as_deref(), Some("שלום[U+202E][U+2069]abc"));
    page.click("diagram-row").await;
    assert!(page.text("diagram-payload").contains("\\u202e\\u2069abc"), "{}", page.text("diagram-payload"));
}

#[wasm_bindgen_test]
async fn each_request_has_a_bar_and_the_longest_is_named() {
    let page = mount::<Fixture>(of(vec![track(offering())])).await;
    let bars = page.get("waterfall").query_selector_all("[data-kind='request']").unwrap();
    assert_eq!(bars.length(), 2);
    let bar = page.get("waterfall-bar");
    assert_eq!(
        (bar.get_attribute("data-peer").as_deref(), bar.get_attribute("data-ms").as_deref()),
        (Some("host"), Some("1"))
    );
    assert!(page.text("waterfall-longest").starts_with("So far 8 ms"), "{}", page.text("waterfall-longest"));
}

#[wasm_bindgen_test]
async fn of_two_peers_each_has_its_bars_and_nothing_is_inferred() {
    let joining = [
        Event::State { from: ConnectionState::Idle, to: ConnectionState::Joining, reason: None },
        Event::Request { id: 1, operation: Operation::JoinRoom, bytes: 10 },
    ];
    let page = mount::<Fixture>(of(vec![track(offering()), track(joining)])).await;
    for peer in ["host", "guest"] {
        assert!(page.get("waterfall").query_selector(&format!("[data-peer='{peer}']")).unwrap().is_some(), "{peer}");
    }
    assert!(page.get("diagram").query_selector("[data-inferred='true']").unwrap().is_none());
    assert!(page.get("diagram").query_selector("[data-from='guest'][data-to='registry']").unwrap().is_some());
}
