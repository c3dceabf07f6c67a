//! Tests of the Worker itself, as run by `cargo xtask worker dev`. `cargo xtask test --only worker` runs them.
#![cfg(not(target_family = "wasm"))]

mod support;

use std::thread;
use std::time::{Duration, Instant};

use registry_conformance::{HttpRequest, HttpResponse, HttpTransport, Options, run};
use registry_core::{AllowedOrigins, Refusal, Request, Response};
use serde_json::{Value, json};
use support::{Disk, Worker};

const NO_LIMITS: &str = "RATE_LIMITS:off";
const SDP: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\n";

fn create(host: &str) -> HttpRequest {
    HttpRequest::post("/rooms").json(&json!({"hostUserName": host}))
}

fn body(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn it_conforms_and_serves_the_page() {
    let disk = Disk::new("contract");
    let origin = "https://a.example";
    let worker = Worker::start(&disk, &[NO_LIMITS, &format!("ALLOWED_ORIGINS:{origin}")]);
    let options = Options { rate_limits: false, lifetimes: false, origin: Some(origin.to_owned()) };
    let report = run(&mut HttpTransport::new(&worker.url), &options, &mut |row| println!("{row}"));
    assert!(report.failures().next().is_none(), "{report}");
    assert!(report.passed() > 200, "{report}");

    let page = worker.send(&HttpRequest::get("/"));
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").unwrap().ends_with("; frame-ancestors 'self'"));
    // Headers for a single file override those for all files.
    let demo = worker.send(&HttpRequest::get("/demo"));
    let policy = demo.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-src 'self'") && !policy.contains("connect-src"), "{policy}");
    let script = worker.send(&HttpRequest::get("/embed.js"));
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(script.header("access-control-allow-origin"), Some("*"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cross-origin-embedder-policy", "credentialless"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let html = String::from_utf8(page.body).unwrap();
    let script = html.split('"').find(|text| text.ends_with(".js")).unwrap().trim_start_matches('.');
    let script = worker.send(&HttpRequest::get(script));
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn a_handshake_survives_eviction_of_its_object() {
    let disk = Disk::new("sleep");
    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let room = body(&worker.send(&create("Ann")));
    let (path, host) = (format!("/rooms/{}", text(&room, "code")), text(&room, "ownerToken"));
    worker.stop();

    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let public = worker.send(&HttpRequest::get(format!("{path}/public")));
    assert_eq!(text(&body(&public), "hostUserName"), "Ann");
    let join = json!({"joinCode": text(&room, "joinCode"), "guestUserName": "Bob"});
    let guest = text(&body(&worker.send(&HttpRequest::post(format!("{path}/join")).json(&join))), "guestToken");
    let offer = HttpRequest::post(format!("{path}/offer")).token(&host).json(&json!({"type": "offer", "sdp": SDP}));
    assert_eq!(worker.send(&offer).status, 204);
    let exchange = |token: &str, content: Value| {
        let mut all = json!({"room": text(&room, "code")});
        all.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        HttpRequest::post("/exchange").token(token).json(&all)
    };
    let first = body(&worker.send(&exchange(&guest, json!({}))));
    assert_eq!(worker.send(&exchange(&host, json!({"candidates": [{"candidate": "c"}]}))).status, 200);
    worker.stop();

    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let answer = HttpRequest::post(format!("{path}/answer")).token(&guest).json(&json!({"type": "answer", "sdp": SDP}));
    assert_eq!(worker.send(&answer).status, 204);
    let news = body(&worker.send(&exchange(&guest, json!({"since": first["version"], "wait": 20}))));
    assert_eq!(news["candidates"]["items"], json!([{"candidate": "c"}]), "{news}");
    let snapshot = body(&worker.send(&HttpRequest::get(&path).token(&host)));
    assert_eq!((text(&snapshot, "status"), text(&snapshot["offer"], "sdp")), ("paired".to_owned(), SDP.to_owned()));
    let candidates = body(&worker.send(&HttpRequest::get(format!("{path}/candidates")).token(&guest)));
    assert_eq!(candidates["items"][0]["candidate"], "c");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn an_expired_room_is_deleted_without_being_requested() {
    let (disk, host) = (Disk::new("over"), "Somebody-with-a-name-of-32-chars");
    let life = [NO_LIMITS, "TTL_OPEN:15s"];
    let worker = Worker::start(&disk, &life);
    let made = Instant::now();
    assert_eq!(worker.send(&create(host)).status, 201);
    assert!(disk.holds(host), "the room was not written to disk");
    worker.stop();

    let worker = Worker::start(&disk, &life);
    assert!(disk.holds(host), "the room is gone from disk");
    while disk.holds(host) {
        assert!(made.elapsed() < Duration::from_secs(40), "the room was not deleted");
        thread::sleep(Duration::from_millis(200));
    }
    assert!(made.elapsed() >= Duration::from_secs(14), "the room was deleted too early");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn rate_limited_requests_get_the_usual_error() {
    let disk = Disk::new("limits");
    let worker = Worker::start(&disk, &[]);
    // The platform's one-minute window may end during the test, but not twice.
    let responses: Vec<HttpResponse> = (0..11).map(|_| worker.send(&create("Ann"))).collect();
    let refused = responses.iter().position(|response| response.status != 201).expect("there is a limit");
    assert!(refused >= 5, "only {refused} rooms were created");
    let refusal = Err(Refusal::RateLimited { wait_ms: 60_000 });
    let expected = Response::new(&Request::new("POST", "/rooms"), &AllowedOrigins::default(), refusal);
    let response = &responses[refused];
    assert_eq!((response.status, &response.body), (expected.status, &expected.body));
    assert_eq!(response.header("retry-after"), expected.header("retry-after"));
    worker.stop();
}

/// Whoever asks for rooms without a token makes the platform store nothing, and learns nothing.
#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn without_a_token_no_object_is_asked() {
    let disk = Disk::new("tokens");
    let worker = Worker::start(&disk, &[]);
    let room = body(&worker.send(&create("Ann")));
    let before = disk.files();
    for code in ["ZZZZZZZ2", "ZZZZZZZ3", "ZZZZZZZ4", &text(&room, "code")] {
        for request in
            [HttpRequest::get(format!("/rooms/{code}")), HttpRequest::get(format!("/rooms/{code}")).token("x")]
        {
            let response = worker.send(&request);
            assert_eq!((response.status, text(&body(&response)["error"], "code")), (403, "forbidden".to_owned()));
        }
    }
    assert_eq!(disk.files(), before);
    // With a token that could be valid it can be asked only so often. The window may end once meanwhile.
    let token = "x".repeat(43);
    let ask = |code: &str| worker.send(&HttpRequest::get(format!("/rooms/{code}")).token(&token)).status;
    let answers: Vec<u16> = (0..130).map(|_| ask("ZZZZZZZ5")).collect();
    assert!(answers.contains(&404) && answers.contains(&429), "{answers:?}");
    // Whoever has a valid token is not limited, even if it is not for this call.
    let host = text(&room, "ownerToken");
    let answer = || HttpRequest::post(format!("/rooms/{}/answer", text(&room, "code"))).token(&host).json(&json!({}));
    let answers: Vec<u16> = (0..130).map(|_| worker.send(&answer()).status).collect();
    assert!(answers.iter().all(|status| *status == 403), "{answers:?}");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn an_oversized_body_does_not_break_the_next_request() {
    let disk = Disk::new("oversized");
    let worker = Worker::start(&disk, &[NO_LIMITS]);
    for _ in 0..5 {
        let large = HttpRequest::post("/rooms").json(&json!({"hostUserName": "x".repeat(70_000)}));
        assert_eq!(worker.send(&large).status, 413);
        assert_eq!(worker.send(&create("Ann")).status, 201);
    }
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn it_says_that_it_is_there_and_describes_its_api() {
    let disk = Disk::new("documents");
    let worker = Worker::start(&disk, &[]);
    for (path, answer) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let response = worker.send(&HttpRequest::get(path));
        assert_eq!((response.status, response.header("cache-control")), (200, Some("no-store")));
        assert_eq!(response.body, answer.as_bytes());
    }
    let document = worker.send(&HttpRequest::get("/openapi.json"));
    assert_eq!((document.status, document.header("content-type")), (200, Some("application/json")));
    assert_eq!(body(&document), registry_core::openapi());
    let refused = worker.send(&HttpRequest::post("/healthz"));
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    assert_eq!(text(&body(&refused)["error"], "code"), "not_found");
    worker.stop();
}

#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn a_variable_that_is_invalid_is_noticed_before_anybody_calls() {
    let disk = Disk::new("misconfigured");
    let worker = Worker::start(&disk, &["TTL_OPEN:never"]);
    let status = |path: &str| worker.send(&HttpRequest::get(path)).status;
    assert_eq!((status("/healthz"), status("/readyz")), (200, 503));
    worker.stop();
}

/// A wrong join code locks out whoever tried it, also when the object has slept.
#[test]
#[ignore = "needs wrangler: cargo xtask test --only worker"]
fn wrong_join_codes_lock_a_client_out_and_the_host_gets_a_new_one() {
    let disk = Disk::new("guessing");
    let worker = Worker::start(&disk, &[NO_LIMITS]);
    let room = body(&worker.send(&create("Ann")));
    let (path, host) = (format!("/rooms/{}", text(&room, "code")), text(&room, "ownerToken"));
    let join = |worker: &Worker, code: &str| {
        let content = json!({"joinCode": code, "guestUserName": "Bob"});
        worker.send(&HttpRequest::post(format!("{path}/join")).json(&content)).status
    };
    let right = text(&room, "joinCode");
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(join(&worker, wrong), 403);
    }
    worker.stop();

    let worker = Worker::start(&disk, &[NO_LIMITS]);
    assert_eq!(join(&worker, &right), 429);
    let replaced = worker.send(&HttpRequest::post(format!("{path}/join-code")).token(&host).json(&json!({})));
    assert_eq!(join(&worker, &text(&body(&replaced), "joinCode")), 200);
    worker.stop();
}
