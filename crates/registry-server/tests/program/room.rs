use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Program;

/// A room. Requests are made as its host.
pub struct Room {
    code: String,
    join_code: String,
    token: String,
}

impl Room {
    pub fn create(program: &Program) -> Self {
        let body = json_of(&program.create(""));
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        Self { code: text("code"), join_code: text("joinCode"), token: text("ownerToken") }
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

    /// Starts an exchange that waits for news.
    pub fn wait(&self, program: &Program) -> TcpStream {
        let version = json_of(&program.raw(&self.exchange_request(json!({}))))["version"].as_u64().unwrap();
        let mut stream = program.connect();
        stream.write_all(self.exchange_request(json!({"since": version, "wait": 20})).as_bytes()).unwrap();
        stream
    }
}

/// A running server with one room. Requests are made as the room's host.
pub struct TestRoom {
    pub program: Program,
    room: Room,
}

impl TestRoom {
    pub fn new(flags: &[&str]) -> Self {
        let program = Program::start(flags);
        Self { room: Room::create(&program), program }
    }

    pub fn get(&self, query: &str) -> String {
        let Room { code, token, .. } = &self.room;
        self.program.get(&format!("/rooms/{code}{query}"), &format!("X-Access-Token: {token}\r\n"))
    }

    /// The complete response to an exchange.
    pub fn exchange(&self, content: Value) -> String {
        self.program.raw(&self.room.exchange_request(content))
    }

    /// The room's version as the host sees it.
    pub fn version(&self) -> u64 {
        json_of(&self.exchange(json!({})))["version"].as_u64().unwrap()
    }

    /// Starts an exchange that waits for news, and returns once the Registry reports it as pending.
    pub fn long_poll(&self) -> TcpStream {
        let stream = self.room.wait(&self.program);
        self.until_waiting(1);
        stream
    }

    /// Lets a guest join.
    pub fn join(&self) {
        let body = json!({"joinCode": self.room.join_code, "guestUserName": "Bob"});
        let answer = self.program.raw(&self.room.post_request(&format!("/rooms/{}/join", self.room.code), &body));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub fn until_waiting(&self, count: usize) {
        self.program.until_waiting(count);
    }
}

impl Program {
    /// Returns once the Registry reports so many exchanges that wait.
    pub fn until_waiting(&self, count: usize) {
        let line = format!("registry_waiting {count}\n");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.get("/metrics", "").contains(&line) {
            assert!(Instant::now() < deadline, "never saw {line}");
            thread::yield_now();
        }
    }
}

/// The body of a response as JSON.
fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}
