//! Running other programs: quietly with signs of life, or streamed and remembered.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, io};

use anyhow::{Context, Result, bail};

use crate::programs::cannot_run;

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

/// Runs a step without its output: a line at the beginning, one every few seconds, and one at the end. If it fails, the
/// error ends with the last lines that it printed.
pub fn quietly(label: &str, command: &mut Command) -> Result<()> {
    say(&format!("{label} …"));
    run_quietly(label, command, true)
}

/// Like [`quietly`], but says nothing at all when the step takes less than a moment.
pub fn silently(label: &str, command: &mut Command) -> Result<()> {
    run_quietly(label, command, false)
}

fn run_quietly(label: &str, command: &mut Command, announce: bool) -> Result<()> {
    let started = Instant::now();
    let lines = Arc::new(Mutex::new(VecDeque::new()));
    let keep = lines.clone();
    let status = watched(
        command,
        move |line| remember(&keep, line),
        || {
            let last = lines.lock().ok().and_then(|kept| kept.back().cloned()).unwrap_or_default();
            say(&format!("  {label}: {} s  {}", started.elapsed().as_secs(), shortened(&last, 80)));
        },
    )?;
    if !status.success() {
        let kept: Vec<String> = lines.lock().map(|kept| kept.iter().cloned().collect()).unwrap_or_default();
        bail!("{label} failed ({status}). Its last lines:\n\n    {}\n", kept.join("\n    "));
    }
    if announce || started.elapsed() > HEARTBEAT {
        say(&format!("{label}: done in {}", seconds(started.elapsed())));
    }
    Ok(())
}

/// Runs a command whose output is passed on line by line and returned as well, without colours.
pub fn streamed(command: &mut Command) -> Result<(ExitStatus, String)> {
    let started = Instant::now();
    let text = Arc::new(Mutex::new(String::new()));
    let heard = Arc::new(Mutex::new(Instant::now()));
    let (keep, note) = (text.clone(), heard.clone());
    let pass_on = move |line: String| {
        println!("{line}");
        if let Ok(mut heard) = note.lock() {
            *heard = Instant::now();
        }
        if let Ok(mut text) = keep.lock() {
            text.push_str(&without_colours(&line));
            text.push('\n');
        }
    };
    let still_running = || {
        let Ok(mut heard) = heard.lock() else { return };
        if heard.elapsed() > SILENCE {
            say(&format!("  still running after {}", seconds(started.elapsed())));
            *heard = Instant::now();
        }
    };
    let status = watched(command, pass_on, still_running)?;
    let text = text.lock().map(|text| text.clone()).unwrap_or_default();
    Ok((status, text))
}

/// Runs a command, gives each line it prints to `on_line`, and calls `heartbeat` every few seconds.
fn watched(
    command: &mut Command,
    on_line: impl Fn(String) + Send + Sync + 'static,
    heartbeat: impl Fn(),
) -> Result<ExitStatus> {
    let name = name_of(command);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().with_context(|| cannot_run(&name))?;
    let on_line = Arc::new(on_line);
    let readers = [
        child.stdout.take().map(|pipe| read_lines(pipe, on_line.clone())),
        child.stderr.take().map(|pipe| read_lines(pipe, on_line)),
    ];
    let mut last_sign = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("lost track of {name}"))? {
            break status;
        }
        if last_sign.elapsed() >= HEARTBEAT {
            heartbeat();
            last_sign = Instant::now();
        }
        thread::sleep(Duration::from_millis(25));
    };
    for reader in readers.into_iter().flatten() {
        let _ = reader.join();
    }
    Ok(status)
}

fn read_lines(
    pipe: impl Read + Send + 'static,
    on_line: Arc<impl Fn(String) + Send + Sync + 'static>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(io::Result::ok) {
            on_line(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned());
        }
    })
}

fn remember(lines: &Mutex<VecDeque<String>>, line: String) {
    let Ok(mut lines) = lines.lock() else { return };
    if line.trim().is_empty() {
        return;
    }
    if lines.len() == TAIL {
        lines.pop_front();
    }
    lines.push_back(line);
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
    let line = without_colours(line);
    let line = line.trim();
    match line.char_indices().nth(width) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::SH;

    #[test]
    fn colours_are_removed() {
        assert_eq!(without_colours("\u{1b}[32;1mok\u{1b}[0m."), "ok.");
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(42)), "42 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn long_lines_are_cut_at_a_character() {
        assert_eq!(shortened("  žluťoučký kůň ", 4), "žluť…");
        assert_eq!(shortened("short", 80), "short");
    }

    #[test]
    #[cfg(unix)]
    fn a_failure_shows_what_was_printed_last() {
        let error = silently("step", SH.command().args(["-c", "echo why; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("why") && error.contains("step failed"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn streamed_output_is_returned() {
        let (status, text) = streamed(SH.command().args(["-c", "echo one; echo two >&2"])).unwrap();
        assert!(status.success() && text.contains("one\n") && text.contains("two\n"));
    }
}
