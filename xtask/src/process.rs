//! Running other programs.

use std::env;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anstream::adapter::strip_str;
use anyhow::{Context, Result, bail};

use crate::programs::cannot_run;

/// Prints one line of xtask's own.
pub fn say(line: &str) {
    println!("{} {line}", if io::stdout().is_terminal() { "\u{1b}[36mxtask\u{1b}[0m" } else { "xtask" });
}

/// Where cargo keeps what it downloads and unpacks.
pub fn cargo_home() -> PathBuf {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.unwrap_or_else(|| env::home_dir().unwrap_or_default().join(".cargo"))
}

/// What the command prints, trimmed. If it fails, the message has what it printed as an error.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.output().with_context(|| cannot_run(&name))?;
    if !output.status.success() {
        bail!("{name} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a step, with its output.
pub fn step(label: &str, command: &mut Command) -> Result<()> {
    say(&format!("{label} …"));
    let started = Instant::now();
    let status = command.status().with_context(|| cannot_run(&name_of(command)))?;
    if !status.success() {
        bail!("{label} failed ({status})");
    }
    if started.elapsed() > Duration::from_secs(10) {
        say(&format!("{label}: done in {}", seconds(started.elapsed())));
    }
    Ok(())
}

/// Runs a command whose output is passed on line by line, and returned as well, without colours.
pub fn streamed(command: &mut Command) -> Result<(ExitStatus, String)> {
    let (reader, writer) = io::pipe()?;
    let spawned = command.stdout(writer.try_clone()?).stderr(writer).spawn();
    let mut child = spawned.with_context(|| cannot_run(&name_of(command)))?;
    // Drops our ends, so that the pipe ends with the program.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut text = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        text.push_str(&strip_str(&line).to_string());
        text.push('\n');
    }
    Ok((child.wait()?, text))
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
    #[cfg(unix)]
    fn streamed_output_is_returned_without_colours() {
        let (status, text) =
            streamed(SH.command().args(["-c", "echo '\u{1b}[32mone\u{1b}[0m'; echo two >&2"])).unwrap();
        assert!(status.success());
        assert_eq!(text, "one\ntwo\n");
    }
}
