//! `cargo xtask test`: runs the parts one after the other, and prints a summary.

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use anyhow::Result;

use crate::outcome::{Outcome, first_line, judge, summary};
use crate::part::{PARTS, Part};
use crate::process::say;
use crate::setup::{self, Unavailable, require};

/// Runs the named parts, or all if there is no name, and continues after a failure. The setup runs in the background.
pub fn run(only: &[String], long: bool) -> Result<ExitCode> {
    let started = Instant::now();
    let parts = PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name));
    let parts: Vec<&Part> = parts.collect();
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        setup::prepare(scope, &parts);
        parts.iter().map(|part| outcome(part, long)).collect()
    });
    Ok(summary(&outcomes, started.elapsed()))
}

fn outcome(part: &Part, long: bool) -> Outcome {
    println!();
    say(&format!("== {}", part.name));
    let asked = Instant::now();
    let ready = wait_for(part);
    let (waited, started) = (asked.elapsed(), Instant::now());
    let report = ready.and_then(|without| {
        let (counts, note) = (part.run)(long)?;
        Ok((counts, if note.is_empty() { without } else { note }))
    });
    let (verdict, counts, note) = judge(report.inspect_err(|error| println!("{error:#}")));
    Outcome { part: part.name, verdict, counts, note, waited, time: started.elapsed() }
}

/// Waits for the setup of the part. The result is a note about optional things that are unavailable.
fn wait_for(part: &Part) -> Result<String> {
    require(part.needs)?;
    match require(part.wishes) {
        Err(error) if error.is::<Unavailable>() => Ok(format!("incomplete: {}", first_line(&error.to_string()))),
        result => result.map(|()| String::new()),
    }
}
