//! Whether a description is the same at each of its steps.

use registry_client::event::DescriptionStep;
use registry_client::types::sdp::Sdp;

use super::difference::{Difference, differences};
use super::steps::{Kind, Life, Passed, Side, lives};
use crate::Track;

/// A check that a description stayed the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Offer or answer.
    pub kind: Kind,
    /// What should be the same: `created = set = posted`.
    pub words: String,
    /// Whether it is.
    pub ok: bool,
    /// How it differs, if it does.
    pub differences: Vec<Difference>,
}

/// All checks of the tracks' latest sessions: each description at all of its steps and, of two tracks, what one of them has
/// posted and the other received.
pub fn checks(tracks: &[Track]) -> Vec<Check> {
    let all: Vec<Vec<Life>> = tracks.iter().map(lives).collect();
    let mut checks: Vec<Check> = all.iter().flatten().filter_map(of_life).collect();
    if let [one, other] = all.as_slice() {
        checks.extend(one.iter().filter_map(|life| on_the_way(life, other)));
        checks.extend(other.iter().filter_map(|life| on_the_way(life, one)));
    }
    checks
}

/// Compares the steps of one description; `None` if there is only one.
fn of_life(life: &Life) -> Option<Check> {
    let [first, rest @ ..] = life.steps.as_slice() else { return None };
    let (other, words) =
        (rest.iter().find(|passed| !same(first, passed)), rest.iter().map(|passed| passed.step.as_str()));
    if rest.is_empty() {
        return None;
    }
    let words = [first.step.as_str()].into_iter().chain(words).collect::<Vec<_>>().join(" = ");
    let differences = other.map(|other| between(life.kind, first, other)).unwrap_or_default();
    let name = life.name();
    Some(Check { kind: life.kind, words: format!("{name}: {words}"), ok: other.is_none(), differences })
}

/// Compares what one side has posted with what the other has received; `None` where nothing was received.
fn on_the_way(life: &Life, of_other: &[Life]) -> Option<Check> {
    let posted = life.at(DescriptionStep::Posted).filter(|_| life.side == Side::Local)?;
    let of_kind = || of_other.iter().filter(|other| other.kind == life.kind && other.side == Side::Remote);
    let received = || of_kind().filter_map(|other| other.at(DescriptionStep::Received));
    // The same one, or else the one in its place.
    let other = received().find(|received| same(posted, received)).or_else(|| received().nth(life.number - 1))?;
    let (from, to) = match life.kind {
        Kind::Offer => ("host’s", "guest’s"),
        Kind::Answer => ("guest’s", "host’s"),
    };
    let number = if life.number > 1 { format!(" {}", life.number) } else { String::new() };
    Some(Check {
        kind: life.kind,
        words: format!("{}{number}: {from} posted = {to} received", life.kind.word()),
        ok: same(posted, other),
        differences: between(life.kind, posted, other),
    })
}

/// Whether two texts are the same. Passwords that one of them hides are not compared.
fn same(one: &Passed, other: &Passed) -> bool {
    let hidden = |sdp: &Sdp| sdp.masked() == sdp.expose();
    if hidden(&one.sdp) || hidden(&other.sdp) { one.sdp.masked() == other.sdp.masked() } else { one.sdp == other.sdp }
}

fn between(kind: Kind, one: &Passed, other: &Passed) -> Vec<Difference> {
    differences((kind, one.sdp.expose()), (kind, other.sdp.expose()))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use registry_client::testing::Pair;
    use registry_client::{Event, TraceEvent};

    use super::*;

    fn tracks(pair: &Pair) -> [Track; 2] {
        [Track::new(pair.host.trace().events()), Track::new(pair.guest.trace().events())]
    }

    /// The track with another SDP at this step of the offer.
    fn changed(track: &Track, at: DescriptionStep, change: impl Fn(&str) -> String) -> Track {
        let change = |entry: &Rc<TraceEvent>| {
            let mut entry = TraceEvent::clone(entry);
            if let Event::Offer { step, sdp, .. } = &mut entry.event
                && *step == at
            {
                *sdp = Sdp::new(change(sdp.expose()));
            }
            Rc::new(entry)
        };
        Track::new(track.events.iter().map(change).collect())
    }

    #[test]
    fn in_a_whole_handshake_everything_stays_the_same() {
        let pair = Pair::connected();
        let tracks = tracks(&pair);
        let lives = lives(&tracks[0]);
        assert_eq!(lives.iter().map(Life::name).collect::<Vec<_>>(), ["local offer", "remote answer"]);
        let checks = checks(&tracks);
        let words: Vec<&str> = checks.iter().map(|check| check.words.as_str()).collect();
        let expected = [
            "local offer: created = set = posted",
            "remote answer: received = applied",
            "remote offer: received = applied",
            "local answer: created = set = posted",
            "offer: host’s posted = guest’s received",
            "answer: guest’s posted = host’s received",
        ];
        assert_eq!(words, expected);
        assert!(checks.iter().all(|check| check.ok && check.differences.is_empty()), "{checks:#?}");
    }

    #[test]
    fn each_attempt_has_lives_of_its_own() {
        let mut pair = Pair::connected();
        pair.host.cut();
        let again = |client: &registry_client::WebRtcRegistryClient| client.count("reconnect:success") > 0;
        assert!(pair.world.run_until(std::time::Duration::from_secs(120), || again(&pair.host) && again(&pair.guest)));
        let tracks = tracks(&pair);
        let last = lives(&tracks[0]).into_iter().rfind(|life| life.kind == Kind::Offer).unwrap();
        assert!(last.number > 1, "{last:?}");
        assert!(checks(&tracks).iter().all(|check| check.ok));
    }

    #[test]
    fn what_was_changed_on_the_way_is_found() {
        let pair = Pair::connected();
        let [host, guest] = tracks(&pair);
        let munged = |sdp: &str| sdp.replace("s=-", "s=other");
        let failed = |tracks: &[Track]| {
            let failed = checks(tracks).into_iter().filter(|check| !check.ok).collect::<Vec<_>>();
            failed.iter().map(|check| (check.words.clone(), check.differences.len())).collect::<Vec<_>>()
        };
        let set = changed(&host, DescriptionStep::Set, munged);
        assert_eq!(failed(&[set]), [("local offer: created = set = posted".to_owned(), 1)]);
        let received = changed(&changed(&guest, DescriptionStep::Received, munged), DescriptionStep::Applied, munged);
        assert_eq!(failed(&[host, received]), [("offer: host’s posted = guest’s received".to_owned(), 1)]);
    }

    #[test]
    fn hidden_passwords_are_not_compared() {
        let pair = Pair::connected();
        let [host, guest] = tracks(&pair);
        let masked = |sdp: &str| Sdp::new(sdp).masked();
        let host = changed(&host, DescriptionStep::Posted, masked);
        assert!(checks(&[host, guest]).iter().all(|check| check.ok));
    }
}
