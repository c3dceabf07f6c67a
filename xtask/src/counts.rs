//! How many tests ran, read from what the test runners print.

use std::ops::AddAssign;

/// Tests that passed, failed and were left out.
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
    /// From `cargo test`, also with wasm-bindgen's runner: a `test result: ok. 3 passed; 0 failed; …` for each binary.
    pub fn from_cargo_test(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("test result: ")) {
            counts.add(line.split([';', '.']));
        }
        counts
    }

    /// From nextest: `Summary [ 0.1s] 10 tests run: 9 passed (1 slow), 1 failed, 2 skipped`.
    pub fn from_nextest(text: &str) -> Self {
        let mut counts = Self::default();
        let summary = text.lines().rev().find_map(|line| line.trim_start().strip_prefix("Summary ["));
        if let Some((_, numbers)) = summary.and_then(|line| line.rsplit_once("run:")) {
            counts.add(numbers.split(','));
        }
        counts
    }

    /// From Playwright's list reporter, which ends with lines such as `  12 passed (34.0s)` and `  1 failed`.
    pub fn from_playwright(text: &str) -> Self {
        let mut counts = Self::default();
        counts.add(text.lines().filter(|line| line.starts_with("  ")));
        counts
    }

    /// From schemathesis: each call that it tested counts as one, and each kind of failure that it found.
    pub fn from_schemathesis(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines().filter(|line| line.starts_with("  ")) {
            counts.passed += line.trim().strip_prefix("Tested:").and_then(|n| n.trim().parse().ok()).unwrap_or(0);
            counts.add(line.split(',').filter(|part| part.contains(" found ")));
        }
        counts.passed = counts.passed.saturating_sub(counts.failed);
        counts
    }

    fn add<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<usize>().ok()) else { continue };
            match words.next() {
                Some("passed" | "flaky") => self.passed += number,
                Some("failed" | "timed" | "interrupted" | "did" | "exec" | "found") => self.failed += number,
                Some("skipped" | "ignored") => self.skipped += number,
                _ => {}
            }
        }
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
