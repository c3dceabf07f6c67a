use registry_harness::components::Chat;
use registry_harness::state::chat::text_message;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{Mounted, WithSession, message, mount, page_after, settle_until};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    count: usize,
    open: bool,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let page = page_after((0..props.count).map(message));
    html! {
        <WithSession>
            <Chat messages={page.chat} open={props.open} peer="Ann" problem={None} />
        </WithSession>
    }
}

#[wasm_bindgen_test]
async fn a_message_is_text_and_shows_its_sender() {
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

#[derive(Properties, PartialEq)]
struct NarrowProps {
    text: String,
}

/// A chat as narrow as on a phone, with this message from the peer.
#[component]
fn Narrow(props: &NarrowProps) -> Html {
    let data = text_message(&props.text);
    let page = use_memo((), |()| page_after([registry_client::Event::Message { data, bytes: 0 }]));
    html! {
        <div data-testid="phone" style="width: 320px; font-size: 15px; line-height: 1.45">
            <WithSession>
                <Chat messages={page.chat.clone()} open={true} peer={"A\u{202e}nn"} problem={None} />
            </WithSession>
        </div>
    }
}

async fn received(text: &str) -> Mounted {
    mount::<Narrow>(NarrowProps { text: text.to_owned() }).await
}

fn height(chat: &Mounted) -> i32 {
    chat.get("chat-message").client_height()
}

#[wasm_bindgen_test]
async fn a_long_message_is_collapsed_and_expands() {
    let text = "word ".repeat(1_000);
    let chat = received(&text).await;
    assert!(height(&chat) < 350, "{}", height(&chat));
    let button = chat.get("show-all");
    assert_eq!(button.text_content().as_deref(), Some("Show all (5,000 characters)"));
    assert_eq!(button.get_attribute("aria-expanded").as_deref(), Some("false"));
    chat.click("show-all").await;
    assert!(chat.text("chat-message").contains(&text) && height(&chat) > 1_000, "{}", height(&chat));
    assert_eq!(chat.get("show-all").get_attribute("aria-expanded").as_deref(), Some("true"));
    assert!(chat.find("left-out").is_none());
    chat.click("show-all").await;
    assert!(height(&chat) < 350);
}

#[wasm_bindgen_test]
async fn a_message_is_collapsed_by_its_height_whatever_makes_it_high() {
    for high in ["\n".repeat(200) + "x", "a\n".repeat(50), "é ".repeat(600), "W".repeat(500)] {
        let chat = received(&high).await;
        assert!(height(&chat) < 350, "{high:.10}… {}", height(&chat));
        assert!(chat.get("show-all").text_content().unwrap().starts_with("Show all ("));
    }
    for low in ["two\nlines".to_owned(), "word ".repeat(40), "é".repeat(100)] {
        let chat = received(&low).await;
        assert!(chat.find("show-all").is_none() && chat.text("chat-message").contains(&low), "{low}");
    }
}

/// Such as in a window that was too small for anything, or has become wider.
#[wasm_bindgen_test]
async fn a_message_that_fits_when_there_is_room_is_not_collapsed_any_more() {
    let chat = received(&"word ".repeat(150)).await;
    let phone = chat.get("phone");
    assert!(chat.find("show-all").is_some());
    phone.set_attribute("style", "width: 1200px; font-size: 15px; line-height: 1.45").unwrap();
    assert!(settle_until(|| chat.find("show-all").is_none()).await);
}

#[wasm_bindgen_test]
async fn of_a_very_long_message_the_rest_is_counted() {
    let chat = received(&"x".repeat(1_000_000)).await;
    assert!(height(&chat) < 350);
    assert_eq!(chat.text("show-all"), "Show 100,000 of 1,000,000 characters");
    chat.click("show-all").await;
    assert!(chat.text("chat-message").contains(&"x".repeat(100_000)));
    assert_eq!(chat.text("left-out"), "900,000 more characters are not shown. Copy to get the whole text.");
    assert_eq!(chat.get("copy-text").get_attribute("aria-label").as_deref(), Some("Copy the message"));
}

#[wasm_bindgen_test]
async fn an_invisible_message_is_described() {
    for (text, words) in [
        ("\u{200b}\u{200b}\u{200b}", "(invisible characters: U+200B ×3)"),
        ("\u{202e}", "(invisible characters: U+202E)"),
        (" \n", "(invisible characters: space, line break)"),
        ("", "(empty)"),
    ] {
        assert_eq!(received(text).await.text("invisible-text"), words);
    }
}

#[wasm_bindgen_test]
async fn what_the_peer_sends_is_isolated() {
    let chat = received("שלום\u{202e}abc").await;
    let bubble = chat.get("chat-message");
    assert!(bubble.query_selector("bdi").unwrap().unwrap().text_content().unwrap().contains("abc"));
    let head = chat.get("chat-interface").query_selector("h2 bdi").unwrap().unwrap();
    assert_eq!(head.text_content().as_deref(), Some("A[U+202E]nn"));
}
