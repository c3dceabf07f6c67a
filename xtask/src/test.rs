//! `cargo xtask test`: runs the parts one after the other, and prints a summary.

mod api;
mod counts;
mod crates;
mod parts;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::{say, seconds};
use crate::setup::{Need, Unavailable, require};
use counts::{Counts, Report};
pub use parts::PARTS;
use parts::Part;

/// Runs the named parts, or all if there is no name, and continues after a failure. The setup runs in the background.
pub fn run(only: &[String], long: bool) -> Result<ExitCode> {
    let started = Instant::now();
    let parts = PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name));
    let parts: Vec<&Part> = parts.collect();
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        needs_of(&parts).for_each(|need| drop(scope.spawn(need)));
        parts.iter().map(|part| outcome(part, long)).collect()
    });
    Ok(summary(&outcomes, started.elapsed()))
}

/// Sets up everything for all parts. What is unavailable is printed, and no error.
pub fn set_up() -> Result<()> {
    let needs: Vec<Need> = needs_of(&PARTS.iter().collect::<Vec<_>>()).collect();
    require(&needs).or_else(|error| if error.is::<Unavailable>() { Ok(()) } else { Err(error) })
}

/// What these parts need or can use.
fn needs_of(parts: &[&'static Part]) -> impl Iterator<Item = Need> {
    parts.iter().flat_map(|part| part.needs.iter().chain(part.wishes)).copied()
}

/// The result of a part.
struct Outcome {
    part: &'static str,
    /// Its tests or checks.
    counts: Counts,
    /// Why it failed or was skipped, or a remark.
    note: String,
    /// How long it waited for the setup, and how long it took after that.
    waited: Duration,
    time: Duration,
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
    let (counts, note) = judge(report.inspect_err(|error| println!("{error:#}")));
    Outcome { part: part.name, counts, note, waited, time: started.elapsed() }
}

/// Waits for the setup of the part. The result is a note about optional things that are unavailable.
fn wait_for(part: &Part) -> Result<String> {
    require(part.needs)?;
    match require(part.wishes) {
        Err(error) if error.is::<Unavailable>() => Ok(format!("incomplete: {}", first_line(&error.to_string()))),
        result => result.map(|()| String::new()),
    }
}

/// Turns a report into counts and a note. A part in which no test ran has failed; if something it needs is unavailable,
/// nothing is counted.
fn judge(report: Report) -> (Counts, String) {
    const FAILED: Counts = Counts { passed: 0, failed: 1, skipped: 0 };
    match report {
        Ok((counts, _)) if counts.passed + counts.failed == 0 => (FAILED, "no test ran".to_owned()),
        Ok(report) => report,
        Err(error) => match error.downcast_ref::<Unavailable>() {
            Some(Unavailable(why)) => (Counts::default(), first_line(why)),
            None => (FAILED, first_line(&error.to_string())),
        },
    }
}

/// The part of a message that fits into the table.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn verdict(counts: Counts) -> &'static str {
    match counts {
        Counts { failed: 1.., .. } => "FAILED",
        Counts { passed: 1.., .. } => "ok",
        _ => "skipped",
    }
}

/// Prints the table of results and the totals. The result is the exit code of the process.
fn summary(outcomes: &[Outcome], total: Duration) -> ExitCode {
    let mut all = Counts::default();
    println!("\n{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "part", "", "passed", "failed", "skipped", "time");
    let waited = outcomes.iter().map(|outcome| outcome.waited).sum();
    println!("{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "setup", "", "", "", "", seconds(waited));
    for Outcome { part, counts, note, time, .. } in outcomes {
        all += *counts;
        let (Counts { passed, failed, skipped }, verdict) = (counts, verdict(*counts));
        println!("{part:<12} {verdict:<7} {passed:>6} {failed:>6} {skipped:>7} {:>12}  {note}", seconds(*time));
    }
    println!("\n{}, after {}", in_a_word(outcomes), seconds(total));
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_a_word(outcomes: &[Outcome]) -> String {
    let are = |word| outcomes.iter().filter(move |outcome| verdict(outcome.counts) == word);
    let skipped: Vec<&str> = are("skipped").map(|outcome| outcome.part).collect();
    match (are("FAILED").count(), skipped.is_empty()) {
        (0, true) => "all passed".to_owned(),
        (0, false) => format!("nothing failed, but these parts were skipped: {}", skipped.join(", ")),
        _ => "something failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_passes_if_a_test_ran_and_none_failed() {
        let counts = |passed, failed| Counts { passed, failed, skipped: 7 };
        let unavailable = anyhow::Error::from(Unavailable("no root\nat all".into())).context("no browser");
        for (report, expected, note) in [
            (Ok((counts(3, 0), "x".to_owned())), "ok", "x"),
            (Ok((counts(3, 2), "x".to_owned())), "FAILED", "x"),
            (Ok((counts(0, 2), String::new())), "FAILED", ""),
            (Ok((counts(0, 0), String::new())), "FAILED", "no test ran"),
            (Err(anyhow::anyhow!("apt-get failed\nbadly")), "FAILED", "apt-get failed"),
            (Err(unavailable), "skipped", "no root"),
        ] {
            let judged = judge(report);
            assert_eq!((verdict(judged.0), judged.1.as_str()), (expected, note));
        }
    }

    #[test]
    fn the_last_line_names_the_skipped_parts() {
        let outcome = |part, counts| {
            let time = Duration::ZERO;
            Outcome { part, counts, note: String::new(), waited: time, time }
        };
        let failed = Counts { failed: 1, ..Counts::default() };
        let skipped = [outcome("fmt", Counts::ONE), outcome("api", Counts::default())];
        assert!(in_a_word(&skipped).ends_with("skipped: api"));
        assert_eq!(in_a_word(&[outcome("fmt", Counts::ONE)]), "all passed");
        assert_eq!(in_a_word(&[outcome("fmt", failed)]), "something failed");
    }
}
