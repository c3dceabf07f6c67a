//! Runs the program itself and talks to it over a plain socket.
#![allow(dead_code)] // each test program uses its own part

pub mod clients;
pub mod room;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::TcpSocket;

/// A running `registry-server`, killed on drop.
pub struct Program {
    pub address: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: Option<ChildStderr>,
}

impl Program {
    /// Starts the program on a free port and waits for the line that reports it.
    pub fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, Stdio::piped())
    }

    /// Starts the program with its log going somewhere.
    pub fn start_with(flags: &[&str], log: Stdio) -> Self {
        Self::start_of(command(&[&["--listen", "127.0.0.1:0"], flags].concat()).stderr(log))
    }

    /// Starts the program as told.
    pub fn start_of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let (_, address) = line.trim().split_once("://").expect("the address");
        let (address, stderr) = (address.to_owned(), child.stderr.take());
        Self { address, child, stdout, stderr }
    }

    /// Nobody reads the log any more.
    pub fn close_log(&mut self) {
        self.stderr.take();
    }

    /// The address for operators, which is reported on a line of its own.
    pub fn admin_address(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        Some(line.trim().split_once("operators on http://")?.1.to_owned())
    }

    pub fn connect(&self) -> TcpStream {
        Self::connect_to(&self.address)
    }

    /// Connects as the client that has this loopback address.
    pub fn connect_from(&self, ip: [u8; 4]) -> TcpStream {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let connected = runtime.block_on(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((ip, 0).into()).unwrap();
            socket.connect(self.address.parse().unwrap()).await.unwrap().into_std().unwrap()
        });
        connected.set_nonblocking(false).unwrap();
        connected.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        connected
    }

    fn connect_to(address: &str) -> TcpStream {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends a raw request, and reads until the server closes the connection.
    pub fn raw(&self, request: &str) -> String {
        Self::raw_to(&self.address, request)
    }

    fn raw_to(address: &str, request: &str) -> String {
        let mut stream = Self::connect_to(address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn get(&self, path: &str, headers: &str) -> String {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Like [`get`](Self::get), from another address of the program.
    pub fn get_from(address: &str, path: &str) -> String {
        Self::raw_to(address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    }

    pub fn create(&self, headers: &str) -> String {
        let body = r#"{"hostUserName":"Ann"}"#;
        self.raw(&format!(
            "POST /rooms HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Registry-Version: 1\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// The program's peak memory, in KiB; `None` where the system does not report it.
    pub fn peak_memory(&self) -> Option<usize> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// The program's memory now, in KiB; `None` where the system does not report it.
    pub fn memory(&self) -> Option<usize> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        // The shell's built-in: not every machine has a `kill` program.
        let mut kill = Command::new("sh");
        assert!(kill.args(["-c", "kill -TERM \"$0\"", &pid]).status().unwrap().success());
    }

    /// Sends SIGTERM. Returns how long the program took to exit, whether it exited cleanly, and its log.
    pub fn stop(mut self) -> (Duration, bool, String) {
        let start = Instant::now();
        self.terminate();
        let clean = self.child.wait().unwrap().success();
        let mut log = String::new();
        if let Some(mut stderr) = self.stderr.take() {
            stderr.read_to_string(&mut log).unwrap();
        }
        (start.elapsed(), clean, log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command that starts the program.
pub fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
    command.args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
