//! Test counts, read from the output of the test runners.

use std::ops::AddAssign;

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

impl Counts {
    /// A single check that passed.
    pub const ONE: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// From `cargo test`, also with wasm-bindgen's runner: `test result: ok. 3 passed; 0 failed; …` for each binary.
    pub fn from_cargo_test(text: &str) -> Self {
        Self::sum(text.lines().filter_map(|line| line.trim().strip_prefix("test result: ")))
    }

    /// From nextest: `Summary [ 0.1s] 10 tests run: 9 passed (1 slow), 1 failed, 2 skipped`.
    pub fn from_nextest(text: &str) -> Self {
        let summary = text.lines().rev().find(|line| line.trim().starts_with("Summary ["));
        Self::sum(summary.and_then(|line| line.rsplit_once("run:")).map(|(_, numbers)| numbers))
    }

    /// From Playwright's list reporter, whose last lines are like `  12 passed (34.0s)` and `  1 failed`.
    pub fn from_playwright(text: &str) -> Self {
        Self::sum(text.lines().filter(|line| line.starts_with("  ")))
    }

    /// From schemathesis: every tested operation counts as one, and so does every unique failure.
    pub fn from_schemathesis(text: &str) -> Self {
        let summary = || text.lines().filter(|line| line.starts_with("  ")).map(str::trim);
        let tested: usize = summary().find_map(|line| line.strip_prefix("Tested:")?.trim().parse().ok()).unwrap_or(0);
        let failed = Self::sum(summary().filter(|line| line.contains(" found "))).failed;
        Self { passed: tested.saturating_sub(failed), failed, skipped: 0 }
    }

    /// Adds up what the lines list: `9 passed (1 slow), 1 failed; 2 skipped`.
    fn sum<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for item in lines.into_iter().flat_map(|line| line.split([',', ';', '.'])) {
            let mut words = item.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<usize>().ok()) else { continue };
            match words.next() {
                Some("passed" | "flaky") => counts.passed += number,
                Some("failed" | "timed" | "interrupted" | "did" | "found") => counts.failed += number,
                Some("skipped" | "ignored") => counts.skipped += number,
                _ => {}
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: usize, failed: usize, skipped: usize) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn cargo_test_is_added_up_over_its_binaries() {
        let text = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s\n\
                    test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 filtered out; finished in 0.1s\n";
        assert_eq!(Counts::from_cargo_test(text), counts(3, 3, 1));
        assert_eq!(Counts::from_cargo_test("error: could not compile\n"), Counts::default());
    }

    #[test]
    fn nextest_is_read_from_its_summary() {
        let text = "    PASS [   0.010s] a b\n     Summary [   0.123s] 10 tests run: 10 passed (1 slow), 2 skipped\n";
        assert_eq!(Counts::from_nextest(text), counts(10, 0, 2));
        let text = "     Summary [   1s] 5/9 tests run: 2 passed, 1 failed, 2 timed out, 4 skipped\nerror: x\n";
        assert_eq!(Counts::from_nextest(text), counts(2, 3, 4));
    }

    #[test]
    fn schemathesis_is_read_from_its_summary() {
        let well = "API Operations:\n  Selected: 9/9\n  Tested: 9\n\nTest cases:\n  764 generated, 764 passed\n";
        assert_eq!(Counts::from_schemathesis(well), counts(9, 0, 0));
        let badly = "API Operations:\n  Selected: 9/9\n  Tested: 9\n\nTest cases:\n  1872 generated, 6 found 6 unique failures\n";
        assert_eq!(Counts::from_schemathesis(badly), counts(3, 6, 0));
    }

    #[test]
    fn playwright_is_read_from_its_last_lines() {
        let text = "  ✓  1 specs/a.spec.ts:3:1 › chats (1.2s)\n\n  1 failed\n    specs/a.spec.ts:9:1 › closes ───\n  \
                    1 skipped\n  2 did not run\n  12 passed (34.0s)\n";
        assert_eq!(Counts::from_playwright(text), counts(12, 3, 1));
    }
}
