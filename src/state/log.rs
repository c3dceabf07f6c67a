//! The timeline: every event on a line, and the filter.

mod line;

use std::rc::Rc;

use registry_client::{Role, TraceEvent};

use super::{History, LOG_CAPACITY};
use crate::format;
use line::Line;

/// The kind of a timeline entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The state machine.
    State,
    /// Requests to the Registry and their retries.
    Http,
    /// The room and the two descriptions.
    Signal,
    /// Candidates and paths.
    Ice,
    /// The data channel and its messages.
    Channel,
    /// Polls, deadlines and cleanup.
    Timing,
    /// Failures.
    Error,
}

impl Kind {
    /// All of them, in the order of the filter.
    pub const ALL: [Self; 7] =
        [Self::State, Self::Http, Self::Signal, Self::Ice, Self::Channel, Self::Timing, Self::Error];

    /// Its name in the filter.
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Http => "http",
            Self::Signal => "signal",
            Self::Ice => "ice",
            Self::Channel => "channel",
            Self::Timing => "timing",
            Self::Error => "error",
        }
    }
}

/// A line of the timeline.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// The event itself.
    pub event: Rc<TraceEvent>,
    /// Its kind.
    pub kind: Kind,
    /// Whether it reports a failure.
    pub bad: bool,
    /// Its details in brief.
    pub summary: Rc<str>,
    /// Whose it is, where a timeline has the events of both peers.
    pub peer: Option<Role>,
}

impl LogEntry {
    /// The line for an event.
    pub fn new(event: &Rc<TraceEvent>, peer: Option<Role>) -> Self {
        let Line { kind, bad, summary } = Line::of(&event.event);
        Self { event: Rc::clone(event), kind, bad, summary: summary.into(), peer }
    }
}

/// The events of two peers on one clock, oldest first.
pub fn merged(one: &History<Rc<LogEntry>>, other: &History<Rc<LogEntry>>) -> History<Rc<LogEntry>> {
    let mut merged = History::new(LOG_CAPACITY * 2);
    let (mut ones, mut others) = (one.from(0).map(|(_, entry)| entry), other.from(0).map(|(_, entry)| entry));
    let (mut next_one, mut next_other) = (ones.next(), others.next());
    while let Some(entry) = match (next_one, next_other) {
        (Some(one), Some(other)) if other.event.at_ms < one.event.at_ms => {
            std::mem::replace(&mut next_other, others.next())
        }
        (Some(_), _) => std::mem::replace(&mut next_one, ones.next()),
        (None, _) => std::mem::replace(&mut next_other, others.next()),
    } {
        merged.push(Rc::clone(entry));
    }
    merged
}

/// Which entries are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Text to look for in the name and the summary; empty for all entries.
    pub text: String,
    hidden: u8,
}

impl Filter {
    /// Whether everything is shown.
    pub fn is_open(&self) -> bool {
        self.text.is_empty() && self.hidden == 0
    }

    /// Whether entries of this kind are shown.
    pub fn shows(&self, kind: Kind) -> bool {
        self.hidden & (1 << kind as u8) == 0
    }

    /// The filter with a different text.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        Self { text, ..self.clone() }
    }

    /// The filter with this kind toggled.
    #[must_use]
    pub fn toggled(&self, kind: Kind) -> Self {
        Self { hidden: self.hidden ^ (1 << kind as u8), ..self.clone() }
    }

    /// Whether an entry is shown.
    pub fn matches(&self, entry: &LogEntry) -> bool {
        self.shows(entry.kind)
            && (format::contains_ignoring_case(entry.event.event.name(), &self.text)
                || format::contains_ignoring_case(&entry.summary, &self.text))
    }
}

#[cfg(test)]
mod tests {
    use registry_client::event::{CandidateStep, DropReason};
    use registry_client::interfaces::registry::Operation;
    use registry_client::json::Json;
    use registry_client::protocol::{EpochMs, IceCandidate};
    use registry_client::{ConnectionState, Event};

    use super::*;
    use crate::foreign;

    fn entry(event: Event) -> LogEntry {
        LogEntry::new(&Rc::new(TraceEvent { seq: 1, at_ms: 0.0, epoch_ms: 0.0, event }), None)
    }

    fn response(status: u16) -> LogEntry {
        let code = (status >= 400).then(|| "rate_limited".to_owned());
        entry(Event::Response { id: 3, operation: Operation::GetRoom, status, duration_ms: 12.0, bytes: 80, code })
    }

    #[test]
    fn a_line_describes_the_event() {
        assert_eq!(&*response(200).summary, "#3 200 GET /rooms/:code in 12 ms, 80 B");
        assert_eq!(&*response(429).summary, "#3 429 rate_limited GET /rooms/:code in 12 ms, 80 B");
        let (from, to) = (ConnectionState::Idle, ConnectionState::Creating);
        let state = entry(Event::State { from, to, reason: Some("why".into()) });
        assert_eq!((&*state.summary, state.kind), ("idle → creating: why", Kind::State));
        assert!(response(429).bad && !response(200).bad);
    }

    #[test]
    fn a_malformed_response_is_marked_whatever_its_status() {
        let code = Some("malformed_answer".to_owned());
        let operation = Operation::GetRoom;
        let line = entry(Event::Response { id: 3, operation, status: 204, duration_ms: 12.0, bytes: 0, code });
        assert!(line.bad);
        assert_eq!(&*line.summary, "#3 204 malformed_answer GET /rooms/:code in 12 ms, 0 B");
    }

    #[test]
    fn one_attempt_is_singular() {
        let exhausted = |attempts| entry(Event::ReconnectExhausted { attempts }).summary.to_string();
        assert_eq!([exhausted(1), exhausted(5)], ["1 attempt", "5 attempts"]);
        let success = |attempts| entry(Event::ReconnectSuccess { attempts, lost_ms: 5.0 }).summary.to_string();
        assert_eq!(success(1), "after 1 attempt, lost for 5 ms");
    }

    #[test]
    fn a_long_message_is_cut_between_characters_and_says_how_much_is_left_out() {
        let data = Json::of(&"é".repeat(500));
        let line = entry(Event::Message { data, bytes: 1002 });
        assert!(line.summary.contains("é… (302 more characters)"), "{}", line.summary);
    }

    #[test]
    fn foreign_text_neither_hides_nor_turns_the_rest_of_a_line() {
        let hostile = "שלום\u{202e}\u{2069}\u{200b}";
        let (step, reason) = (CandidateStep::Failed, Some(hostile.to_owned()));
        let candidate = IceCandidate { candidate: hostile.into(), sdp_mid: None, sdp_m_line_index: None };
        let failed =
            Event::Retry { operation: Operation::GetRoom, failures: 1, delay_ms: 1.0, reason: hostile.to_owned() };
        let snapshot =
            Event::Snapshot { status: hostile.to_owned(), offer: true, answer: true, expires_at: EpochMs(0) };
        for event in [
            Event::Message { data: Json::of(hostile), bytes: 1 },
            Event::MessageDropped { id: 1, data: Json::from_text(hostile), reason: DropReason::Closed },
            Event::RemoteCandidate { step, candidate: Some(candidate), reason },
            Event::IceCandidateError { url: hostile.into(), code: 701, text: hostile.into() },
            Event::DataChannelError { reason: hostile.into() },
            failed,
            snapshot,
        ] {
            let line = entry(event);
            let parts: Vec<_> = foreign::parts(&line.summary).collect();
            let own = parts.iter().filter(|(_, foreign)| !foreign).all(|(part, _)| !part.contains('ש'));
            assert!(own && parts.iter().any(|(_, foreign)| *foreign), "{parts:?}");
            assert!(parts.iter().all(|(part, _)| !part.contains(['\u{202e}', '\u{200b}', '\u{2069}'])), "{parts:?}");
        }
    }

    #[test]
    fn the_events_of_two_peers_are_merged_by_time() {
        let log = |times: &[f64], peer| {
            let mut log = History::new(LOG_CAPACITY);
            for at_ms in times {
                let event = TraceEvent { seq: 1, at_ms: *at_ms, epoch_ms: 0.0, event: Event::CleanupStarted };
                log.push(Rc::new(LogEntry::new(&Rc::new(event), Some(peer))));
            }
            log
        };
        let (host, guest) = (log(&[1.0, 2.0, 5.0], Role::Host), log(&[0.5, 2.0, 3.0, 9.0], Role::Guest));
        let merged = merged(&host, &guest);
        let times: Vec<_> = merged.all().iter().map(|entry| (entry.event.at_ms, entry.peer)).collect();
        let (h, g) = (Some(Role::Host), Some(Role::Guest));
        assert_eq!(times, [(0.5, g), (1.0, h), (2.0, h), (2.0, g), (3.0, g), (5.0, h), (9.0, g)]);
    }

    #[test]
    fn the_filter_takes_text_and_kinds_together() {
        let mut filter = Filter::default();
        assert!(filter.is_open() && filter.matches(&response(200)));
        filter.text = "RATE_".into();
        assert!(filter.matches(&response(429)) && !filter.matches(&response(200)));
        filter.text = "response".into();
        assert!(filter.matches(&response(200)));
        let hidden = filter.toggled(Kind::Http);
        assert!(!hidden.matches(&response(200)) && hidden.shows(Kind::Ice) && !hidden.is_open());
        assert_eq!(hidden.toggled(Kind::Http), filter);
    }

    #[test]
    fn every_kind_has_a_bit_and_a_word_of_its_own() {
        let all_hidden = Kind::ALL.iter().fold(Filter::default(), |filter, kind| filter.toggled(*kind));
        assert!(Kind::ALL.iter().all(|kind| !all_hidden.shows(*kind)));
    }
}
