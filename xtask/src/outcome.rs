//! How the parts of `cargo xtask test` went, and what is said of it.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::counts::Counts;
use crate::part::Part;
use crate::process::seconds;
use crate::setup::Unavailable;

/// What a part answers: how many tests or checks, and a remark.
pub type Report = Result<(Counts, String)>;

/// How a part went.
pub struct Outcome {
    /// Which part.
    pub part: Part,
    /// Whether it did what it is for.
    pub verdict: Verdict,
    /// Its tests or checks.
    pub counts: Counts,
    /// What there is to add: why it failed or was skipped, or what a person should know.
    pub note: String,
    /// How long it waited for the set-up.
    pub waited: Duration,
    /// How long it took after that.
    pub time: Duration,
}

/// Whether a part did what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it went well.
    Passed,
    /// Something went wrong, or nothing happened.
    Failed,
    /// It did not run, since something that it needs cannot be had on this machine.
    Skipped,
}

/// What is to be made of a part's report. That no test ran is a failure, unless it is known why.
pub fn judge(report: Report) -> (Verdict, Counts, String) {
    let (mut counts, note) = match report {
        Ok((Counts { passed: 0, failed: 0, .. }, _)) => (Counts::default(), "no test ran".to_owned()),
        Ok(report) => report,
        Err(error) => match error.downcast_ref::<Unavailable>() {
            Some(Unavailable(why)) => return (Verdict::Skipped, Counts::default(), first_line(why)),
            None => (Counts::default(), first_line(&error.to_string())),
        },
    };
    if counts.passed == 0 {
        counts.failed = counts.failed.max(1);
    }
    (if counts.failed == 0 { Verdict::Passed } else { Verdict::Failed }, counts, note)
}

/// What there is room for in a table.
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Prints what ran, how many and how long, and answers for the process.
pub fn summary(outcomes: &[Outcome], total: Duration) -> ExitCode {
    let mut all = Counts::default();
    println!("\n{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "part", "", "passed", "failed", "skipped", "time");
    let waited = outcomes.iter().map(|outcome| outcome.waited).sum();
    println!("{:<12} {:<7} {:>6} {:>6} {:>7} {:>12}", "set-up", "", "", "", "", seconds(waited));
    for Outcome { part, verdict, counts, note, time, .. } in outcomes {
        all += *counts;
        let result = match verdict {
            Verdict::Passed => "ok",
            Verdict::Failed => "FAILED",
            Verdict::Skipped => "skipped",
        };
        let Counts { passed, failed, skipped } = counts;
        let (name, time) = (part.name(), seconds(*time));
        println!("{name:<12} {result:<7} {passed:>6} {failed:>6} {skipped:>7} {time:>12}  {note}");
    }
    println!("\n{}, after {}", in_a_word(outcomes), seconds(total));
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_a_word(outcomes: &[Outcome]) -> String {
    let are = |wanted: Verdict| outcomes.iter().filter(move |outcome| outcome.verdict == wanted);
    let skipped: Vec<String> = are(Verdict::Skipped).map(|outcome| outcome.part.name()).collect();
    match (are(Verdict::Failed).count(), skipped.is_empty()) {
        (0, true) => "all is well".to_owned(),
        (0, false) => format!("nothing failed, but this could not run: {}", skipped.join(", ")),
        _ => "something failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_lacks_what_cannot_be_had_is_skipped_and_says_why() {
        let error = anyhow::Error::from(Unavailable("no permission\nat all".to_owned())).context("no browser");
        assert_eq!(judge(Err(error)), (Verdict::Skipped, Counts::default(), "no permission".to_owned()));
    }

    #[test]
    fn a_part_that_lacks_what_should_be_there_fails() {
        let (verdict, counts, note) = judge(Err(anyhow::anyhow!("apt-get failed\nbadly")));
        assert_eq!((verdict, counts.failed, note.as_str()), (Verdict::Failed, 1, "apt-get failed"));
    }

    #[test]
    fn that_no_test_ran_is_a_failure_even_if_all_were_skipped() {
        let skipped = Counts { skipped: 7, ..Counts::default() };
        for counts in [Counts::default(), skipped] {
            let (verdict, counts, note) = judge(Ok((counts, String::new())));
            assert_eq!((verdict, counts.failed, note.as_str()), (Verdict::Failed, 1, "no test ran"));
        }
    }

    #[test]
    fn failed_tests_fail_and_passed_ones_pass() {
        let failed = Counts { passed: 3, failed: 2, skipped: 0 };
        assert_eq!(judge(Ok((failed, "x".to_owned()))), (Verdict::Failed, failed, "x".to_owned()));
        let all_failed = Counts { failed: 2, ..Counts::default() };
        assert_eq!(judge(Ok((all_failed, String::new()))).1, all_failed);
        let passed = Counts { passed: 3, failed: 0, skipped: 1 };
        assert_eq!(judge(Ok((passed, String::new()))), (Verdict::Passed, passed, String::new()));
    }

    #[test]
    fn parts_that_did_not_run_are_named_at_the_end() {
        let outcome = |part, verdict| Outcome {
            part,
            verdict,
            counts: Counts::default(),
            note: String::new(),
            waited: Duration::ZERO,
            time: Duration::ZERO,
        };
        let (passed, skipped) = (outcome(Part::Fmt, Verdict::Passed), outcome(Part::Api, Verdict::Skipped));
        assert!(in_a_word(&[passed, skipped]).ends_with("could not run: api"));
        assert_eq!(in_a_word(&[outcome(Part::Fmt, Verdict::Passed)]), "all is well");
        assert_eq!(in_a_word(&[outcome(Part::Fmt, Verdict::Failed)]), "something failed");
    }
}
