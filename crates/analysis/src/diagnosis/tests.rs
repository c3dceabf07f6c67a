mod healthy;
mod ice;
mod recorded;
mod registry;
mod session;

use std::rc::Rc;

use registry_client::protocol::IceCandidate;
use registry_client::testing::Pair;
use registry_client::types::sdp::Sdp;
use registry_client::{ConnectionState, Event, TraceEvent, WebRtcRegistryClient};
use strum::IntoEnumIterator;

use super::*;

/// A trace that is written by hand: what only a browser can record.
#[derive(Clone, Default)]
struct Script {
    events: Vec<Rc<TraceEvent>>,
    now_ms: f64,
}

impl Script {
    /// A guest who has joined a room and begins.
    fn guest() -> Self {
        use ConnectionState::{Connecting, Idle, Joined, Joining};
        Self::default().states(&[Idle, Joining, Joined, Connecting])
    }

    /// A host who has made a room and begins.
    fn host() -> Self {
        use ConnectionState::{Connecting, Created, Creating, Idle};
        Self::default().states(&[Idle, Creating, Created, Connecting])
    }

    fn states(mut self, states: &[ConnectionState]) -> Self {
        for pair in states.windows(2) {
            self = self.and(Event::State { from: pair[0], to: pair[1], reason: None });
        }
        self
    }

    fn and(mut self, event: Event) -> Self {
        let (seq, at_ms) = (self.events.len() as u64 + 1, self.now_ms);
        self.events.push(Rc::new(TraceEvent { seq, at_ms, epoch_ms: at_ms, event }));
        self
    }

    /// Time passes.
    fn wait(mut self, ms: f64) -> Self {
        self.now_ms += ms;
        self
    }

    fn findings(&self) -> Vec<Finding> {
        findings(&Track::new(self.events.clone()), self.now_ms)
    }

    fn causes(&self) -> Vec<Cause> {
        self.findings().iter().map(|finding| finding.cause).collect()
    }
}

fn sdp(user_fragment: &str) -> Sdp {
    Sdp::new(format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n\
         a=ice-ufrag:{user_fragment}\r\na=ice-pwd:secret\r\n"
    ))
}

fn candidate(line: &str) -> Option<IceCandidate> {
    Some(IceCandidate { candidate: line.to_owned(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) })
}

/// What is found now in what a client has recorded.
fn found(pair: &Pair, client: &WebRtcRegistryClient) -> Vec<Finding> {
    let now_ms = pair.world.elapsed().as_secs_f64() * 1000.0;
    let findings = findings(&Track::new(client.trace().events()), now_ms);
    for finding in &findings {
        is_sound(finding);
    }
    findings
}

fn causes(pair: &Pair, client: &WebRtcRegistryClient) -> Vec<Cause> {
    found(pair, client).iter().map(|finding| finding.cause).collect()
}

/// What holds for any finding.
fn is_sound(finding: &Finding) {
    let Finding { title, explanation, advice, evidence, since_ms, .. } = finding;
    assert!(!title.is_empty() && !title.ends_with('.'), "{finding:?}");
    for sentence in std::iter::once(explanation).chain(advice) {
        assert!(sentence.ends_with(['.', ')']) && !sentence.contains("  "), "{sentence:?}");
    }
    assert!(!advice.is_empty() && advice.iter().all(|advice| !explanation.contains(advice.as_str())), "{finding:?}");
    assert!(!evidence.is_empty() && evidence.is_sorted() && since_ms.is_finite(), "{finding:?}");
}

#[test]
fn causes_have_names_in_kebab_case_and_there_are_enough_of_them() {
    assert!(Cause::iter().count() >= 30);
    for cause in Cause::iter() {
        assert_eq!(serde_json::to_value(cause).unwrap(), cause.as_str());
        assert_eq!(cause.as_str().parse(), Ok(cause));
        assert!(!cause.explains().contains(&cause), "{cause} explains itself");
        for other in cause.explains() {
            assert!(!other.explains().contains(&cause), "{cause} and {other} explain each other, so neither is said");
        }
    }
}

#[test]
fn a_trace_of_twenty_thousand_events_is_diagnosed_in_no_time() {
    let message = |n: u64| Event::MessagesDelivered { ids: vec![n] };
    let script = (0..20_000).fold(Script::guest(), |script, n| script.wait(1.0).and(message(n)));
    let track = Track::new(script.events.clone());
    let began = std::time::Instant::now();
    let times = 20;
    for _ in 0..times {
        assert_ne!(diagnose(&track, script.now_ms).again_at_ms, Some(f64::NAN));
    }
    let took = began.elapsed() / times;
    assert!(took.as_millis() < 100, "{took:?}, without optimization");
    eprintln!("20,000 events take {took:?}");
}
