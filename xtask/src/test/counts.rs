//! What the parts of the tests report, read from the output of test runners and other commands.

use std::ops::AddAssign;
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex_lite::Regex;

use crate::process::streamed;

/// What a part returns: its counts, and a remark for the summary.
pub type Report = Result<(Counts, String)>;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ran and passed.
    pub passed: usize,
    /// Ran and failed, or should have run and did not.
    pub failed: usize,
    /// Left out on purpose.
    pub skipped: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The lines with results: of each binary with `cargo test`, at the end with nextest, one for each kind with Playwright.
static RESULT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(test result: |\s*Summary \[|  \d+ (\w+|did not run)( \(|$))").expect("a pattern"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d+) (passed|flaky|failed|timed out|interrupted|did not run|skipped|ignored)").expect("a pattern")
});

impl Counts {
    /// A single check that passed.
    pub const ONE: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// Adds up what the runner of the tests has printed, be it `cargo test` (also with wasm-bindgen), nextest or Playwright.
    pub fn read(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines().filter(|line| RESULT.is_match(line)) {
            for number in NUMBER.captures_iter(line) {
                let count = number[1].parse().unwrap_or(0);
                match &number[2] {
                    "passed" | "flaky" => counts.passed += count,
                    "skipped" | "ignored" => counts.skipped += count,
                    _ => counts.failed += count,
                }
            }
        }
        counts
    }
}

/// A command that is one check: it succeeds or it does not.
pub fn check(command: &mut Command) -> Report {
    let (status, _) = streamed(command)?;
    if !status.success() {
        bail!("{status}; its output is above");
    }
    Ok((Counts::ONE, String::new()))
}

/// A command whose tests are counted. If it fails without a failed test, because it does not compile for example, that counts
/// as a failure.
pub fn counted(command: &mut Command) -> Report {
    let (status, text) = streamed(command).context("the tests could not be started")?;
    let mut counts = Counts::read(&text);
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok((counts, if status.success() { String::new() } else { format!("{status}; its output is above") }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::SH;

    #[test]
    fn each_runner_is_understood() {
        for (text, (passed, failed, skipped)) in [
            (
                "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0s\n\
                 test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 filtered out; finished in 0.1s\n",
                (3, 3, 1),
            ),
            ("error: could not compile\n", (0, 0, 0)),
            (
                "    PASS [   0.010s] a b\n     Summary [   1s] 10 tests run: 10 passed (1 slow), 2 skipped\n",
                (10, 0, 2),
            ),
            (
                "     Summary [   1s] 5/9 tests run: 2 passed, 1 failed, 2 timed out, 4 skipped\nerror: 3 failed\n",
                (2, 3, 4),
            ),
            (
                "  ✓  1 specs/a.spec.ts:3:1 › chats (1.2s)\n\n  1 failed\n    specs/a.spec.ts:9:1 › 4 failed ───\n  \
                 1 skipped\n  2 did not run\n  12 passed (34.0s)\n",
                (12, 3, 1),
            ),
        ] {
            assert_eq!(Counts::read(text), Counts { passed, failed, skipped }, "{text}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_test_command_that_dies_without_a_failed_test_is_a_failure() {
        let (counts, note) = counted(SH.command().args(["-c", "exit 7"])).unwrap();
        assert_eq!(counts.failed, 1);
        assert!(note.contains('7'));
    }
}
