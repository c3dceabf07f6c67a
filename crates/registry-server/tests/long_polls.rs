//! Exchanges that wait, over real connections.

mod program;

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use program::room::TestRoom;
use serde_json::json;

/// Reads the status line of the response.
fn status(stream: &mut TcpStream) -> String {
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    String::from_utf8_lossy(&start).into_owned()
}

#[test]
fn an_exchange_is_answered_when_there_is_news() {
    let room = TestRoom::new(&[]);
    let mut waiting = room.long_poll();
    room.exchange(json!({"candidates": [{"candidate": "c"}]}));
    room.until_waiting(1);
    room.join();
    assert_eq!(status(&mut waiting), "HTTP/1.1 200");
    room.until_waiting(0);
}

#[test]
fn an_exchange_times_out_without_news() {
    let room = TestRoom::new(&[]);
    let version = room.version();
    let start = Instant::now();
    assert!(room.exchange(json!({"since": version, "wait": 1})).starts_with("HTTP/1.1 200"));
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn an_exchange_ends_when_the_room_expires() {
    let room = TestRoom::new(&["--ttl-open", "1s"]);
    let mut waiting = room.long_poll();
    assert_eq!(status(&mut waiting), "HTTP/1.1 404");
}

#[test]
fn a_disconnected_clients_exchange_is_cancelled() {
    let room = TestRoom::new(&[]);
    drop(room.long_poll());
    room.until_waiting(0);
}

#[test]
fn pending_exchanges_are_answered_on_shutdown() {
    let room = TestRoom::new(&[]);
    let mut waiting = room.long_poll();
    let (took, clean, _) = room.program.stop();
    assert!(clean && took < Duration::from_secs(2), "{took:?}");
    assert_eq!(status(&mut waiting), "HTTP/1.1 200");
}
