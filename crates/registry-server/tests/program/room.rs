use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::Program;

/// A running server with one room. Requests are made as the room's host.
pub struct TestRoom {
    pub program: Program,
    code: String,
    token: String,
}

impl TestRoom {
    pub fn new(flags: &[&str]) -> Self {
        let program = Program::start(flags);
        let answer = program.create("");
        let body: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        Self { code: text("code"), token: text("ownerToken"), program }
    }

    pub fn get(&self, query: &str) -> String {
        self.program.get(&format!("/rooms/{}{query}", self.code), &format!("X-Access-Token: {}\r\n", self.token))
    }

    /// The room's version as the host sees it.
    pub fn version(&self) -> u64 {
        let answer = self.get("");
        let body: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["version"].as_u64().unwrap()
    }

    /// Starts a long poll, and returns once the Registry reports it as pending.
    pub fn long_poll(&self) -> TcpStream {
        let version = self.version();
        let mut stream = self.program.connect();
        let Self { code, token, .. } = self;
        let head = format!("GET /rooms/{code}?wait=20 HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1;since={version}");
        let head = format!("{head}\r\nX-Access-Token: {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        self.until_waiting(1);
        stream
    }

    pub fn until_waiting(&self, count: usize) {
        let line = format!("registry_waiting {count}\n");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.program.get("/metrics", "").contains(&line) {
            assert!(Instant::now() < deadline, "never saw {line}");
            thread::yield_now();
        }
    }

    pub fn post_offer(&self) {
        let body = r#"{"type":"offer","sdp":"v=0\r\no=a\r\ns=-\r\nt=0 0\r\nm=x"}"#;
        let Self { code, token, .. } = self;
        let head =
            format!("POST /rooms/{code}/offer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Version: 1");
        let length = body.len();
        let answer =
            self.program.raw(&format!("{head}\r\nX-Access-Token: {token}\r\nContent-Length: {length}\r\n\r\n{body}"));
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }
}
