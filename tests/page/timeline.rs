use registry_client::Event;
use registry_harness::components::Timeline;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{WithSession, message, mount, page_after};

#[component]
fn Fixture() -> Html {
    let page = use_memo((), |()| page_after((0..10_000).map(message).chain([Event::CleanupComplete])));
    html! {
        <div style="height:400px;display:grid">
            <WithSession><Timeline log={page.log.clone()} onclear={Callback::noop()} /></WithSession>
        </div>
    }
}

#[wasm_bindgen_test]
async fn of_ten_thousand_entries_only_those_in_view_are_drawn_the_newest_last() {
    let page = mount::<Fixture>(()).await;
    let drawn = page.texts("debug-entry");
    assert!(drawn.len() < 100, "{}", drawn.len());
    assert!(drawn.last().unwrap().contains("cleanup:complete"));
    assert_eq!(page.text("debug-count"), "10001");
}

#[wasm_bindgen_test]
async fn it_is_filtered_by_words_and_by_kind() {
    let page = mount::<Fixture>(()).await;
    page.fill("filter-debug-log", "MESSAGE 777").await;
    assert_eq!(page.text("debug-count"), "11 of 10001");
    page.click("filter-kind-channel").await;
    assert_eq!(page.text("debug-count"), "0 of 10001");
    assert!(page.text("debug-log").contains("No events match"));
}

#[wasm_bindgen_test]
async fn it_folds_away() {
    let page = mount::<Fixture>(()).await;
    page.click("collapse-debug-log").await;
    assert!(page.find("debug-log").is_none());
    assert_eq!(page.get("collapse-debug-log").get_attribute("aria-expanded").as_deref(), Some("false"));
    page.click("collapse-debug-log").await;
    assert!(page.texts("debug-entry").last().unwrap().contains("cleanup:complete"));
}

#[wasm_bindgen_test]
async fn an_entry_shows_its_details() {
    let page = mount::<Fixture>(()).await;
    page.fill("filter-debug-log", "message 9999").await;
    page.click("debug-entry").await;
    assert!(page.text("debug-details").contains("\"bytes\": 20"));
}

#[component]
fn Hostile() -> Html {
    let reason = "שלום\u{202e}\u{2069}abc".to_owned();
    let page = use_memo((), |()| page_after([Event::DataChannelError { reason }]));
    html! {
        <div style="height:400px;display:grid">
            <WithSession><Timeline log={page.log.clone()} onclear={Callback::noop()} /></WithSession>
        </div>
    }
}

#[wasm_bindgen_test]
async fn foreign_text_is_isolated_in_a_row_and_escaped_in_its_details() {
    let page = mount::<Hostile>(()).await;
    let part = page.get("debug-entry").query_selector("bdi").unwrap().unwrap();
    assert_eq!(part.text_content().as_deref(), Some("שלום[U+202E][U+2069]abc"));
    page.click("debug-entry").await;
    assert!(page.text("debug-details").contains("\\u202e\\u2069abc"), "{}", page.text("debug-details"));
}
