//! Whom an error blames: the one who is at fault, with what was seen and what to do.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Connecting, Error};
use registry_client::error::{ErrorKind, WebRtcError};
use registry_client::event::Event;
use registry_client::interfaces::http::HttpResponse;
use registry_client::interfaces::registry::Operation;
use registry_client::testing::{Exchange, Pair, PairConfig};
use registry_client::{Settings, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> Pair {
    Pair::new(PairConfig::default())
}

fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, body: body.to_owned(), ..HttpResponse::default() }
}

/// Whether the response of this path is a room's snapshot.
fn is_snapshot(path: &str) -> bool {
    path == "/exchange" || path.split('/').count() == 3
}

/// From now on `change` makes of each snapshot what arrives in its place.
fn change_snapshots(pair: &Pair, change: impl Fn(HttpResponse) -> HttpResponse + 'static) {
    let tamper = move |asked: &Exchange, answer| if is_snapshot(&asked.path) { change(answer) } else { answer };
    pair.network.tamper.replace(Some(Box::new(tamper)));
}

fn heal(pair: &Pair) {
    pair.network.tamper.take();
}

/// Why the room was not read, each time.
fn reasons(client: &WebRtcRegistryClient) -> Vec<String> {
    let reason = |event: &Event| match event {
        Event::Retry { operation: Operation::GetRoom | Operation::Exchange, reason, .. } => Some(reason.clone()),
        _ => None,
    };
    client.trace().events().iter().filter_map(|entry| reason(&entry.event)).collect()
}

#[test]
fn a_room_that_nobody_made_is_told_with_the_status_that_was_seen() {
    for (status, body, words) in [
        (204, "", "it has no body"),
        (200, "<!doctype html><title>Log in</title>", "it is a web page"),
        (202, "{\"code\":1}", "it has an unexpected value at line 1, column 9"),
    ] {
        let mut pair = pair();
        pair.network.tamper.replace(Some(Box::new(move |_, _| answer(status, body))));
        let error = pair.create().unwrap_err();
        let ErrorKind::Api(api) = &error.kind else { panic!("{error:?}") };
        assert_eq!((api.status, error.kind.code()), (status, "malformed_answer"));
        let text = error.to_string();
        assert!(text.contains(&format!("status {status}")) && text.contains(words), "{text}");
        assert!(!text.contains("rejected") && text.contains("Is this the URL of a Registry?"), "{text}");
    }
}

#[test]
fn nonsense_in_the_place_of_a_snapshot_is_said_each_time_until_it_heals() {
    for (status, body) in [(204, ""), (200, "<h1>welcome to the hotel</h1>"), (200, "[]"), (200, "{}")] {
        for extended in [false, true] {
            let registry = registry_core::Config { extended, ..registry_core::Config::default() };
            let mut pair = Pair::new(PairConfig { registry, ..PairConfig::default() });
            pair.meet().unwrap();
            change_snapshots(&pair, move |_| answer(status, body));
            let both = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
            pair.world.run_for(SECOND * 20);
            for client in [&pair.host, &pair.guest] {
                assert_eq!(client.connection_state(), Connecting);
                let reasons = reasons(client);
                assert!(reasons.len() > 2, "{status} {body}: {reasons:?}");
                let what = if extended { "exchanging offer, answer and candidates" } else { "reading the room" };
                let expected = format!("unexpected response with status {status} while {what}");
                assert!(reasons.iter().all(|reason| reason.contains(&expected)), "{reasons:?}");
            }
            heal(&pair);
            assert!(pair.world.block_on(SECOND * 30, both).expect("it ends").is_ok());
        }
    }
}

#[test]
fn a_description_of_another_type_is_refused_on_reading_and_applied_when_it_is_right() {
    for (of, wrong) in [("offer", "answer"), ("offer", "rollback"), ("answer", "offer"), ("answer", "pranswer")] {
        let mut pair = pair();
        pair.meet().unwrap();
        change_snapshots(&pair, move |answer| {
            let (right, other) = (format!("\"type\":\"{of}\""), format!("\"type\":\"{wrong}\""));
            HttpResponse { body: answer.body.replace(&right, &other), ..answer }
        });
        let both = futures::future::try_join(pair.host.start_connection(), pair.guest.start_connection());
        pair.world.run_for(SECOND * 10);
        assert_eq!(pair.states(), (Connecting, Connecting), "{wrong} in the place of the {of}");
        let reader = if of == "offer" { &pair.guest } else { &pair.host };
        assert_eq!(reader.count(&format!("{of}:received")), 0);
        let expected = "it has an unexpected value at line 1, column";
        assert!(reasons(reader).iter().any(|reason| reason.contains(expected)), "{:?}", reasons(reader));
        heal(&pair);
        assert!(pair.world.block_on(SECOND * 20, both).expect("it ends").is_ok());
        assert!(pair.ether.violations.borrow().is_empty());
    }
}

#[test]
fn a_room_that_says_that_it_is_closed_has_not_expired() {
    let mut pair = pair();
    pair.meet().unwrap();
    let starting = pair.guest.start_connection();
    pair.world.run_for(SECOND * 2);
    // And that as late as can be.
    let expired = format!("\"expiresAt\":{}", pair.world.clock().now().epoch_ms);
    let closed = format!(r#"{{"status":"closed","offer":null,"answer":null,"updatedAt":1,{expired}}}"#);
    change_snapshots(&pair, move |_| answer(200, &closed));
    let error = pair.world.block_on(SECOND * 30, starting).expect("it ends").unwrap_err();
    assert_eq!((error.kind.name(), error.kind.code()), ("api", "room_closed"));
    assert!(error.to_string().contains("the host closed the room"), "{error}");
}

#[test]
fn a_room_that_is_gone_before_its_time_has_not_expired_for_its_host_either() {
    let gone = r#"{"error":{"code":"not_found","message":"","retryable":false}}"#;
    let mut pair = pair();
    pair.create().unwrap();
    let starting = pair.host.start_connection();
    pair.world.run_for(SECOND * 30);
    change_snapshots(&pair, move |_| answer(404, gone));
    let error = pair.world.block_on(SECOND * 30, starting).expect("it ends").unwrap_err();
    assert_eq!(error.kind.code(), "not_found");
    let text = error.to_string();
    assert!(text.contains("the Registry no longer has it") && !text.contains("expired"), "{text}");
}

#[test]
fn a_browser_that_makes_no_peer_connection_is_named_with_its_reason() {
    let words = || "in the browser's words".to_owned();
    for (refusal, code, retryable, advice) in [
        (WebRtcError::Unsupported(words()), "webrtc_unsupported", false, "use a current Chromium"),
        (WebRtcError::BadConfiguration(words()), "bad_ice_servers", false, "check the URLs and credentials"),
        (WebRtcError::TooManyConnections(words()), "too_many_connections", true, "close other tabs"),
        (WebRtcError::NoPeerConnection(words()), "no_peer_connection", true, "try again"),
    ] {
        let mut pair = pair();
        pair.meet().unwrap();
        pair.ether.refuses.replace(Some(refusal));
        let starting = pair.host.start_connection();
        let error = pair.world.block_on(SECOND, starting).expect("it ends").unwrap_err();
        assert_eq!((error.kind.name(), error.kind.code(), error.kind.retryable()), ("webrtc", code, retryable));
        let text = error.to_string();
        assert!(text.contains(advice) && text.ends_with(" (in the browser's words)"), "{text}");
        assert_eq!(pair.host.connection_state(), Error);
        // Nothing was posted: the room serves when the browser does.
        pair.ether.refuses.take();
        assert_eq!(pair.connect(), (Connected, Connected));
    }
}

#[test]
fn a_way_back_on_which_no_peer_connection_can_be_made_does_not_blame_the_peer() {
    for refusal in [WebRtcError::TooManyConnections("500".into()), WebRtcError::Unsupported("gone".into())] {
        let settings = Settings { max_reconnect_attempts: 2, ..Settings::default() };
        let mut pair = Pair::new(PairConfig { settings, ..PairConfig::default() });
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND * 3);
        pair.ether.refuses.replace(Some(refusal.clone()));
        pair.host.cut();
        let host = pair.host.clone();
        assert!(pair.world.run_until(SECOND * 120, || host.connection_state() == Error), "it is given up");
        assert_eq!(host.errors().last().unwrap().kind, ErrorKind::WebRtc(refusal));
    }
}

#[test]
fn numbers_in_errors_are_followed_by_the_right_form() {
    let full = |messages, bytes| WebRtcError::BufferFull { messages, bytes }.to_string();
    assert!(full(1, 1).contains(": 1 message (1 byte in total) is waiting to be delivered"), "{}", full(1, 1));
    assert!(full(2, 10).contains(": 2 messages (10 bytes in total) are waiting to be delivered"), "{}", full(2, 10));
    let large = WebRtcError::MessageTooLarge { bytes: 1, limit: 0 }.to_string();
    assert!(large.contains("it has 1 byte,"), "{large}");
}
