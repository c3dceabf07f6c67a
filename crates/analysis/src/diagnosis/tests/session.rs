//! The device, the page, the peer, and what a session's end changes.

use registry_client::error::{Diagnostics, NegotiationStep, StateError, WebRtcError};
use registry_client::event::{DescriptionStep, PageStep};
use registry_client::json::Json;
use registry_client::types::environment::Environment;
use registry_client::types::fault::InjectedFault;
use registry_client::types::operation::Operation;
use registry_client::types::rtc::IceConnectionState;
use registry_client::types::sdp::Sdp;
use registry_client::{Error, ErrorKind};

use super::*;
use ConnectionState::{Connected, Connecting, Disconnected, Idle};

fn page(step: PageStep, gap_ms: Option<f64>) -> Event {
    Event::Page { step, gap_ms }
}

fn request_failed() -> Event {
    let reason = "the Registry cannot be reached (no)".into();
    Event::RequestFailed { id: 1, operation: Operation::Exchange, duration_ms: 3.0, reason }
}

fn failure(kind: impl Into<ErrorKind>) -> Event {
    Event::Failure(Error::new(kind, Diagnostics::default()))
}

fn environment(change: impl FnOnce(&mut Environment)) -> Event {
    let mut environment = Environment { has_web_rtc: true, online: true, ..Environment::default() };
    change(&mut environment);
    Event::Environment(Box::new(environment))
}

#[test]
fn before_anything_is_done() {
    let of = |change: fn(&mut Environment)| Script::default().and(environment(change)).causes();
    assert_eq!(of(|_| {}), []);
    assert_eq!(of(|environment| environment.has_web_rtc = false), [Cause::NoWebRtc]);
    assert_eq!(of(|environment| environment.online = false), [Cause::Offline]);
    let back = Script::default().and(environment(|known| known.online = false)).and(page(PageStep::Online, None));
    assert_eq!(back.causes(), []);
}

#[test]
fn what_was_wrong_before_a_reload_is_not_wrong_now() {
    let waited = Script::guest().wait(60_000.0);
    assert_eq!(waited.causes(), [Cause::HostNeverOffered]);
    let reloaded = waited.and(page(PageStep::Offline, None)).and(environment(|_| {}));
    assert_eq!(reloaded.causes(), []);
    let again = reloaded.states(&[Idle, ConnectionState::Joining, ConnectionState::Joined, Connecting]);
    assert_eq!(again.clone().causes(), []);
    assert_eq!(again.wait(9000.0).causes(), [Cause::HostNeverOffered]);
}

#[test]
fn a_device_without_network_explains_what_does_not_answer() {
    let offline = || Script::guest().and(page(PageStep::Offline, None)).and(request_failed()).and(request_failed());
    assert_eq!(offline().causes(), [Cause::Offline]);
    let back = offline().and(page(PageStep::Online, None)).findings();
    assert_eq!((back[0].cause, back[0].over), (Cause::RegistryUnreachable, false), "it still does not answer");
    assert!(back.iter().any(|finding| finding.cause == Cause::Offline && finding.over));
    let answered =
        Event::Response { id: 1, operation: Operation::Exchange, status: 200, duration_ms: 1.0, bytes: 1, code: None };
    let local = |environment: &mut Environment| environment.registry_url = "http://localhost:8787/".into();
    let waiting = Script::guest().and(page(PageStep::Offline, None));
    assert_eq!(waiting.clone().causes(), [Cause::Offline]);
    assert_eq!(waiting.and(answered).causes(), [], "it has a network that its browser does not know of");
    let itself = Script::default().and(environment(local)).and(page(PageStep::Offline, None));
    assert_eq!(itself.causes(), [], "a device reaches itself");
    let unharmed = Script::guest().and(page(PageStep::Offline, None)).and(page(PageStep::Online, None));
    assert_eq!(unharmed.causes(), []);
}

#[test]
fn a_page_that_sleeps_or_is_hidden() {
    let slept = || page(PageStep::Slept, Some(60_000.0));
    let during = Script::guest().wait(60_000.0).and(slept());
    assert_eq!(during.causes(), [Cause::PageSlept]);
    assert_eq!(during.wait(9000.0).causes(), [Cause::HostNeverOffered, Cause::PageSlept]);
    assert_eq!(Script::default().and(slept()).causes(), [], "nothing was going on");
    let connected = Script::guest().states(&[Connecting, Connected]).wait(60_000.0).and(slept());
    assert_eq!(connected.causes(), []);
    let lost = connected.and(Event::State { from: Connected, to: Disconnected, reason: None });
    assert_eq!(lost.causes(), [Cause::PageSlept]);

    let hidden = || Script::host().and(page(PageStep::Hidden, None));
    assert_eq!(hidden().wait(9000.0).causes(), []);
    assert_eq!(hidden().wait(10_000.0).causes(), [Cause::PageThrottled]);
    assert_eq!(hidden().and(page(PageStep::Visible, None)).wait(20_000.0).causes(), []);
    assert_eq!(hidden().states(&[Connecting, Connected]).wait(20_000.0).causes(), []);
}

#[test]
fn injected_faults_are_told_after_what_they_have_done() {
    let fault = InjectedFault {
        action: "lost".into(),
        target: "exchange".into(),
        delay_ms: None,
        status: None,
        rule: Some("train".into()),
    };
    let script = Script::guest().and(Event::Fault(fault)).and(request_failed()).and(request_failed());
    assert_eq!(script.causes(), [Cause::RegistryUnreachable, Cause::FaultsInjected]);
    script.findings().iter().for_each(is_sound);
}

#[test]
fn an_injected_refusal_counts_as_one_of_the_registry() {
    let fault = |status| InjectedFault {
        action: "refused".into(),
        target: "createRoom".into(),
        delay_ms: None,
        status: Some(status),
        rule: None,
    };
    for (status, cause) in [(429, Cause::RateLimited), (500, Cause::RegistryFailing)] {
        let script = Script::host().and(Event::Fault(fault(status))).states(&[Connecting, ConnectionState::Error]);
        assert_eq!(script.causes(), [cause, Cause::FaultsInjected], "{status}");
    }
}

#[test]
fn descriptions_that_the_browser_rejects() {
    let offer = |sdp| Event::Offer { step: DescriptionStep::Created, bytes: 9, sdp };
    let answer = |sdp| Event::Answer { step: DescriptionStep::Received, bytes: 9, sdp };
    let rejected = |step| failure(WebRtcError::Negotiation { step, reason: "InvalidAccessError: mids".into() });
    let video = Sdp::new("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n");
    let of = |answered, step| {
        let script = Script::host().and(offer(sdp("own"))).and(answer(answered));
        let script = script.states(&[Connecting, ConnectionState::Error]).and(rejected(step));
        script.findings().iter().for_each(is_sound);
        script.causes()
    };
    assert_eq!(of(video.clone(), NegotiationStep::SetRemoteDescription), [Cause::AnswerForAnotherOffer]);
    assert_eq!(of(sdp("peer"), NegotiationStep::SetRemoteDescription), [Cause::DescriptionRejected]);
    assert_eq!(of(sdp("peer"), NegotiationStep::SetLocalDescription), [Cause::NegotiationFailed]);
    assert_eq!(Script::host().and(offer(sdp("own"))).and(answer(video)).causes(), [], "the browser has taken it");
    let replaced =
        Script::guest().states(&[Connecting, ConnectionState::Error]).and(failure(WebRtcError::OfferReplaced));
    replaced.findings().iter().for_each(is_sound);
    assert_eq!(replaced.causes(), [Cause::AnswerForAnotherOffer]);
    let large = Sdp::new("a=x\r\n".repeat(5000));
    assert_eq!(Script::host().and(offer(large)).causes(), [Cause::DescriptionTooLarge]);
}

#[test]
fn what_a_file_tells_is_found_as_well() {
    let live = Script::host()
        .and(Event::Offer { step: DescriptionStep::Created, bytes: 9, sdp: sdp("own") })
        .and(Event::Answer { step: DescriptionStep::Received, bytes: 9, sdp: sdp("peer") })
        .states(&[Connecting, ConnectionState::Error])
        .and(failure(WebRtcError::Negotiation {
            step: NegotiationStep::SetRemoteDescription,
            reason: "OperationError: no".into(),
        }));
    let events = live.events.iter().map(|entry| Rc::new(Json::of(&**entry).read().unwrap())).collect();
    let read = Script { events, now_ms: live.now_ms };
    assert_eq!(read.findings()[0], live.findings()[0]);
}

#[test]
fn the_end_of_a_connection() {
    let connected = || {
        Script::guest().and(Event::IceConnectionState(IceConnectionState::Connected)).states(&[Connecting, Connected])
    };
    let lost =
        |reason: &str| connected().and(Event::State { from: Connected, to: Disconnected, reason: Some(reason.into()) });
    let silent = "the peer has not responded for 5 s: its network may be down, or its page closed";
    let fails = |script: Script| script.and(Event::IceConnectionState(IceConnectionState::Disconnected));
    for (what, script, expected) in [
        ("just lost", lost("the network path is interrupted"), vec![]),
        ("lost for a while", fails(lost("the network path is interrupted")).wait(5000.0), vec![Cause::PeerGone]),
        ("closed for a while", lost("the data channel closed").wait(5000.0), vec![Cause::PeerGone]),
        ("silent", lost(silent).wait(2000.0), vec![]),
        ("silent, and its browser is there", lost(silent).wait(6000.0), vec![Cause::PeerBusy]),
        ("silent, and so is its browser", fails(lost(silent)).wait(6000.0), vec![Cause::PeerGone]),
        ("a goodbye", lost("the peer left").and(failure(WebRtcError::PeerLeft)).wait(60_000.0), vec![]),
        ("given up", lost("x").and(failure(WebRtcError::PeerLost)), vec![Cause::PeerGone]),
        ("back", lost("x").states(&[Disconnected, Connected]).wait(60_000.0), vec![]),
        ("another version", connected().and(Event::PeerVersion { version: 2 }), vec![Cause::PeerVersion]),
        ("not resumed", Script::default().and(failure(StateError::NotResumable)), vec![Cause::NotResumable]),
        ("two answers", connected().and(failure(WebRtcError::ConflictingAnswer)), vec![Cause::ConflictingAnswer]),
    ] {
        assert_eq!(script.causes(), expected, "{what}");
        script.findings().iter().for_each(is_sound);
    }
}

#[test]
fn what_is_over_stands_below_what_is_not() {
    let refused = |operation, status, code: Option<&str>| Event::Response {
        id: 1,
        operation,
        status,
        duration_ms: 1.0,
        bytes: 1,
        code: code.map(str::to_owned),
    };
    let limited = Script::guest().and(refused(Operation::Exchange, 429, Some("rate_limited")));
    assert!(!limited.findings()[0].over);
    let waits = limited.and(refused(Operation::Exchange, 200, None)).wait(9000.0).findings();
    let told: Vec<_> = waits.iter().map(|finding| (finding.cause, finding.over)).collect();
    assert_eq!(told, [(Cause::HostNeverOffered, false), (Cause::RateLimited, true)]);
    let closed = Script::guest().wait(9000.0).states(&[Connecting, Idle]).wait(60_000.0).findings();
    assert!(closed.len() == 1 && closed[0].over);
}

#[test]
fn findings_are_json() {
    let found = Script::guest().wait(9000.0).findings();
    let json = serde_json::to_value(&found).unwrap();
    let first = &json[0];
    assert_eq!((&first["cause"], &first["severity"]), (&"host-never-offered".into(), &"warning".into()));
    assert_eq!((&first["over"], &first["sinceMs"]), (&false.into(), &0.0.into()));
    assert_eq!(serde_json::from_value::<Vec<Finding>>(json).unwrap(), found);
}
