//! Clients that are slow, greedy or numerous: each is answered or cut off within bounds, memory stays small, and a
//! client of another room is not affected.

mod program;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use program::clients::{GET, POST, SHORT_TIMEOUTS, clients, flood, in_time, rest, while_others_read};

#[test]
fn an_incomplete_request_times_out() {
    while_others_read(&SHORT_TIMEOUTS, |program| {
        let start = Instant::now();
        let silent = clients(program, 100, "");
        let heads = clients(program, 100, GET);
        let bodies = clients(program, 100, &format!("{POST}Content-Length: 100\r\n\r\n{{"));
        let chunks = clients(program, 100, &format!("{POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{{"));
        for stream in [bodies, chunks].into_iter().flatten() {
            let answer = rest(stream);
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer:?} {:?}", start.elapsed());
        }
        for stream in [silent, heads].into_iter().flatten() {
            assert!(!rest(stream).contains("200"));
        }
        in_time(start);
    });
}

#[test]
fn a_request_that_trickles_in_times_out() {
    while_others_read(&SHORT_TIMEOUTS, |program| {
        let start = Instant::now();
        thread::scope(|scope| {
            for head in [GET, &format!("{POST}Content-Length: 60000\r\n\r\n")] {
                for mut stream in clients(program, 10, head) {
                    scope.spawn(move || {
                        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
                        let kept = |stream: &mut TcpStream| match stream.read(&mut [0; 1024]) {
                            Ok(size) => size > 0,
                            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                        };
                        while stream.write_all(b"x").is_ok() && kept(&mut stream) {
                            in_time(start);
                        }
                    });
                }
            }
        });
    });
}

#[test]
fn an_oversized_body_is_not_read() {
    while_others_read(&SHORT_TIMEOUTS, |program| {
        let start = Instant::now();
        let announced = format!("{POST}Content-Length: 99999999999\r\n\r\n");
        let chunked = format!("{POST}Transfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let tiny = "1\r\nx\r\n".repeat(10_000);
        let parts = [(announced, "x".repeat(0x10000)), (chunked.clone(), chunk), (chunked, tiny)];
        thread::scope(|scope| {
            for (head, part) in &parts {
                for stream in clients(program, 10, head) {
                    // Up to 64 MiB, if the server let them.
                    scope.spawn(move || {
                        let answer = flood(stream, part.as_bytes(), (64 << 20) / part.len());
                        assert!(!answer.contains("HTTP/1.1 2"), "{answer}");
                    });
                }
            }
        });
        in_time(start);
    });
}

#[test]
fn a_flood_of_headers_is_refused() {
    while_others_read(&SHORT_TIMEOUTS, |program| {
        let start = Instant::now();
        let many = "X-Flood: 1\r\n".repeat(500);
        let large = format!("X-Flood: {}\r\n", "x".repeat(100_000));
        for head in [many, large] {
            for stream in clients(program, 50, GET) {
                let answer = flood(stream, format!("{head}\r\n").as_bytes(), 1);
                assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
            }
        }
        thread::scope(|scope| {
            for stream in clients(program, 100, GET) {
                scope.spawn(|| flood(stream, "x".repeat(4096).as_bytes(), 1000));
            }
        });
        in_time(start);
    });
}

#[test]
fn unread_responses_cost_no_memory() {
    while_others_read(&["--max-connections", "100"], |program| {
        let start = Instant::now();
        let asks = format!("{GET}\r\n").repeat(1000);
        let mut greedy = clients(program, 100, "");
        for stream in &mut greedy {
            stream.set_nonblocking(true).unwrap();
            while stream.write(asks.as_bytes()).is_ok() {}
        }
        in_time(start);
    });
}

/// Above the connection limit the newest connections are served at once, and the oldest are closed.
#[test]
fn holding_many_connections_locks_nobody_out() {
    let many = (open_files() / 2).saturating_sub(100).min(3000);
    while_others_read(&["--max-connections", &(many / 2).to_string()], |program| {
        let start = Instant::now();
        let mut idle = clients(program, many, GET);
        let newest = idle.pop().unwrap();
        let answer = flood(newest, b"Connection: close\r\n\r\n", 1);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(rest(idle.remove(0)), "", "the oldest");
        in_time(start);
    });
}

/// The maximum number of open files of this process.
fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1024)
}
