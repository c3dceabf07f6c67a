//! The longest phase, in words.

use registry_client::Role;
use registry_client::text::duration;

use super::path::{Path, Phase, Segment};

/// Time that people take is mentioned from this part of the whole on.
const WORTH_MENTIONING: f64 = 0.05;

/// A sentence, with at most one name from elsewhere in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Our own words, up to the name.
    pub before: String,
    /// The name, of a server.
    pub quote: Option<String>,
    /// Our own words after it.
    pub after: String,
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}{}", self.before, self.quote.as_deref().unwrap_or_default(), self.after)
    }
}

impl Path {
    /// What has taken longest by `now_ms`.
    pub(super) fn sentence(&self, now_ms: f64) -> Option<Sentence> {
        let (first, last) = (self.segments.first()?, self.segments.last()?);
        let took = |segment: &Segment| (segment.to_ms.unwrap_or(now_ms) - segment.from_ms).max(0.0);
        let total = last.to_ms.unwrap_or(now_ms) - first.from_ms;
        let longest = |human: bool| {
            let mut sums: Vec<(&Phase, f64)> = Vec::new();
            for segment in self.segments.iter().filter(|segment| segment.phase.is_human() == human) {
                match sums.iter_mut().find(|(phase, _)| *phase == &segment.phase) {
                    Some((_, sum)) => *sum += took(segment),
                    None => sums.push((&segment.phase, took(segment))),
                }
            }
            sums.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other)).filter(|(_, sum)| *sum > 0.0)
        };
        let people: f64 = self.segments.iter().filter(|segment| segment.phase.is_human()).map(took).sum();
        let beginning = match (self.goes_on(), self.failed) {
            (true, _) => format!("So far {}: of that, ", duration(total)),
            (false, true) => format!("Ended after {}: of that, ", duration(total)),
            (false, false) => format!("Of {}, ", duration(total)),
        };
        let people =
            longest(true).filter(|_| people > total * WORTH_MENTIONING).map(|(phase, sum)| (phase, sum, people));
        let mut sentence = Sentence { before: beginning, ..Sentence::default() };
        match (people, longest(false)) {
            (None, None) => return None,
            (None, Some((phase, sum))) => sentence.say(&format!("{} were ", duration(sum)), phase, "."),
            (Some((human, sum, _)), None) => sentence.say(&format!("{} were ", duration(sum)), human, "."),
            (Some((human, sum, people)), Some((phase, machine))) => {
                sentence.say(&format!("{} were ", duration(sum)), human, "");
                let (rest, machine) = (duration(total - people), duration(machine));
                sentence.say(&format!("; of the {rest} that no person took, {machine} were "), phase, ".");
            }
        }
        Some(sentence)
    }
}

impl Sentence {
    fn say(&mut self, before: &str, phase: &Phase, after: &str) {
        let (words, quote, more) = words_of(phase);
        let place = if self.quote.is_some() { &mut self.after } else { &mut self.before };
        place.push_str(before);
        place.push_str(words);
        if let Some(quote) = quote {
            self.quote = Some(quote.to_owned());
        }
        let place = if self.quote.is_some() { &mut self.after } else { &mut self.before };
        place.push_str(more);
        place.push_str(after);
    }
}

/// How long a lost connection was away, and what took longest of that.
pub(super) fn of_reconnect(took_ms: f64, goes_on: bool, longest: Option<(&str, f64)>) -> Sentence {
    let beginning = if goes_on { "The connection has been lost for" } else { "The connection was lost for" };
    let rest = longest.map(|(words, ms)| format!("; the longest part was “{words}”, {}", duration(ms)));
    Sentence {
        before: format!("{beginning} {}{}.", duration(took_ms), rest.unwrap_or_default()),
        ..Sentence::default()
    }
}

/// The phase as a part of a sentence: words, a name, and words after it.
fn words_of(phase: &Phase) -> (&'static str, Option<&str>, &'static str) {
    use Role::{Guest, Host};
    let words = match phase {
        Phase::Server(url) if url.starts_with("turn") => return ("the TURN server ", Some(url), " answering"),
        Phase::Server(url) => return ("the STUN server ", Some(url), " answering"),
        Phase::Room(Host) => "creating the room",
        Phase::Room(Guest) => "joining the room",
        Phase::Start(Host) => "the wait for somebody to press start at the host",
        Phase::Start(Guest) => "the wait for somebody to press start at the guest",
        Phase::GuestJoins => "the wait for somebody to join as the guest",
        Phase::Describe(Host) => "creating the offer",
        Phase::Describe(Guest) => "creating the answer",
        Phase::Post(Host) => "posting the offer",
        Phase::Post(Guest) => "posting the answer",
        Phase::Await(Host) => "the wait for the host’s offer",
        Phase::Await(Guest) => "the wait for the guest’s answer",
        Phase::PassOn(Host) => "the Registry passing on the offer",
        Phase::PassOn(Guest) => "the Registry passing on the answer",
        Phase::Apply(Host) => "applying the offer",
        Phase::Apply(Guest) => "applying the answer",
        Phase::Candidates => "the wait for candidates",
        Phase::Checks => "connectivity checks",
        Phase::Dtls => "the DTLS handshake",
        Phase::Channel => "opening the data channel",
    };
    (words, None, "")
}
