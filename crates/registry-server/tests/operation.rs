//! How the program starts, stops, logs and reports metrics.

mod program;

use std::io::{Read, Write};
use std::process::Stdio;
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

/// What the log cannot take never reaches a request, nor the end of the program.
#[test]
fn a_log_that_fails_reaches_no_request() {
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let mut broken = Program::start(&["--log-level", "debug"]);
    broken.close_log();
    for program in [Program::start_with(&["--log-level", "debug"], full()), broken] {
        for _ in 0..3 {
            let answer = program.create("");
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        }
        let (took, clean, _) = program.stop();
        assert!(clean && took < Duration::from_secs(5), "{took:?}");
    }
}

#[test]
fn a_log_that_nobody_reads_blocks_nobody_and_its_lost_lines_are_counted() {
    let program = Program::start(&["--rate-limits", "off"]);
    let mut stream = program.connect();
    let request = "GET /rooms/AAAAAAAA/public HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1\r\n\r\n";
    // A pipe takes 64 KiB, and the server keeps some thousand lines.
    let (batches, batch) = (40, 500);
    for _ in 0..batches {
        stream.write_all(request.repeat(batch).as_bytes()).unwrap();
        let (mut answers, mut part) = (0, [0; 65536]);
        let mut tail = Vec::new();
        while answers < batch {
            let read = stream.read(&mut part).unwrap();
            assert!(read > 0, "the server has closed the connection");
            tail.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&tail).into_owned();
            answers += text.matches("HTTP/1.1 404").count();
            // A status line may be cut in two.
            tail = text.rfind("HTTP/1.1 404").map_or(text.clone(), |last| text[last + 12..].to_owned()).into_bytes();
        }
    }
    let metrics = program.get("/metrics", "");
    let lost = metrics.lines().find_map(|line| line.strip_prefix("registry_log_lines_lost_total ")).unwrap();
    assert!(lost.parse::<u64>().unwrap() > 0, "{metrics}");
    let (took, clean, _) = program.stop();
    assert!(clean && took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn variables_are_taken_as_people_write_them() {
    for (name, value) in
        [("REGISTRY_BASE", "yes"), ("REGISTRY_STATIC", ""), ("REGISTRY_MAX_ROOMS", ""), ("REGISTRY_LOG_FORMAT", "")]
    {
        let help = command(&["--version"]).env(name, value).output().unwrap();
        assert!(help.status.success(), "{name}");
        let mut child = command(&["--listen", "127.0.0.1:0"]).env(name, value).spawn().unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        child.kill().unwrap();
        let said = child.wait_with_output().unwrap();
        assert!(line.starts_with("listening on"), "{name}: {}", String::from_utf8_lossy(&said.stderr));
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
    assert_eq!(refused(&Program::start(&["--trusted-proxies", "1"])), 0);
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

#[test]
fn another_method_is_refused_where_there_is_something_to_read() {
    let program = Program::start(&[]);
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        let ask =
            |method: &str| program.raw(&format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        for method in ["POST", "PUT", "DELETE"] {
            let answer = ask(method);
            for part in ["HTTP/1.1 405", "allow: GET, HEAD", "not_found", "application/json"] {
                assert!(answer.contains(part), "{part}\n{answer}");
            }
        }
        assert!(ask("HEAD").starts_with("HTTP/1.1 200") && ask("OPTIONS").starts_with("HTTP/1.1 204"));
    }
}

#[test]
fn a_request_names_exactly_one_host() {
    let program = Program::start(&[]);
    for (head, status) in [
        ("GET /healthz HTTP/1.1\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a b\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost: a@b\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nHost:\r\n", "200"),
        ("GET /healthz HTTP/1.1\r\nHost: [::1]:8787\r\n", "200"),
        ("GET /healthz HTTP/1.0\r\n", "200"),
        ("GET /rooms/ACDEFGHJ/public HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\n", "400"),
    ] {
        let answer = program.raw(&format!("{head}Connection: close\r\n\r\n"));
        assert!(answer.contains(&format!(" {status} ")), "{head}\n{answer}");
        assert!(status == "200" || answer.contains(r#""code":"bad_json""#), "{answer}");
    }
}
