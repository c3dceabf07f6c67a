//! Both sides' candidates and their status.

use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::CandidateEnd;
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
    /// `host`, `srflx`, `prflx` or `relay`; `?` if missing (RFC 8839, section 5.1).
    pub kind: String,
    /// `udp` or `tcp`.
    pub protocol: String,
    /// IP address or mDNS name.
    pub address: String,
    /// Port, in digits.
    pub port: String,
    /// Its status.
    pub step: CandidateStep,
    /// Why it failed, if it did.
    pub reason: Option<String>,
}

impl CandidateRow {
    fn new(candidate: IceCandidate, step: CandidateStep, reason: Option<String>) -> Self {
        // foundation component protocol priority address port "typ" type …
        let words: Vec<&str> = candidate.candidate.split_ascii_whitespace().collect();
        let word = |index: usize| words.get(index).copied().unwrap_or("?").to_owned();
        let kind = words.iter().position(|w| *w == "typ").map_or_else(|| "?".into(), |typ| word(typ + 1));
        let (protocol, address, port) = (word(2).to_ascii_lowercase(), word(4), word(5));
        Self { kind, protocol, address, port, step, reason, candidate }
    }

    /// Whether this is one end of the selected pair; a browser that hides addresses gives type and port only.
    pub fn is_end(&self, end: &CandidateEnd) -> bool {
        let same_address = end.address.is_empty() || self.address == end.address || self.address.ends_with(".local");
        self.protocol == end.protocol
            && self.port.parse() == Ok(end.port)
            && (self.kind == end.candidate_type || end.candidate_type == "prflx")
            && same_address
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
        let row = &table.rows[0];
        assert_eq!(
            [&row.kind, &row.protocol, &row.address, &row.port].map(String::as_str),
            ["host", "udp", "192.0.2.1", "54321"]
        );
    }

    #[test]
    fn malformed_candidates_are_tolerated() {
        let mut table = CandidateTable::default();
        table.record(CandidateStep::Received, Some(&candidate("typ")), None);
        table.record(CandidateStep::Skipped, None, Some(&"no candidate".into()));
        assert_eq!((table.rows[0].kind.as_str(), table.rows[0].port.as_str(), table.malformed), ("?", "?", 1));
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

    #[test]
    fn the_selected_one_is_recognised_even_behind_a_hidden_address() {
        let mut table = CandidateTable::default();
        table.record(CandidateStep::Applied, Some(&candidate(LINE)), None);
        let end = |address: &str, port| CandidateEnd {
            candidate_type: "host".into(),
            protocol: "udp".into(),
            address: address.into(),
            port,
        };
        assert!(table.rows[0].is_end(&end("192.0.2.1", 54321)) && table.rows[0].is_end(&end("", 54321)));
        assert!(!table.rows[0].is_end(&end("192.0.2.2", 54321)) && !table.rows[0].is_end(&end("192.0.2.1", 1)));
    }
}
