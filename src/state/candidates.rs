//! Both sides' candidates and their status.

use registry_analysis::candidate::Candidate;
use registry_client::event::CandidateStep;
use registry_client::protocol::IceCandidate;

/// The rows of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateTable {
    /// In the order of their appearance.
    pub rows: Vec<CandidateRow>,
    /// Whether the end of candidates was reached.
    pub complete: bool,
    /// How many malformed candidates were skipped.
    pub malformed: u32,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateRow {
    /// The candidate itself.
    pub candidate: IceCandidate,
    /// Its line, taken apart.
    pub parts: Candidate,
    /// Its status.
    pub step: CandidateStep,
    /// Why it failed, if it did.
    pub reason: Option<String>,
}

impl CandidateRow {
    fn new(candidate: IceCandidate, step: CandidateStep, reason: Option<String>) -> Self {
        let parts = Candidate::parse(&candidate.candidate);
        Self { candidate, parts, step, reason }
    }
}

impl CandidateTable {
    /// Records a step in a candidate's life.
    pub fn record(&mut self, step: CandidateStep, candidate: Option<&IceCandidate>, reason: Option<&String>) {
        let Some(candidate) = candidate else {
            match step {
                CandidateStep::Skipped | CandidateStep::Failed => self.malformed += 1,
                _ => self.complete = true,
            }
            return;
        };
        match self.rows.iter_mut().find(|row| row.candidate == *candidate) {
            Some(row) => {
                row.step = step;
                row.reason = reason.cloned();
            }
            None => self.rows.push(CandidateRow::new(candidate.clone(), step, reason.cloned())),
        }
    }
}

/// The step as the table shows it.
pub fn step_word(step: CandidateStep) -> &'static str {
    match step {
        CandidateStep::Gathered => "gathered",
        CandidateStep::Posted => "posted",
        CandidateStep::Refused => "refused",
        CandidateStep::Received => "received",
        CandidateStep::Applied => "applied",
        CandidateStep::Failed => "failed",
        CandidateStep::Skipped => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(line: &str) -> IceCandidate {
        IceCandidate { candidate: line.into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) }
    }

    const LINE: &str = "candidate:1 1 UDP 2122260223 192.0.2.1 54321 typ host generation 0";

    #[test]
    fn a_candidate_line_is_taken_apart() {
        let mut table = CandidateTable::default();
        table.record(CandidateStep::Gathered, Some(&candidate(LINE)), None);
        let parts = &table.rows[0].parts;
        assert_eq!(
            [&parts.kind, &parts.protocol, &parts.address, &parts.port].map(String::as_str),
            ["host", "udp", "192.0.2.1", "54321"]
        );
    }

    #[test]
    fn malformed_candidates_are_tolerated() {
        let mut table = CandidateTable::default();
        table.record(CandidateStep::Received, Some(&candidate("typ")), None);
        table.record(CandidateStep::Skipped, None, Some(&"no candidate".into()));
        assert_eq!(
            (table.rows[0].parts.kind.as_str(), table.rows[0].parts.port.as_str(), table.malformed),
            ("?", "?", 1)
        );
        assert!(!table.complete);
    }

    #[test]
    fn steps_follow_one_another_in_one_row() {
        let mut table = CandidateTable::default();
        table.record(CandidateStep::Gathered, Some(&candidate(LINE)), None);
        table.record(CandidateStep::Refused, Some(&candidate(LINE)), Some(&"too many".into()));
        table.record(CandidateStep::Gathered, None, None);
        assert_eq!((table.rows.len(), table.rows[0].step, table.complete), (1, CandidateStep::Refused, true));
        assert_eq!(table.rows[0].reason.as_deref(), Some("too many"));
    }
}
