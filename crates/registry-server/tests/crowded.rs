//! A server that runs out of connections, memory or files: whoever only waits or stalls makes way.

mod program;

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use program::clients::{FLAGS, GET, POST, PROMPTLY, clients, in_time, rest, while_others_read};
use program::room::Room;
use program::{Program, command};

/// Whoever only waits for news makes way for the next client, and is answered with what there is; but first, those that are
/// idle make way.
#[test]
fn those_who_wait_make_way() {
    let program = Program::start(&[&FLAGS[..], &["--max-connections", "16", "--max-waiting", "15"]].concat());
    let rooms: Vec<_> = (0..10).map(|_| Room::create(&program)).collect();
    let polls: Vec<_> = rooms.iter().map(|room| room.wait(&program)).collect();
    let all_wait = || program.get("/metrics", "").contains("registry_waiting 10\n");
    assert!((0..100).any(|_| all_wait() || sleep_shortly()));
    // Then they are idle, and no request is expected any more.
    let mut idle = clients(&program, 3, GET);
    thread::sleep(Duration::from_secs(1));
    let more = clients(&program, 3, GET);
    assert_eq!(rest(idle.remove(0)), "");
    assert!(polls.iter().all(is_silent));
    let start = Instant::now();
    let busy = clients(&program, 16, &format!("{POST}Content-Length: 100\r\n\r\nunfinished"));
    assert!(program.get("/healthz", "").starts_with("HTTP/1.1 200"));
    let answers: Vec<_> = polls.into_iter().map(rest).collect();
    assert!(
        answers.iter().all(|answer| answer.starts_with("HTTP/1.1 200") && answer.contains("version")),
        "{answers:?}"
    );
    in_time(start);
    drop((idle, more, busy));
}

/// So that what is waited for can happen. Returns false.
fn sleep_shortly() -> bool {
    thread::sleep(Duration::from_millis(20));
    false
}

/// Nothing has come, and the connection is open.
fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let silent = matches!(stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
    stream.set_nonblocking(false).unwrap();
    silent
}

/// A client that does not let go of its connections loses them, and nobody else loses theirs.
#[cfg(target_os = "linux")] // elsewhere, loopback has only one address
#[test]
fn whoever_stalls_makes_way_and_nobody_else_does() {
    let folder = Folder::with_large_file("stalls");
    let flags = ["--max-connections", "16", "--static", folder.path()];
    let program = Program::start(&[&FLAGS[..], &flags].concat());
    let rooms: Vec<_> = (0..3).map(|_| Room::create(&program)).collect();
    let polls: Vec<_> = rooms.iter().map(|room| room.wait(&program)).collect();
    let stall = |_| {
        let mut stream = program.connect_from([127, 0, 0, 2]);
        // Perhaps it is cut off at once.
        let _ = stream.write_all(LARGE_FILE.as_bytes());
        stream
    };
    let stalled: Vec<_> = (0..12).map(stall).collect();
    let honest: Vec<_> = (3..8)
        .map(|n| {
            let start = Instant::now();
            let mut stream = program.connect_from([127, 0, 0, n]);
            stream.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
            let mut status = [0; 12];
            stream.read_exact(&mut status).unwrap();
            assert_eq!(&status, b"HTTP/1.1 200");
            assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
            stream
        })
        .collect();
    assert!(polls.iter().all(is_silent));
    // However often it comes again, it holds up nobody.
    let again: Vec<_> = (0..200).map(stall).collect();
    let start = Instant::now();
    let mut stream = program.connect_from([127, 0, 0, 9]);
    stream.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
    stream.read_exact(&mut [0; 12]).unwrap();
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    drop(again);
    assert!(stalled.into_iter().map(|stream| rest(stream).len()).any(|got| got < LARGE));
    drop(honest);
}

/// Asks for a large file.
const LARGE_FILE: &str = "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n";
/// Its size in bytes: more than is buffered on the way.
const LARGE: usize = 8 << 20;

/// A page with a large file, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn with_large_file(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("registry-server-{}-{test}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "page").unwrap();
        fs::write(folder.join("large.bin"), vec![b'x'; LARGE]).unwrap();
        Self(folder)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Sending an answer and receiving a body are work, after which a connection is closed and not before.
#[test]
fn a_connection_at_work_is_not_cut_off_for_another() {
    let folder = Folder::with_large_file("work");
    let flags = ["--max-connections", "16", "--static", folder.path()];
    let program = Program::start(&[&FLAGS[..], &flags].concat());
    let body = r#"{"hostUserName":"Ann"}"#;
    let (first, second) = body.split_at(10);
    let mut post = program.connect();
    post.write_all(format!("{POST}Connection: close\r\nContent-Length: {}\r\n\r\n{first}", body.len()).as_bytes())
        .unwrap();
    let mut download = program.connect();
    download.write_all(LARGE_FILE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut start = [0; 12];
    download.read_exact(&mut start).unwrap();
    let idle = clients(&program, 40, GET);
    post.write_all(second.as_bytes()).unwrap();
    let answer = rest(post);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    // Slower than another connection is closed whose slot is needed.
    thread::sleep(Duration::from_secs(3));
    let got = start.len() + rest(download).len();
    assert!(got > LARGE, "{got} of {LARGE} bytes");
    drop(idle);
}

/// Bodies that stall are given up when their memory is needed, and what they have taken is not lost.
#[test]
fn unfinished_bodies_have_a_budget() {
    while_others_read(&["--body-memory", "1"], |program| {
        let unfinished = format!("{POST}Content-Length: 65536\r\n\r\n{}", "x".repeat(65_000));
        let mut stalled = clients(program, 300, &unfinished);
        let metrics = program.get("/metrics", "");
        let held = metrics.lines().find_map(|line| line.strip_prefix("registry_bytes_in_flight ")).unwrap();
        assert!((1..=1 << 20).contains(&held.parse::<usize>().unwrap()), "{held}");
        let answer = rest(stalled.remove(0));
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\"retryable\":true"), "{answer}");
        assert!(program.create("").starts_with("HTTP/1.1 201"), "whoever moves is served");
        drop(stalled);
        let freed = || program.get("/metrics", "").contains("registry_bytes_in_flight 0\n");
        assert!((0..100).any(|_| freed() || sleep_shortly()), "{}", program.get("/metrics", ""));
    });
}

/// Where the system permits few open files, the server makes do with as many connections.
#[test]
fn few_open_files_mean_few_connections_and_not_a_standstill() {
    let program = command(&FLAGS);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 128; exec \"$0\" --listen 127.0.0.1:0 \"$@\" --log-level warn"]);
    limited.arg(program.get_program()).args(["--rate-limits", "off"]);
    limited.stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = Program::start_of(&mut limited);
    let start = Instant::now();
    let idle = clients(&program, 300, "");
    assert!(program.get("/healthz", "").starts_with("HTTP/1.1 200"));
    assert!(start.elapsed() < PROMPTLY, "{:?}", start.elapsed());
    drop(idle);
    let (_, clean, log) = program.stop();
    assert!(clean && log.contains("only 64 connections at a time, not 4096"), "{log}");
    assert!(!log.contains("accept"), "{log}");
}
