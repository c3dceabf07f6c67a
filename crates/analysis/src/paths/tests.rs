use registry_client::check::Nat as NatKind;
use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::{IceConnectionState, IceGatheringState};
use registry_client::json::Json;
use registry_client::protocol::IceCandidate;
use registry_client::testing::Pair;
use registry_client::types::environment::Environment;
use registry_client::types::pair::{CandidateEnd, CandidatePair, CheckedPair};

use super::*;

/// Events a millisecond apart, after the offer.
fn track(events: impl IntoIterator<Item = Event>) -> Track {
    let offer = Event::Offer { step: DescriptionStep::Created, bytes: 0, sdp: Default::default() };
    let events = [offer].into_iter().chain(events).enumerate().map(|(index, event)| {
        let seq = index as u64 + 1;
        Rc::new(TraceEvent { seq, at_ms: seq as f64, epoch_ms: 1e12 + seq as f64, event })
    });
    Track::new(events.collect())
}

fn line(kind: &str, address: &str, port: u16, rest: &str) -> String {
    format!("candidate:1 1 udp 1 {address} {port} typ {kind}{rest}")
}

fn local(line: &str, step: CandidateStep) -> Event {
    let candidate = IceCandidate { candidate: line.into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };
    Event::LocalCandidate { step, candidate: Some(candidate), reason: None }
}

fn gathered(kind: &str, address: &str, port: u16, rest: &str) -> Event {
    local(&line(kind, address, port, rest), CandidateStep::Gathered)
}

fn end(kind: &str, address: &str, port: u16) -> CandidateEnd {
    CandidateEnd { candidate_type: kind.into(), protocol: "udp".into(), address: address.into(), port }
}

fn checked(local: CandidateEnd, remote: CandidateEnd, state: &str) -> CheckedPair {
    CheckedPair {
        local,
        remote,
        state: state.into(),
        nominated: state == "succeeded",
        requests_sent: 3,
        requests_received: 2,
        responses_received: 1,
        round_trip_ms: Some(4.0),
        bytes_sent: 0,
        bytes_received: 0,
    }
}

fn stages(life: &CandidateLife) -> Vec<&'static str> {
    life.passed.iter().map(|passed| passed.stage.word()).collect()
}

#[test]
fn in_a_whole_handshake_each_candidate_has_its_life() {
    let mut pair = Pair::connected();
    let complete = |entry: &Rc<TraceEvent>| entry.event == Event::IceGatheringState(IceGatheringState::Complete);
    let host = pair.host.clone();
    assert!(pair.world.run_until(std::time::Duration::from_secs(1), || host.trace().events().iter().any(complete)));
    let paths = Paths::of(&Track::new(host.trace().events()));
    assert!(!paths.local.is_empty() && !paths.remote.is_empty() && paths.gathered);
    assert_eq!((paths.attempts, paths.nat.kind), (1, NatKind::Unknown));
    for life in &paths.local {
        assert_eq!(stages(life)[..2], ["gathered", "posted"], "{life:?}");
    }
    // The pair that the fakes select is always the same one, of which this side knows nothing.
    for life in paths.remote.iter().filter(|life| !life.line.is_empty()) {
        assert_eq!(stages(life)[..2], ["received", "applied"], "{life:?}");
        assert!(life.passed.is_sorted_by_key(|passed| passed.at_ms));
    }
    assert_eq!(paths.selections.len(), 1);
    assert_eq!((paths.selections[0].kind(), &paths.selections[0].relay), ("direct", &None));
}

#[test]
fn a_reconnect_begins_anew_and_the_history_goes_on() {
    let mut pair = Pair::connected();
    let first = Paths::of(&Track::new(pair.host.trace().events()));
    pair.host.cut();
    assert!(pair.world.run_until(std::time::Duration::from_secs(120), || pair.host.count("ice:selected-pair") > 1));
    let second = Paths::of(&Track::new(pair.host.trace().events()));
    assert!(second.attempts > first.attempts);
    assert!(second.local.iter().all(|life| !first.local.iter().any(|of| of.line == life.line)));
    assert_eq!(second.selections.len(), 2);
}

#[test]
fn pairs_and_selection_follow_the_candidates() {
    let (host, relay) = (end("host", "192.0.2.1", 1), end("relay", "198.51.100.1", 2));
    let (theirs, unknown) = (end("host", "192.0.2.9", 9), end("prflx", "203.0.113.5", 5));
    let select =
        |local: &CandidateEnd| Event::SelectedPair(CandidatePair { local: local.clone(), remote: theirs.clone() });
    let remote = IceCandidate { candidate: line("host", "192.0.2.9", 9, ""), sdp_mid: None, sdp_m_line_index: None };
    let pairs = |direct: &str| Event::Pairs {
        pairs: vec![
            checked(host.clone(), unknown.clone(), "failed"),
            checked(relay.clone(), theirs.clone(), "succeeded"),
            checked(host.clone(), theirs.clone(), direct),
        ],
    };
    let events = || {
        vec![
            gathered("host", "192.0.2.1", 1, ""),
            gathered("relay", "198.51.100.1", 2, ""),
            Event::IceServerAnswered {
                url: "turn:198.51.100.1:3478?transport=tcp".into(),
                candidate: Some(line("relay", "198.51.100.1", 2, "")),
                relay_protocol: None,
            },
            Event::RemoteCandidate { step: CandidateStep::Received, candidate: Some(remote.clone()), reason: None },
            Event::RemoteCandidate { step: CandidateStep::Applied, candidate: Some(remote.clone()), reason: None },
            pairs("in-progress"),
            select(&relay),
        ]
    };
    let paths = Paths::of(&track(events()));
    let stage_of = |lives: &[CandidateLife]| lives.iter().map(|life| life.stage.word()).collect::<Vec<_>>();
    assert_eq!(
        (stage_of(&paths.local), stage_of(&paths.remote)),
        (vec!["paired", "selected"], vec!["selected", "failed"])
    );
    assert_eq!(stages(&paths.remote[1]), ["learned", "paired", "failed"]);
    assert_eq!(paths.remote[1].reason(), Some("no check succeeded: 1 pair"));
    assert_eq!(paths.local[1].server.as_deref(), Some("turn:198.51.100.1:3478?transport=tcp"));
    let shown = paths.pairs.iter().map(|pair| (pair.selected, pair.state.as_str())).collect::<Vec<_>>();
    assert_eq!(shown, [(true, "succeeded"), (false, "in-progress"), (false, "failed")]);
    let relayed = &paths.selections[0];
    assert_eq!(
        (relayed.kind(), relayed.relay.as_ref().unwrap().protocol.as_deref()),
        ("relayed on this side", Some("tcp"))
    );

    // A direct path opens later.
    let later = Paths::of(&track(events().into_iter().chain([pairs("succeeded"), select(&host)])));
    assert_eq!(stage_of(&later.local), ["selected", "paired"]);
    assert_eq!(later.selections.iter().map(Selection::kind).collect::<Vec<_>>(), ["relayed on this side", "direct"]);
    assert!(later.pairs[0].selected && later.pairs[0].local == host);
    assert_eq!(later.pairs[0].since_ms, Some(9.0));
}

#[test]
fn a_sample_keeps_the_pairs_current() {
    let (host, theirs) = (end("host", "127.0.0.1", 56697), end("host", "127.0.0.1", 37401));
    let mut track = track([
        gathered("host", "127.0.0.1", 56697, ""),
        Event::Pairs { pairs: vec![checked(host, theirs, "in-progress")] },
    ]);
    track.samples.push(Sample::new(3.0, Json::from_text(include_str!("../../fixtures/chromium-direct.json"))));
    let paths = Paths::of(&track);
    let [pair] = &*paths.pairs else { panic!("{:?}", paths.pairs) };
    assert_eq!((pair.selected, pair.requests_sent, pair.bytes_sent), (true, Some(6), Some(29734)));
    assert_eq!(paths.local[0].stage, Stage::Selected);
    // One from before the attempt says nothing about it, and neither does one of a connection that is closed.
    let early = Sample::new(0.5, track.samples[0].entries.clone());
    track.samples = vec![early, Sample::new(4.0, Json::from_text("[]"))];
    assert_eq!(Paths::of(&track).pairs[0].state, "in-progress");
}

#[test]
fn what_is_still_checked_when_ice_fails_has_failed() {
    let (host, theirs) = (end("host", "127.0.0.1", 56697), end("host", "127.0.0.1", 37401));
    let events = [
        gathered("host", "127.0.0.1", 56697, ""),
        Event::IceConnectionState(IceConnectionState::Checking),
        Event::Pairs { pairs: vec![checked(host, theirs, "in-progress")] },
        Event::IceConnectionState(IceConnectionState::Failed),
        Event::IceConnectionState(IceConnectionState::Closed),
    ];
    let pair = |events: &[Event]| Paths::of(&track(events.to_vec())).pairs[0].clone();
    assert_eq!(pair(&events[..3]).state, "in-progress");
    for failed in [&events[..4], &events] {
        assert_eq!((pair(failed).state.as_str(), pair(failed).since_ms), ("failed", Some(5.0)));
    }
    let lives = Paths::of(&track(events.clone())).local;
    assert_eq!((lives[0].stage.word(), lives[0].reason()), ("failed", Some("no check succeeded: 1 pair")));
    // A restart checks them again.
    let restarted = [&events[..4], &[Event::IceConnectionState(IceConnectionState::Checking)]].concat();
    assert_eq!(pair(&restarted).state, "in-progress");
    // What a sample shows that was taken just before.
    let mut sampled = track(events.to_vec());
    let waiting = include_str!("../../fixtures/chromium-direct.json").replace("succeeded", "in-progress");
    sampled.samples.push(Sample::new(3.5, Json::from_text(waiting)));
    assert_eq!(Paths::of(&sampled).pairs[0].state, "failed");
}

#[test]
fn statistics_tell_where_a_relay_is_if_nothing_else_does() {
    let relay = end("relay", "127.0.0.1", 57278);
    let pair = CandidatePair { local: relay, remote: end("relay", "127.0.0.1", 61944) };
    let mut track = track([gathered("relay", "127.0.0.1", 57278, " raddr 0.0.0.0 rport 0"), Event::SelectedPair(pair)]);
    assert_eq!(Paths::of(&track).selections[0].relay, Some(Relay::default()));
    track.samples.push(Sample::new(9.0, Json::from_text(include_str!("../../fixtures/chromium-relayed.json"))));
    let paths = Paths::of(&track);
    let server = Some("turn:127.0.0.1:3478?transport=udp".to_owned());
    assert_eq!(paths.selections[0].relay, Some(Relay { server: server.clone(), protocol: Some("udp".into()) }));
    assert_eq!(paths.selections[0].kind(), "relayed on both sides");
    assert_eq!((&paths.local[0].server, paths.local[0].relay_protocol.as_deref()), (&server, Some("udp")));
}

#[test]
fn a_candidate_that_is_learned_of_before_it_comes_is_one() {
    let (host, hidden) = (end("host", "192.0.2.1", 1), end("prflx", "", 9));
    let come = IceCandidate { candidate: line("host", "0a-b.local", 9, ""), sdp_mid: None, sdp_m_line_index: None };
    let received = Event::RemoteCandidate { step: CandidateStep::Received, candidate: Some(come), reason: None };
    let paths = Paths::of(&track([Event::Pairs { pairs: vec![checked(host, hidden, "succeeded")] }, received]));
    let [life] = &*paths.remote else { panic!("{:?}", paths.remote) };
    assert_eq!((stages(life), life.candidate.kind.as_str()), (vec!["learned", "paired", "received"], "host"));
}

#[test]
fn a_refused_candidate_says_why() {
    let posted = local(&line("host", "192.0.2.1", 1, ""), CandidateStep::Gathered);
    let mut refused = local(&line("host", "192.0.2.1", 1, ""), CandidateStep::Refused);
    if let Event::LocalCandidate { reason, .. } = &mut refused {
        *reason = Some("too_many_candidates".into());
    }
    let paths = Paths::of(&track([posted, refused]));
    assert_eq!((paths.local[0].stage.word(), paths.local[0].reason()), ("refused", Some("too_many_candidates")));
    assert!(paths.local[0].stage.is_bad());
}

/// A mapping that a server has told.
fn mapped(port: u16, base: &str, server: &str) -> [Event; 2] {
    let line = line("srflx", "203.0.113.7", port, base);
    let (url, candidate) = (server.to_owned(), Some(line.clone()));
    [local(&line, CandidateStep::Gathered), Event::IceServerAnswered { url, candidate, relay_protocol: None }]
}

fn nat(events: impl IntoIterator<Item = Event>) -> NatKind {
    Paths::of(&track(events)).nat.kind
}

const BASE: &str = " raddr 192.0.2.1 rport 50000";
const HIDDEN: &str = " raddr 0.0.0.0 rport 0";

#[test]
fn two_servers_show_the_kind_of_nat() {
    let one = || mapped(1, BASE, "stun:a:3478");
    assert_eq!(nat([]), NatKind::Unknown);
    assert_eq!(nat(one()), NatKind::OneServer);
    assert_eq!(nat(one().into_iter().chain(mapped(2, BASE, "stun:b:3478"))), NatKind::AddressDependent);
    // Two addresses of the device have two mappings.
    let other_base = mapped(2, " raddr 192.0.2.8 rport 50000", "stun:a:3478");
    assert_eq!(nat(one().into_iter().chain(other_base)), NatKind::OneServer);
}

#[test]
fn a_server_whose_answer_was_left_out_has_answered() {
    let environment = |urls: &[&str]| {
        let ice_servers = urls.iter().map(|url| (*url).to_owned()).collect();
        Event::Environment(Box::new(Environment { ice_servers, ..Environment::default() }))
    };
    let complete = || Event::IceGatheringState(IceGatheringState::Complete);
    let story = |urls: &[&str], last: Vec<Event>| {
        let begins = [environment(urls), Event::IceGatheringState(IceGatheringState::Gathering)];
        nat(begins.into_iter().chain(mapped(1, BASE, "stun:a:3478")).chain(last))
    };
    let two = ["stun:a:3478", "stun:b:3478"];
    assert_eq!(story(&two, vec![complete()]), NatKind::EndpointIndependent);
    assert_eq!(story(&two, vec![]), NatKind::OneServer, "it may still answer");
    let error = Event::IceCandidateError { url: "stun:b:3478".into(), code: 701, text: "no".into() };
    assert_eq!(story(&two, vec![error, complete()]), NatKind::OneServer);
    assert_eq!(
        story(&["stun:a:3478", "turns:b:5349"], vec![complete()]),
        NatKind::OneServer,
        "TLS shows nothing of UDP"
    );
    assert_eq!(story(&["stun:a:3478", "turn:a:3478?transport=udp"], vec![complete()]), NatKind::OneServer, "the same");
}

#[test]
fn hidden_bases_are_known_only_if_there_is_one() {
    let two = || mapped(1, HIDDEN, "stun:a:3478").into_iter().chain(mapped(2, HIDDEN, "stun:b:3478"));
    let host = |port| gathered("host", "0a-b.local", port, "");
    assert_eq!(nat([host(1)].into_iter().chain(two())), NatKind::AddressDependent);
    assert_eq!(nat([host(1), host(2)].into_iter().chain(two())), NatKind::Unknown);
}
