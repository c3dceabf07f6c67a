//! Requests that wait for news, over real connections.

mod program;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use program::Program;

/// A program with a room; its requests go out as the room's host.
struct Place {
    program: Program,
    code: String,
    token: String,
}

impl Place {
    fn new(flags: &[&str]) -> Self {
        let program = Program::start(flags);
        let answer = program.create("");
        let body: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        Self { code: text("code"), token: text("ownerToken"), program }
    }

    fn get(&self, query: &str) -> String {
        self.program.get(&format!("/rooms/{}{query}", self.code), &format!("X-Access-Token: {}\r\n", self.token))
    }

    /// The room's version.
    fn version(&self) -> u64 {
        let answer = self.get("");
        let body: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["version"].as_u64().unwrap()
    }

    /// Begins to wait, and returns when the Registry says so.
    fn wait(&self) -> TcpStream {
        let version = self.version();
        let mut stream = self.program.connect();
        let Self { code, token, .. } = self;
        let head = format!("GET /rooms/{code}?wait=20 HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1;since={version}");
        let head = format!("{head}\r\nX-Access-Token: {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        self.until_waiting(1);
        stream
    }

    fn until_waiting(&self, count: usize) {
        let line = format!("registry_waiting {count}\n");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.program.get("/metrics", "").contains(&line) {
            assert!(Instant::now() < deadline, "never {line}");
            thread::yield_now();
        }
    }

    fn post_offer(&self) {
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

/// The first bytes of the answer: the status.
fn status(stream: &mut TcpStream) -> String {
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    String::from_utf8_lossy(&start).into_owned()
}

#[test]
fn a_wait_is_answered_when_the_room_changes() {
    let place = Place::new(&[]);
    let mut waiting = place.wait();
    place.post_offer();
    assert_eq!(status(&mut waiting), "HTTP/1.1 200");
    place.until_waiting(0);
}

#[test]
fn a_wait_ends_in_time_without_news() {
    let place = Place::new(&[]);
    let version = place.version();
    let start = Instant::now();
    assert!(place.get(&format!("?wait=1&since={version}")).starts_with("HTTP/1.1 200"));
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn a_wait_ends_with_the_room() {
    let place = Place::new(&["--ttl-open", "1s"]);
    let mut waiting = place.wait();
    assert_eq!(status(&mut waiting), "HTTP/1.1 404");
}

#[test]
fn a_client_that_goes_away_waits_no_more() {
    let place = Place::new(&[]);
    drop(place.wait());
    place.until_waiting(0);
}

#[test]
fn a_program_that_is_asked_to_stop_answers_first() {
    let place = Place::new(&[]);
    let mut waiting = place.wait();
    let (took, well, _) = place.program.stop();
    assert!(well && took < Duration::from_secs(2), "{took:?}");
    assert_eq!(status(&mut waiting), "HTTP/1.1 200");
}
