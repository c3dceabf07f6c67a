//! Clients that misbehave, while others do not.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Program;
use super::room::TestRoom;

/// Nothing reads the log, so it must stay short.
pub const FLAGS: [&str; 4] = ["--rate-limits", "off", "--log-level", "error"];
/// Short time limits for receiving a request.
pub const SHORT_TIMEOUTS: [&str; 4] = ["--head-timeout", "1s", "--body-timeout", "1s"];
/// A well-behaved client is answered within this time. Usually it takes a hundredth of it; where others hold all connections
/// and stall, the two seconds after which those are cut off.
pub const PROMPTLY: Duration = Duration::from_secs(6);
/// A bad client is answered or cut off within this time; usually it takes what `SHORT_TIMEOUTS` says.
pub const IN_TIME: Duration = Duration::from_secs(8);
/// How much memory bad clients may cost, in KiB.
pub const MEMORY: usize = 64 * 1024;

pub const GET: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
pub const POST: &str = "POST /rooms HTTP/1.1\r\nHost: x\r\nX-Registry-Version: 1\r\n";

/// Stops the background thread, even if the test panics.
struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs bad clients while a peer reads its room over and over, and checks that each read is answered promptly.
pub fn while_others_read(flags: &[&str], bad: impl FnOnce(&Program)) {
    let room = TestRoom::new(&[&FLAGS, flags].concat());
    let before = room.program.peak_memory();
    let over = AtomicBool::new(false);
    let slowest = thread::scope(|scope| {
        let reading = scope.spawn(|| read_until(&over, &room));
        let end = StopOnDrop(&over);
        bad(&room.program);
        drop(end);
        reading.join().unwrap()
    });
    assert!(slowest < PROMPTLY, "{slowest:?}");
    if let (Some(before), Some(after)) = (before, room.program.peak_memory()) {
        assert!(after - before < MEMORY, "{before} KiB became {after} KiB");
    }
}

/// Returns the duration of the slowest response.
pub fn read_until(over: &AtomicBool, room: &TestRoom) -> Duration {
    let mut slowest = Duration::ZERO;
    while !over.load(Ordering::Relaxed) {
        let start = Instant::now();
        let answer = room.get("");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        slowest = slowest.max(start.elapsed());
    }
    slowest
}

/// Clients that have each sent `start`. From time to time a well-behaved client makes sure that all connections before
/// it have been accepted: if they come faster, the system itself delays some of them by a second.
pub fn clients(program: &Program, count: usize, start: &str) -> Vec<TcpStream> {
    let client = |number| {
        if number % 50 == 49 {
            assert!(program.get("/healthz", "").contains("200"));
        }
        let mut stream = program.connect();
        stream.write_all(start.as_bytes()).unwrap();
        stream
    };
    (0..count).map(client).collect()
}

/// Reads the response of a client until it is cut off, which must happen.
pub fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => panic!("not cut"),
        _ => String::from_utf8_lossy(&answer).into_owned(),
    }
}

/// Sends `part` up to `parts` times or until the client is cut off, and returns the response.
pub fn flood(mut stream: TcpStream, part: &[u8], parts: usize) -> String {
    stream.set_write_timeout(Some(IN_TIME)).unwrap();
    for _ in 0..parts {
        match stream.write_all(part) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => panic!("not cut"),
            Err(_) => break,
        }
    }
    rest(stream)
}

pub fn in_time(start: Instant) {
    assert!(start.elapsed() < IN_TIME, "{:?}", start.elapsed());
}
