//! Runs the Worker under wrangler with its own storage directory.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

use registry_conformance::{HttpRequest, HttpResponse, HttpTransport, Transport};

/// A directory for a Worker's storage, removed on drop.
pub struct Disk(PathBuf);

impl Disk {
    pub fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("registry-worker-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        files(&self.0)
    }

    /// Whether any file in the directory contains `text`.
    pub fn holds(&self, text: &str) -> bool {
        holds(&self.0, text.as_bytes())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn files(path: &Path) -> usize {
    let entries = fs::read_dir(path).map(|entries| entries.flatten().map(|entry| files(&entry.path())).sum());
    entries.unwrap_or(1)
}

/// Files may disappear during the search; a missing file contains nothing.
fn holds(path: &Path, text: &[u8]) -> bool {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().any(|entry| holds(&entry.path(), text)),
        Err(_) => fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text)),
    }
}

/// A running Worker, stopped on drop.
pub struct Worker {
    pub url: String,
    child: Child,
}

impl Worker {
    /// Starts the Worker on a free port with these variables, for example `TTL_OPEN:2s`.
    pub fn start(disk: &Disk, variables: &[&str]) -> Self {
        let xtask = env::var_os("XTASK").expect("run this test with: cargo xtask test --only worker");
        let mut command = Command::new(xtask);
        // xtask would take Cargo's variable for this package for its own.
        command.env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null()).stdout(Stdio::piped());
        command.args(["worker", "dev", "--as-built", "--listen", "127.0.0.1:0", "--", "--persist-to"]).arg(&disk.0);
        for variable in variables {
            command.args(["--var", variable]);
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut log = Vec::new();
        let url = lines.by_ref().find_map(|line| {
            let url = line.strip_prefix("listening on ").map(str::to_owned);
            log.push(line);
            url
        });
        let url = url.unwrap_or_else(|| panic!("the Worker did not start:\n{}", log.join("\n")));
        // Keep reading, since a full pipe would block wrangler.
        thread::spawn(move || lines.for_each(drop));
        Self { url, child }
    }

    pub fn send(&self, request: &HttpRequest) -> HttpResponse {
        HttpTransport::new(&self.url).send(request).unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Stops the Worker, which loses everything in its memory.
    pub fn stop(mut self) {
        assert!(self.end(), "it did not exit cleanly");
    }

    fn end(&mut self) -> bool {
        // The shell's built-in: not every machine has a `kill` program.
        let mut kill = Command::new("sh");
        let _ = kill.args(["-c", "kill -TERM \"$0\"", &self.child.id().to_string()]).status();
        self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}
