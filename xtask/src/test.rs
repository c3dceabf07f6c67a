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

/// Sets up everything for all parts. What is unavailable is printed.
///
/// # Errors
/// Something failed.
pub fn set_up() -> Result<()> {
    let needs: Vec<Need> = needs_of(&PARTS.iter().collect::<Vec<_>>()).collect();
    require(&needs).or_else(|error| if error.is::<Unavailable>() { Ok(()) } else { Err(error) })
}

/// What these parts need or can use.
fn needs_of(parts: &[&'static Part]) -> impl Iterator<Item = Need> {
    parts.iter().flat_map(|part| part.needs.iter().chain(part.wishes)).copied()
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

/// The result of a part.
pub struct Outcome {
    /// The part's name.
    pub part: &'static str,
    /// Whether it passed.
    pub verdict: Verdict,
    /// Its tests or checks.
    pub counts: Counts,
    /// Why it failed or was skipped, or a remark.
    pub note: String,
    /// How long it waited for the setup.
    pub waited: Duration,
    /// How long it took after that.
    pub time: Duration,
}

/// Whether a part passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything passed.
    Passed,
    /// Something failed, or no test ran.
    Failed,
    /// It did not run because something it needs is unavailable on this machine.
    Skipped,
}

/// Turns a report into a verdict, counts and a note. A part in which no test ran has failed, unless something it needs is
/// unavailable.
pub fn judge(report: Report) -> (Verdict, Counts, String) {
    match report {
        Ok((counts, note)) if counts.failed == 0 && counts.passed > 0 => (Verdict::Passed, counts, note),
        Ok((counts, note)) if counts.failed > 0 => (Verdict::Failed, counts, note),
        Ok(_) => (Verdict::Failed, FAILED, "no test ran".to_owned()),
        Err(error) => match error.downcast_ref::<Unavailable>() {
            Some(Unavailable(why)) => (Verdict::Skipped, Counts::default(), first_line(why)),
            None => (Verdict::Failed, FAILED, first_line(&error.to_string())),
        },
    }
}

const FAILED: Counts = Counts { passed: 0, failed: 1, skipped: 0 };

/// The part of a message that fits into the table.
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Prints the table of results and the totals. The result is the exit code of the process.
pub fn summary(outcomes: &[Outcome], total: Duration) -> ExitCode {
    let mut all = Counts::default();
    println!("\n{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "part", "", "passed", "failed", "skipped", "time");
    let waited = outcomes.iter().map(|outcome| outcome.waited).sum();
    println!("{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "setup", "", "", "", "", seconds(waited));
    for Outcome { part, verdict, counts, note, time, .. } in outcomes {
        all += *counts;
        let result = match verdict {
            Verdict::Passed => "ok",
            Verdict::Failed => "FAILED",
            Verdict::Skipped => "skipped",
        };
        let Counts { passed, failed, skipped } = counts;
        println!("{part:<12} {result:<7} {passed:>6} {failed:>6} {skipped:>7} {:>12}  {note}", seconds(*time));
    }
    println!("\n{}, after {}", in_a_word(outcomes), seconds(total));
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_a_word(outcomes: &[Outcome]) -> String {
    let are = |wanted: Verdict| outcomes.iter().filter(move |outcome| outcome.verdict == wanted);
    let skipped: Vec<&str> = are(Verdict::Skipped).map(|outcome| outcome.part).collect();
    match (are(Verdict::Failed).count(), skipped.is_empty()) {
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
        for (report, verdict, note) in [
            (Ok((counts(3, 0), "x".to_owned())), Verdict::Passed, "x"),
            (Ok((counts(3, 2), "x".to_owned())), Verdict::Failed, "x"),
            (Ok((counts(0, 2), String::new())), Verdict::Failed, ""),
            (Ok((counts(0, 0), String::new())), Verdict::Failed, "no test ran"),
            (Err(anyhow::anyhow!("apt-get failed\nbadly")), Verdict::Failed, "apt-get failed"),
            (
                Err(anyhow::Error::from(Unavailable("no root\nat all".into())).context("no browser")),
                Verdict::Skipped,
                "no root",
            ),
        ] {
            let judged = judge(report);
            assert_eq!((judged.0, judged.2.as_str()), (verdict, note));
            assert_eq!(judged.1.failed > 0, verdict == Verdict::Failed);
        }
    }

    #[test]
    fn the_last_line_names_the_skipped_parts() {
        let outcome = |part, verdict| {
            let (counts, time) = (Counts::default(), Duration::ZERO);
            Outcome { part, verdict, counts, note: String::new(), waited: time, time }
        };
        let (passed, skipped) = (outcome("fmt", Verdict::Passed), outcome("api", Verdict::Skipped));
        assert!(in_a_word(&[passed, skipped]).ends_with("skipped: api"));
        assert_eq!(in_a_word(&[outcome("fmt", Verdict::Passed)]), "all passed");
        assert_eq!(in_a_word(&[outcome("fmt", Verdict::Failed)]), "something failed");
    }
}
