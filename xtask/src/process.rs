//! Running other programs: quietly with signs of life, or with what they print passed on and remembered.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{env, thread};

use anstream::adapter::strip_str;
use anyhow::{Context, Result, bail};

use crate::programs::cannot_run;

/// How often a running command is looked at. What takes less is not worth a line.
const SECOND: Duration = Duration::from_secs(1);
/// How often a running step says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long a streamed command may print nothing before a line says that it still runs.
const SILENCE: Duration = Duration::from_secs(20);
/// How many of a failed step's last lines are shown.
const TAIL: usize = 40;

/// Prints one line of xtask's own.
pub fn say(line: &str) {
    println!("{} {line}", if io::stdout().is_terminal() { "\u{1b}[36mxtask\u{1b}[0m" } else { "xtask" });
}

/// Where cargo keeps what it downloads and unpacks.
pub fn cargo_home() -> PathBuf {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.unwrap_or_else(|| env::home_dir().unwrap_or_default().join(".cargo"))
}

/// What the command prints, trimmed. An error if it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.output().with_context(|| cannot_run(&name))?;
    if !output.status.success() {
        bail!("{name} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a step without its output, but with signs of life. If it fails, the error ends with the last lines it printed.
pub fn quietly(label: &str, command: &mut Command) -> Result<()> {
    let started = Instant::now();
    let mut told = None;
    let mut lines = VecDeque::new();
    let status = watched(command, |happened| match (happened, told) {
        (Happened::Line(line), _) if line.trim().is_empty() => {}
        (Happened::Line(line), _) => {
            lines.truncate(TAIL - 1);
            lines.push_front(line);
        }
        (Happened::Second, None) => {
            say(&format!("{label} …"));
            told = Some(Instant::now());
        }
        (Happened::Second, Some(last)) if last.elapsed() < HEARTBEAT => {}
        (Happened::Second, Some(_)) => {
            let last = lines.front().map(String::as_str).unwrap_or_default();
            say(&format!("  {label}: {}  {}", seconds(started.elapsed()), shortened(last, 80)));
            told = Some(Instant::now());
        }
    })?;
    if !status.success() {
        let last: Vec<String> = lines.into_iter().rev().collect();
        bail!("{label} failed ({status}). Its last lines:\n\n    {}\n", last.join("\n    "));
    }
    if told.is_some() {
        say(&format!("{label}: done in {}", seconds(started.elapsed())));
    }
    Ok(())
}

/// Runs a command whose output is passed on line by line and returned as well, without colours.
pub fn streamed(command: &mut Command) -> Result<(ExitStatus, String)> {
    let started = Instant::now();
    let mut heard = Instant::now();
    let mut text = String::new();
    let status = watched(command, |happened| match happened {
        Happened::Line(line) => {
            println!("{line}");
            text.push_str(&strip_str(&line).to_string());
            text.push('\n');
            heard = Instant::now();
        }
        Happened::Second if heard.elapsed() < SILENCE => {}
        Happened::Second => {
            say(&format!("  still running after {}", seconds(started.elapsed())));
            heard = Instant::now();
        }
    })?;
    Ok((status, text))
}

/// What happens while a command runs.
enum Happened {
    /// It has printed a line.
    Line(String),
    /// About a second has passed.
    Second,
}

/// Runs a command, and calls `on` for each line that it prints and each second that passes.
fn watched(command: &mut Command, mut on: impl FnMut(Happened)) -> Result<ExitStatus> {
    let name = name_of(command);
    let (reader, writer) = io::pipe()?;
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn().with_context(|| cannot_run(&name))?;
    // Drops our ends, so that the pipe ends with the program.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(io::Result::ok) {
            let _ = sender.send(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned());
        }
    });
    let mut next = Instant::now() + SECOND;
    loop {
        match lines.recv_timeout(next.saturating_duration_since(Instant::now())) {
            Ok(line) => on(Happened::Line(line)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if Instant::now() >= next {
            on(Happened::Second);
            next = Instant::now() + SECOND;
        }
    }
    child.wait().with_context(|| format!("lost track of {name}"))
}

fn name_of(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A duration for a person.
pub fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        short if short < 9.95 => format!("{short:.1} s"),
        middle if middle < 60.0 => format!("{middle:.0} s"),
        long => format!("{} min {:02} s", long as u64 / 60, long as u64 % 60),
    }
}

fn shortened(line: &str, width: usize) -> String {
    let line = strip_str(line.trim()).to_string();
    match line.char_indices().nth(width) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::SH;

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(42)), "42 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn long_lines_are_cut_at_a_character_and_lose_their_colours() {
        assert_eq!(shortened("  žluťoučký kůň ", 4), "žluť…");
        assert_eq!(shortened("\u{1b}[32;1mok\u{1b}[0m.", 80), "ok.");
    }

    #[test]
    #[cfg(unix)]
    fn a_failure_shows_what_was_printed_last() {
        let error = quietly("step", SH.command().args(["-c", "echo why; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("why") && error.contains("step failed"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn streamed_output_is_returned() {
        let (status, text) = streamed(SH.command().args(["-c", "echo one; echo two >&2"])).unwrap();
        assert!(status.success() && text.contains("one\n") && text.contains("two\n"));
    }
}
