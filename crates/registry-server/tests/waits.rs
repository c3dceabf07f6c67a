//! Requests that wait for news, over real connections.

mod program;

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use program::place::Place;

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
