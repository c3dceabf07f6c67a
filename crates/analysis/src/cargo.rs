//! What a call or a message carries from one side to the other.

use registry_client::event::CandidateStep;
use registry_client::protocol::IceCandidate;
use registry_client::text::counted;
use registry_client::{Event, Role};

/// The kinds of candidates (RFC 8839, section 5.1), and all others.
const KINDS: [&str; 5] = ["host", "srflx", "prflx", "relay", "other"];

/// Offer or answer, and candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cargo {
    /// Whose description it is, if there is one.
    pub(crate) description: Option<Role>,
    kinds: [usize; KINDS.len()],
    /// Candidates of which nothing is known but that they are there.
    unknown: usize,
}

impl Cargo {
    /// A description alone.
    pub(crate) fn description(of: Role) -> Self {
        Self { description: Some(of), ..Self::default() }
    }

    /// A candidate that is not known yet.
    pub(crate) fn unknown_candidate() -> Self {
        Self { unknown: 1, ..Self::default() }
    }

    /// Adds what an event has brought to light.
    pub(crate) fn add(&mut self, event: &Event) {
        match event {
            Event::Offer { .. } => self.description = Some(Role::Host),
            Event::Answer { .. } => self.description = Some(Role::Guest),
            Event::LocalCandidate { candidate, .. } | Event::RemoteCandidate { candidate, .. } => {
                self.unknown = 0;
                self.kinds[kind(candidate.as_ref())] += 1;
            }
            _ => {}
        }
    }

    /// Adds all of another.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.description = self.description.or(other.description);
        self.unknown += other.unknown;
        for (sum, count) in self.kinds.iter_mut().zip(other.kinds) {
            *sum += count;
        }
    }

    /// How many candidates there are.
    pub(crate) fn candidates(&self) -> usize {
        self.unknown + self.kinds.iter().sum::<usize>()
    }

    /// Whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What it is in words: `offer and 2 candidates (1 host, 1 relay)`.
    pub(crate) fn words(&self) -> String {
        let description = match self.description {
            Some(Role::Host) => "offer",
            Some(Role::Guest) => "answer",
            None => "",
        };
        match (description, self.candidates()) {
            (alone, 0) => alone.to_owned(),
            ("", count) => self.candidates_in_words(count),
            (description, count) => format!("{description} and {}", self.candidates_in_words(count)),
        }
    }

    fn candidates_in_words(&self, count: usize) -> String {
        let known: Vec<_> = KINDS.iter().zip(self.kinds).filter(|(_, count)| *count > 0).collect();
        match known.as_slice() {
            [] => counted(count, "candidate"),
            [(kind, _)] => counted(count, &format!("{kind} candidate")),
            kinds => {
                let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
                format!("{} ({})", counted(count, "candidate"), kinds.join(", "))
            }
        }
    }
}

fn kind(candidate: Option<&IceCandidate>) -> usize {
    let words = || candidate.map(|candidate| candidate.candidate.split_ascii_whitespace());
    let kind = words().and_then(|mut words| words.find(|word| *word == "typ").and_then(|_| words.next()));
    KINDS.iter().position(|known| kind == Some(known)).unwrap_or(KINDS.len() - 1)
}

/// Which way an event says that something went, if it is about what goes to the other side and comes from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From this side.
    Out,
    /// To this side.
    In,
}

impl Way {
    /// The way that an event tells of.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        use registry_client::event::DescriptionStep::{Posted, Received};
        match event {
            Event::Offer { step: Posted, .. } | Event::Answer { step: Posted, .. } => Some(Self::Out),
            Event::Offer { step: Received, .. } | Event::Answer { step: Received, .. } => Some(Self::In),
            Event::LocalCandidate { step: CandidateStep::Posted | CandidateStep::Refused, .. } => Some(Self::Out),
            Event::RemoteCandidate { step: CandidateStep::Received | CandidateStep::Skipped, .. } => Some(Self::In),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(line: &str) -> Event {
        let candidate = IceCandidate { candidate: line.into(), sdp_mid: None, sdp_m_line_index: None };
        Event::RemoteCandidate { step: CandidateStep::Received, candidate: Some(candidate), reason: None }
    }

    #[test]
    fn what_is_carried_is_told_in_words() {
        let mut cargo = Cargo::description(Role::Host);
        assert_eq!(cargo.words(), "offer");
        cargo.add(&received("candidate:1 1 udp 1 192.0.2.1 1 typ host"));
        assert_eq!(cargo.words(), "offer and 1 host candidate");
        cargo.add(&received("candidate:1 1 udp 1 192.0.2.1 1 typ relay raddr x"));
        cargo.add(&received("typ"));
        assert_eq!(cargo.words(), "offer and 3 candidates (1 host, 1 relay, 1 other)");
        let mut two = Cargo::unknown_candidate();
        two.extend(&Cargo::unknown_candidate());
        assert_eq!((two.words().as_str(), Cargo::default().words().as_str()), ("2 candidates", ""));
        assert!(Cargo::default().is_empty() && !two.is_empty());
    }
}
