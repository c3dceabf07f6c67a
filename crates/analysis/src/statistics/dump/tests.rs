use std::rc::Rc;
use std::time::Duration;

use registry_client::testing::Pair;
use serde_json::{Value, json};

use super::*;
use crate::Sample;

fn sample(at_ms: f64, name: &str) -> Sample {
    let text = match name {
        "before" => include_str!("../../../fixtures/chromium-before-checks.json"),
        "direct" => include_str!("../../../fixtures/chromium-direct.json"),
        other => other,
    };
    Sample::new(at_ms, Json::from_text(text))
}

/// The series of this name.
fn series(dump: &Value, connection: &str, name: &str) -> Value {
    let series = &dump["PeerConnections"][connection]["stats"][name];
    assert!(series.is_object(), "{name}");
    serde_json::from_str(series["values"].as_str().unwrap()).unwrap()
}

#[test]
fn a_whole_handshake_becomes_a_dump_that_others_read() {
    let pair = Pair::connected();
    let mut tracks = [Track::new(pair.host.trace().events()), Track::new(pair.guest.trace().events())];
    let last_ms = tracks[0].events.last().unwrap().at_ms;
    tracks[0].samples = vec![sample(last_ms, "before"), sample(last_ms + 1000.0, "direct")];
    let dump = internals_dump(&tracks, false).value();
    assert_eq!(dump["PeerConnections"].as_object().unwrap().keys().collect::<Vec<_>>(), ["1-1", "2-1"]);
    assert_eq!((&dump["getUserMedia"], dump["UserAgentData"].is_array()), (&json!([]), true));

    let log = dump["PeerConnections"]["1-1"]["updateLog"].as_array().unwrap();
    let kinds: Vec<_> = log.iter().map(|update| update["type"].as_str().unwrap()).collect();
    for kind in
        ["createOfferOnSuccess", "setLocalDescription", "setRemoteDescription", "icecandidate", "addIceCandidate"]
    {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    assert!(log.iter().any(|update| update["type"] == "connectionstatechange" && update["value"] == "\"connected\""));
    let created = log[0]["value"].as_str().unwrap();
    assert!(created.starts_with(r#"{"type":"offer","sdp":"v=0"#), "readers look at how it begins: {created}");

    // Members are aligned with the times of their entry.
    assert_eq!(series(&dump, "1-1", "T01-bytesSent"), json!([0, 29734]));
    assert_eq!(series(&dump, "1-1", "D1-dataChannelIdentifier"), json!([null, 1]));
    assert_eq!(series(&dump, "1-1", "T01-timestamp"), json!([1795827711303.523, 1795827716430.408]));
    let of = &dump["PeerConnections"]["1-1"]["stats"]["T01-bytesSent"];
    assert_eq!((&of["statsType"], &of["startTime"]), (&json!("transport"), &json!("2026-11-28T01:01:51.303Z")));
}

#[test]
fn no_secret_is_in_it() {
    let pair = Pair::connected();
    let track = Track::new(pair.host.trace().events());
    let text = internals_dump(&[track], false).as_str().to_owned();
    assert!(text.contains("a=ice-pwd:***") && !text.contains("opensesame"), "{text}");
}

#[test]
fn each_peer_connection_has_its_own_record() {
    let mut pair = Pair::connected();
    pair.host.cut();
    let back = |client: &registry_client::WebRtcRegistryClient| client.count("reconnect:success") > 0;
    assert!(pair.world.run_until(Duration::from_secs(120), || back(&pair.host) && back(&pair.guest)));
    for client in [&pair.host, &pair.guest] {
        let mut track = Track::new(client.trace().events());
        let [.., first, second] = &*of_each_connection(&track) else { panic!("{:?}", of_each_connection(&track)) };
        assert_eq!((first.end, second.end), (second.start, track.events.len()));
        let at = |index: usize| track.events[index].at_ms;
        let (early, late) = (at(first.start) + 0.1, at(second.start) + 0.1);
        track.samples = vec![sample(early, "before"), sample(late, "direct")];
        let count = of_each_connection(&track).len();
        let dump = internals_dump(&[track], false).value();
        let [earlier, later] = [count - 1, count].map(|number| format!("1-{number}"));
        assert_eq!(series(&dump, &earlier, "T01-bytesSent"), json!([0]));
        assert_eq!(series(&dump, &later, "T01-bytesSent"), json!([29734]));
    }
}

#[test]
fn what_is_not_there_or_odd_makes_no_dump() {
    assert_eq!(internals_dump(&[], false).value()["PeerConnections"], json!({}));
    assert_eq!(internals_dump(&[Track::default()], false).value()["PeerConnections"], json!({}));
    let entries = r#"[1, {"id":"a"}, {"id":"b","type":"t","n":1}, {"type":"t"}]"#;
    let series = super::series::of([sample(5.0, entries)].iter());
    assert_eq!(series.keys().collect::<Vec<_>>(), ["b-n"]);
}

#[test]
fn the_environment_says_where_it_was() {
    let pair = Pair::connected();
    let mut events = pair.host.trace().events();
    let environment = Environment {
        version: "1.2.3".into(),
        user_agent: "a browser".into(),
        page_origin: "https://harness.example".into(),
        ice_servers: vec!["turn:a".into()],
        relay_only: true,
        ..Environment::default()
    };
    let event = Event::Environment(Box::new(environment));
    events.insert(0, Rc::new(TraceEvent { seq: 0, at_ms: 0.0, epoch_ms: 0.0, event }));
    let dump = internals_dump(&[Track::new(events)], false).value();
    let connection = &dump["PeerConnections"]["1-1"];
    assert_eq!((&dump["UserAgent"], &connection["url"]), (&json!("a browser"), &json!("https://harness.example")));
    let expected = json!({ "iceServers": [{ "urls": ["turn:a"] }], "iceTransportPolicy": "relay" });
    assert_eq!(connection["rtcConfiguration"], expected);
}

#[test]
fn times_are_written_as_javascript_reads_them() {
    for (epoch_ms, text) in [
        (0.0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999.0, "2024-02-29T23:59:59.999Z"),
        (1_795_827_711_303.5, "2026-11-28T01:01:51.303Z"),
        (4_107_542_400_000.0, "2100-03-01T00:00:00.000Z"),
    ] {
        assert_eq!(iso(epoch_ms), text);
    }
}
