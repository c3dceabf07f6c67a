use registry_analysis::Tracks;
use registry_client::Event;
use registry_client::event::DescriptionStep;
use registry_client::types::sdp::Sdp as Text;
use registry_harness::components::Sdp;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{Mounted, mount, tracks};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    tracks: Tracks,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    html! { <Sdp tracks={props.tracks.clone()} /> }
}

fn offer(step: DescriptionStep, text: &str) -> Event {
    Event::Offer { step, bytes: text.len(), sdp: Text::new(text) }
}

async fn shown(events: impl IntoIterator<Item = Event>) -> Mounted {
    mount::<Fixture>(FixtureProps { tracks: tracks(events, []) }).await
}

const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\nm=application 9 UDP/DTLS/SCTP x\r\na=mid:0\r\na=ice-pwd:opensesame\r\na=setup:actpass\r\n";

#[wasm_bindgen_test]
async fn without_descriptions_it_says_so() {
    assert!(shown([]).await.text("sdp").contains("No descriptions yet"));
}

#[wasm_bindgen_test]
async fn passwords_are_hidden_until_they_are_asked_for() {
    let page = shown([offer(DescriptionStep::Created, OFFER)]).await;
    assert!(page.text("sdp").contains("a=ice-pwd:***") && !page.text("sdp").contains("opensesame"));
    page.click("show-secrets").await;
    assert!(page.text("sdp").contains("a=ice-pwd:opensesame"));
    page.click("show-secrets").await;
    assert!(!page.text("sdp").contains("opensesame"));
}

#[wasm_bindgen_test]
async fn a_line_is_explained_on_demand() {
    let page = shown([offer(DescriptionStep::Created, OFFER)]).await;
    assert!(page.find("sdp-explanation").is_none());
    page.click("sdp-line").await;
    assert!(page.text("sdp-explanation").contains("The version of SDP"));
    page.click("sdp-line").await;
    assert!(page.find("sdp-explanation").is_none());
}

#[wasm_bindgen_test]
async fn what_changed_between_two_steps_is_shown() {
    let set = OFFER.replace("actpass", "passive");
    let page = shown([offer(DescriptionStep::Created, OFFER), offer(DescriptionStep::Set, &set)]).await;
    assert_eq!(page.get("sdp-check").get_attribute("data-ok").as_deref(), Some("false"));
    assert!(page.text("sdp-check").contains("actpass → passive"), "{}", page.text("sdp-check"));
}

#[wasm_bindgen_test]
async fn a_broken_description_is_shown_as_it_is_with_nothing_hidden_in_it() {
    let broken = "nonsense\nm=\n=\n\u{202e}a=\u{200b}x\na=candidate:";
    let page = shown([offer(DescriptionStep::Received, broken)]).await;
    let lines = page.texts("sdp-line");
    assert_eq!(lines[0], "nonsense");
    assert_eq!(lines[3], "[U+202E]a=[U+200B]x");
    page.click("sdp-line").await;
    assert!(page.text("sdp-explanation").contains("No line of the standards"));
}
