use std::fmt;

use crate::Failure;

/// The outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The Registry conforms.
    Passed,
    /// It does not.
    Failed(Failure),
    /// The case was skipped, and why.
    Skipped(&'static str),
}

/// A case and its outcome.
#[derive(Clone, Debug)]
pub struct Row {
    /// The part of the contract.
    pub group: &'static str,
    /// What must hold.
    pub name: String,
    /// Whether it does.
    pub outcome: Outcome,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, name, outcome } = self;
        match outcome {
            Outcome::Passed => write!(f, "ok    {group:<10} {name}"),
            Outcome::Failed(failure) => write!(f, "FAIL  {group:<10} {name}\n{:17}{failure}", ""),
            Outcome::Skipped(why) => write!(f, "skip  {group:<10} {name} ({why})"),
        }
    }
}

/// The outcomes of all cases.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One row per case.
    pub rows: Vec<Row>,
}

impl Report {
    /// The cases that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)))
    }

    /// How many cases were skipped.
    pub fn skipped(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Skipped(_))).count()
    }

    /// How many cases passed.
    pub fn passed(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == Outcome::Passed).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed(), self.failures().count(), self.skipped())
    }
}
