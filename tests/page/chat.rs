use registry_harness::components::Chat;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{message, mount, page_after, use_session_nowhere};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    count: usize,
    open: bool,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let session = use_session_nowhere();
    let page = page_after((0..props.count).map(message));
    html! {
        <Chat {session} messages={page.chat} open={props.open} peer="Ann" problem={None} />
    }
}

#[wasm_bindgen_test]
async fn a_message_is_text_and_says_whose_it_is() {
    let chat = mount::<Fixture>(FixtureProps { count: 1, open: true }).await;
    let bubble = chat.get("chat-message");
    assert_eq!(bubble.get_attribute("data-sender").as_deref(), Some("peer"));
    assert!(bubble.text_content().unwrap().contains("message 0"));
}

#[wasm_bindgen_test]
async fn of_ten_thousand_messages_the_latest_are_drawn_and_earlier_ones_on_demand() {
    let chat = mount::<Fixture>(FixtureProps { count: 10_000, open: true }).await;
    let drawn = chat.texts("chat-message");
    assert!(drawn.len() <= 200 && drawn.last().unwrap().contains("message 9999"), "{}", drawn.len());
    chat.click("chat-earlier").await;
    assert_eq!(chat.texts("chat-message").len(), 400);
}

#[wasm_bindgen_test]
async fn without_a_connection_nothing_can_be_written() {
    let chat = mount::<Fixture>(FixtureProps { count: 1, open: false }).await;
    assert!(chat.get("chat-input").has_attribute("disabled"));
    assert!(chat.get("send-message-btn").has_attribute("disabled"));
}
