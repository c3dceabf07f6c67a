use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Program;

/// A running server with one room. Requests are made as the room's host.
pub struct TestRoom {
    pub program: Program,
    code: String,
    join_code: String,
    token: String,
}

impl TestRoom {
    pub fn new(flags: &[&str]) -> Self {
        let program = Program::start(flags);
        let body = json_of(&program.create(""));
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        Self { code: text("code"), join_code: text("joinCode"), token: text("ownerToken"), program }
    }

    pub fn get(&self, query: &str) -> String {
        self.program.get(&format!("/rooms/{}{query}", self.code), &format!("X-Access-Token: {}\r\n", self.token))
    }

    /// An exchange with this content, up to and including its body.
    fn exchange_request(&self, content: Value) -> String {
        let mut body = json!({"room": self.code});
        body.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.post_request("/exchange", &body)
    }

    fn post_request(&self, path: &str, body: &Value) -> String {
        let (token, body) = (&self.token, body.to_string());
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Version: 1");
        format!("{head}\r\nX-Access-Token: {token}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    /// The complete response to an exchange.
    pub fn exchange(&self, content: Value) -> String {
        self.program.raw(&self.exchange_request(content))
    }

    /// The room's version as the host sees it.
    pub fn version(&self) -> u64 {
        json_of(&self.exchange(json!({})))["version"].as_u64().unwrap()
    }

    /// Starts an exchange that waits for news, and returns once the Registry reports it as pending.
    pub fn long_poll(&self) -> TcpStream {
        let request = self.exchange_request(json!({"since": self.version(), "wait": 20}));
        let mut stream = self.program.connect();
        stream.write_all(request.as_bytes()).unwrap();
        self.until_waiting(1);
        stream
    }

    /// Lets a guest join.
    pub fn join(&self) {
        let body = json!({"joinCode": self.join_code, "guestUserName": "Bob"});
        let answer = self.program.raw(&self.post_request(&format!("/rooms/{}/join", self.code), &body));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub fn until_waiting(&self, count: usize) {
        let line = format!("registry_waiting {count}\n");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.program.get("/metrics", "").contains(&line) {
            assert!(Instant::now() < deadline, "never saw {line}");
            thread::yield_now();
        }
    }
}

/// The body of a response as JSON.
fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}
