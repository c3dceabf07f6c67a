//! The Worker itself, as `cargo xtask worker dev` runs it; `cargo xtask test --only worker` runs these tests.
#![cfg(not(target_family = "wasm"))]

mod support;

use std::thread;
use std::time::{Duration, Instant};

use registry::{AllowedOrigins, Refusal, Request, Response};
use registry_conformance::{Answer, Ask, HttpTransport, Options, run};
use serde_json::{Value, json};
use support::{Disk, Worker};

const NO_LIMITS: &str = "RATE_LIMITS:off";
const SDP: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\n";

fn create(host: &str) -> Ask {
    Ask::post("/rooms").json(&json!({"hostUserName": host}))
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn the_contract_is_kept_and_the_page_is_served() {
    let disk = Disk::new("contract");
    let origin = "https://a.example";
    let worker = Worker::start(&disk, &[NO_LIMITS, &format!("ALLOWED_ORIGINS:{origin}")]);
    let options = Options { rate_limits: false, lifetimes: false, origin: Some(origin.to_owned()) };
    let report = run(&mut HttpTransport::new(&worker.url), &options, &mut |row| println!("{row}"));
    assert!(report.failures().next().is_none(), "{report}");
    assert!(report.passed() > 200, "{report}");

    let page = worker.send(&Ask::get("/"));
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").unwrap().ends_with("; frame-ancestors 'self'"));
    // What is said of one file takes the place of what is said of all.
    let demo = worker.send(&Ask::get("/demo"));
    let policy = demo.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-src 'self'") && !policy.contains("connect-src"), "{policy}");
    let script = worker.send(&Ask::get("/embed.js"));
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let html = String::from_utf8(page.body).unwrap();
    let script = html.split('"').find(|text| text.ends_with(".js")).unwrap().trim_start_matches('.');
    let script = worker.send(&Ask::get(script));
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn a_handshake_survives_that_its_object_is_put_to_sleep() {
    let disk = Disk::new("sleep");
    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let room = body(&worker.send(&create("Ann")));
    let (path, host) = (format!("/rooms/{}", text(&room, "code")), text(&room, "ownerToken"));
    worker.stop();

    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let public = worker.send(&Ask::get(format!("{path}/public")));
    assert_eq!(text(&body(&public), "hostUserName"), "Ann");
    let join = json!({"joinCode": text(&room, "joinCode"), "guestUserName": "Bob"});
    let guest = text(&body(&worker.send(&Ask::post(format!("{path}/join")).json(&join))), "guestToken");
    let offer = Ask::post(format!("{path}/offer")).token(&host).json(&json!({"type": "offer", "sdp": SDP}));
    assert_eq!(worker.send(&offer).status, 204);
    let candidate = Ask::post(format!("{path}/candidate")).token(&host).json(&json!({"candidate": "c"}));
    assert_eq!(worker.send(&candidate).status, 204);
    worker.stop();

    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let answer = Ask::post(format!("{path}/answer")).token(&guest).json(&json!({"type": "answer", "sdp": SDP}));
    assert_eq!(worker.send(&answer).status, 204);
    let snapshot = body(&worker.send(&Ask::get(&path).token(&host)));
    assert_eq!((text(&snapshot, "status"), text(&snapshot["offer"], "sdp")), ("paired".to_owned(), SDP.to_owned()));
    let candidates = body(&worker.send(&Ask::get(format!("{path}/candidates")).token(&guest)));
    assert_eq!(candidates["items"][0]["candidate"], "c");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn of_a_room_that_is_over_nothing_is_left_even_if_nobody_asks() {
    let (disk, host) = (Disk::new("over"), "Somebody-with-a-name-of-32-chars");
    let life = [NO_LIMITS, "TTL_OPEN:15s"];
    let worker = Worker::start(&disk, &life);
    let made = Instant::now();
    assert_eq!(worker.send(&create(host)).status, 201);
    assert!(disk.holds(host), "it is written down");
    worker.stop();

    let worker = Worker::start(&disk, &life);
    assert!(disk.holds(host), "it is still there");
    while disk.holds(host) {
        assert!(made.elapsed() < Duration::from_secs(40), "it is never removed");
        thread::sleep(Duration::from_millis(200));
    }
    assert!(made.elapsed() >= Duration::from_secs(14), "it was removed too early");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn who_asks_too_often_is_told_so_as_by_every_registry() {
    let disk = Disk::new("limits");
    let worker = Worker::start(&disk, &[]);
    // The platform's minute may end while we ask, but not twice.
    let answers: Vec<Answer> = (0..11).map(|_| worker.send(&create("Ann"))).collect();
    let refused = answers.iter().position(|answer| answer.status != 201).expect("there is a limit");
    assert!(refused >= 5, "only {refused} rooms");
    let refusal = Err(Refusal::RateLimited { wait_ms: 60_000 });
    let expected = Response::new(&Request::new("POST", "/rooms"), &AllowedOrigins::default(), refusal);
    let answer = &answers[refused];
    assert_eq!((answer.status, &answer.body), (expected.status, &expected.body));
    assert_eq!(answer.header("retry-after"), expected.header("retry-after"));
    worker.stop();
}
