use registry_analysis::Tracks;
use registry_client::Event;
use registry_client::event::{CandidateStep, DescriptionStep};
use registry_client::protocol::IceCandidate;
use registry_client::types::pair::{CandidateEnd, CandidatePair, CheckedPair};
use registry_client::types::sdp::Sdp;
use registry_harness::components::Paths;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::support::{Mounted, mount, tracks};

#[derive(Properties, PartialEq)]
struct FixtureProps {
    tracks: Tracks,
    width: u32,
}

#[component]
fn Fixture(props: &FixtureProps) -> Html {
    html! { <div style={format!("width:{}px", props.width)}><Paths tracks={props.tracks.clone()} /></div> }
}

async fn shown(events: impl IntoIterator<Item = Event>, width: u32) -> Mounted {
    let offer = Event::Offer { step: DescriptionStep::Created, bytes: 0, sdp: Sdp::default() };
    mount::<Fixture>(FixtureProps { tracks: tracks([offer].into_iter().chain(events), []), width }).await
}

fn candidate(line: &str) -> Option<IceCandidate> {
    Some(IceCandidate { candidate: line.into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) })
}

fn end(kind: &str, address: &str, port: u16) -> CandidateEnd {
    CandidateEnd { candidate_type: kind.into(), protocol: "udp".into(), address: address.into(), port }
}

fn connected() -> Vec<Event> {
    let (local, remote) = (end("host", "192.0.2.1", 1), end("host", "192.0.2.9", 9));
    let step = CandidateStep::Gathered;
    let line = "candidate:7 1 udp 2122260223 192.0.2.1 1 typ host";
    let gathered = Event::LocalCandidate { step, candidate: candidate(line), reason: None };
    let pair = CheckedPair {
        local: local.clone(),
        remote: remote.clone(),
        state: "succeeded".into(),
        nominated: true,
        requests_sent: 3,
        requests_received: 2,
        responses_received: 1,
        round_trip_ms: Some(4.0),
        bytes_sent: 1500,
        bytes_received: 20,
    };
    let selected = Event::SelectedPair(CandidatePair { local, remote });
    vec![gathered, Event::Pairs { pairs: vec![pair] }, selected]
}

#[wasm_bindgen_test]
async fn without_candidates_it_says_so() {
    let page = shown([], 900).await;
    assert!(page.text("paths").contains("No candidates yet"));
}

#[wasm_bindgen_test]
async fn a_candidate_shows_its_life_and_the_pair_its_numbers_wide_and_narrow() {
    for width in [900, 340] {
        let page = shown(connected(), width).await;
        let row = page.get("path-candidate");
        assert_eq!(row.get_attribute("data-life").as_deref(), Some("selected"));
        let text = page.text("path-candidate");
        for part in ["192.0.2.1:1", "2122260223", "gathered +1 ms", "paired +2 ms", "selected +3 ms"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let pair = page.text("path-pair");
        assert!(pair.contains("3 sent, 1 answered, 2 received") && pair.contains("1.5 kB"), "{pair}");
        assert_eq!(page.get("selected-pair-history").get_attribute("data-kind").as_deref(), Some("direct"));
        // Nothing is wider than its place.
        let paths = page.get("paths");
        assert!(paths.scroll_width() <= paths.client_width(), "{width}: {}", paths.scroll_width());
    }
}

#[wasm_bindgen_test]
async fn foreign_text_is_isolated_and_a_failure_says_why() {
    let reason = Some("שלום\u{202e}".to_owned());
    let step = CandidateStep::Failed;
    let line = "candidate:1 1 udp 1 \u{202e}evil.local 5 typ host";
    let failed = Event::RemoteCandidate { step, candidate: candidate(line), reason };
    let error = Event::IceCandidateError { url: "turn:x\u{202e}".into(), code: 401, text: "Unauthorized".into() };
    let page = shown([failed, error], 900).await;
    let row = page.get("path-candidate");
    assert_eq!(row.get_attribute("data-life").as_deref(), Some("failed"));
    let text = page.text("path-candidate");
    assert!(text.contains("[U+202E]") && !text.contains('\u{202e}'), "{text}");
    assert!(page.text("server-error").contains("401 Unauthorized"));
    assert!(!page.text("server").contains('\u{202e}'));
}
