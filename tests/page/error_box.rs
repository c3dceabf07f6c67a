use std::rc::Rc;

use registry_client::error::{Diagnostics, NetworkError, WebRtcError};
use registry_client::interfaces::registry::Operation;
use registry_client::{Error, ErrorKind, Role};
use registry_harness::components::ErrorBox;
use registry_harness::state::{Problem, Remedy};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{Mounted, WithSession, mount};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    problem: Option<Rc<Problem>>,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    let done = use_state(String::new);
    let onremedy = {
        let done = done.setter();
        Callback::from(move |remedy: Remedy| done.set(format!("{remedy:?}")))
    };
    html! {
        <WithSession>
            <ErrorBox problem={props.problem.clone()} {onremedy} />
            <output data-testid="done">{ (*done).clone() }</output>
        </WithSession>
    }
}

async fn shown(kind: impl Into<ErrorKind>) -> Mounted {
    let error = Error::new(kind, Diagnostics::default());
    let problem = Problem::new(&error, Some(Role::Host)).map(Rc::new);
    mount::<Fixture>(FixtureProps { problem }).await
}

#[wasm_bindgen_test]
async fn without_an_error_there_is_no_box() {
    let page = mount::<Fixture>(FixtureProps { problem: None }).await;
    assert!(page.find("error-box").is_none() && page.get("error-section").has_attribute("hidden"));
}

#[wasm_bindgen_test]
async fn it_says_what_happened_and_offers_what_helps() {
    let page = shown(NetworkError { operation: Operation::CreateRoom, reason: "refused".into() }).await;
    assert_eq!(page.get("error-section").get_attribute("role").as_deref(), Some("alert"));
    assert!(page.text("error-message").starts_with("The Registry cannot be reached while creating the room"));
    page.click("error-remedy-btn").await;
    assert_eq!(page.text("done"), "CreateAgain");
}

#[wasm_bindgen_test]
async fn where_nothing_helps_nothing_is_offered() {
    let page = shown(WebRtcError::Unsupported("no RTCPeerConnection".into())).await;
    assert!(page.find("error-remedy-btn").is_none());
    assert!(page.text("error-diagnostics").contains("webrtc_unsupported"));
}

#[wasm_bindgen_test]
async fn a_servers_message_is_isolated_and_collapsed() {
    let reason = format!("שלום\u{202e}{}", "word ".repeat(1_000));
    let page = shown(NetworkError { operation: Operation::CreateRoom, reason }).await;
    let message = page.get("error-message");
    assert!(message.query_selector("bdi").unwrap().is_some() && message.client_height() < 400);
    assert!(page.text("show-all").starts_with("Show all (5,"));
    assert!(page.text("error-message").contains("[U+202E]"), "{}", page.text("error-message"));
}
