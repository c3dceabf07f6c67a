//! How the program starts, stops, logs and reports metrics.

mod program;

use std::io::{Read, Write};
use std::time::Duration;

use program::{Program, command};

#[test]
fn sigterm_stops_it_at_once_despite_idle_connections() {
    let program = Program::start(&[]);
    let mut idle = program.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut start = [0; 12];
    idle.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let silent = program.connect();
    let (took, clean, _) = program.stop();
    assert!(clean && took < Duration::from_secs(2), "{took:?}");
    drop((idle, silent));
}

#[test]
fn a_slow_request_does_not_delay_shutdown() {
    let program = Program::start(&[]);
    let mut slow = program.connect();
    slow.write_all(b"POST /rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let (took, clean, _) = program.stop();
    assert!(clean && took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_port_in_use_is_reported_with_what_to_do() {
    let program = Program::start(&[]);
    let second = command(&[]).env("REGISTRY_LISTEN", &program.address).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains("is in use") && message.contains("--listen 127.0.0.1:"), "{message}");
}

#[test]
fn logs_show_what_happened_and_no_secret() {
    for format in ["text", "json"] {
        let program = Program::start(&["--log-format", format]);
        let answer = program.create("");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let secret = |field: &str| body[field].as_str().unwrap().to_owned();
        program.get(
            &format!("/rooms/{}?join={}", secret("code"), secret("joinCode")),
            &format!("X-Access-Token: {}\r\n", secret("ownerToken")),
        );
        program.get(&format!("/rooms/{}/public/x", secret("code")), "");
        let exchange = format!(r#"{{"room":"{}","candidates":[{{"candidate":"a-secret"}}]}}"#, secret("code"));
        let head = "POST /exchange HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Version: 1\r\n";
        let head = format!("{head}X-Access-Token: {}\r\nContent-Length: {}", secret("ownerToken"), exchange.len());
        assert!(program.raw(&format!("{head}\r\n\r\n{exchange}")).starts_with("HTTP/1.1 200"));
        let metrics = program.get("/metrics", "");
        assert!(metrics.contains(r#"registry_requests_total{route="POST /exchange",status="200"} 1"#), "{metrics}");
        let (_, _, log) = program.stop();
        for part in ["POST /rooms", "GET /rooms/:code", "POST /exchange", "unknown", "not_found", "bytes_out", "ms"] {
            assert!(log.contains(part), "{part}\n{log}");
        }
        assert!(!log.contains("a-secret"), "{log}");
        for field in ["code", "joinCode", "ownerToken"] {
            assert!(!log.contains(&secret(field)), "{field}\n{log}");
        }
        if format == "json" {
            assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
        }
    }
}

#[test]
fn metrics_count_requests_and_rooms() {
    let program = Program::start(&["--ttl-open", "300ms"]);
    program.create("");
    let metrics = program.get("/metrics", "");
    for line in [r#"registry_requests_total{route="POST /rooms",status="201"} 1"#, r#"registry_rooms{state="open"} 1"#]
    {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(program.get("/healthz", "").ends_with("ok\n"));
    let forgotten = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        program.get("/metrics", "").contains("registry_rooms_expired_total 1")
    });
    assert!(forgotten, "an expired room is removed without being requested");
}

#[test]
fn an_oversized_body_is_refused_with_or_without_content_length() {
    let program = Program::start(&[]);
    let head = "POST /rooms HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Version: 1\r\n";
    let body = "x".repeat(200_000);
    let announced = program.raw(&format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
    let chunked =
        program.raw(&format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()));
    for answer in [announced, chunked] {
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body_too_large"), "{answer}");
    }
}

#[test]
fn an_invalid_body_encoding_is_refused_with_an_envelope() {
    let head = "POST /rooms HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1\r\nTransfer-Encoding: chunked\r\n";
    let answer = Program::start(&[]).raw(&format!("{head}\r\nno size\r\n"));
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("bad_json"), "{answer}");
}

#[test]
fn the_openapi_document_is_served() {
    let answer = Program::start(&[]).get("/openapi.json", "");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("application/json") && head.contains("max-age"), "{head}");
    let document: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn x_forwarded_for_is_used_only_if_the_proxy_is_trusted() {
    let of = |n: usize| format!("X-Forwarded-For: spoofed, 192.0.2.{n}\r\n");
    let refused = |program: &Program| (0..8).filter(|n| program.create(&of(*n)).starts_with("HTTP/1.1 429")).count();
    assert_eq!(refused(&Program::start(&[])), 3);
    assert_eq!(refused(&Program::start(&["--trust-forwarded-for"])), 0);
}

#[test]
fn invalid_http_is_refused_and_harmless() {
    let program = Program::start(&[]);
    for garbage in
        ["\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", &format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(500_000))]
    {
        let mut stream = program.connect();
        let _ = stream.write_all(garbage.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert!(program.get("/healthz", "").starts_with("HTTP/1.1 200"));
}
