//! How two descriptions differ, in what they mean.

use std::collections::BTreeSet;

use super::lines::{Line, Section, sections};
use super::steps::Kind;

/// What differs between two descriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The section, as its heading says it.
    pub section: String,
    /// The line's name, or what it is about.
    pub name: String,
    /// What the first one says; `None` if nothing. Passwords are `***`.
    pub first: Option<String>,
    /// What the second one says.
    pub second: Option<String>,
    /// Whether it changes how the peers connect; otherwise it always differs, or makes no difference.
    pub matters: bool,
    /// What it means.
    pub words: &'static str,
}

/// What the two descriptions are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// Two of the same session of the same side.
    SameSession,
    /// Two of different sessions, of one side or of both.
    OtherSession,
    /// An offer and its answer.
    OfferAnswer,
}

/// All differences between two descriptions of these kinds, in the order of the sections.
pub fn differences((kind, first): (Kind, &str), (other_kind, second): (Kind, &str)) -> Vec<Difference> {
    // An offer comes before its answer.
    if (kind, other_kind) == (Kind::Answer, Kind::Offer) {
        let swapped = differences((other_kind, second), (kind, first));
        return swapped.into_iter().map(|of| Difference { first: of.second, second: of.first, ..of }).collect();
    }
    let (first, second) = (effective(first), effective(second));
    let relation = match (kind == other_kind, session_id(&first) == session_id(&second)) {
        (false, _) => Relation::OfferAnswer,
        (true, true) => Relation::SameSession,
        (true, false) => Relation::OtherSession,
    };
    let mut found = Vec::new();
    for index in 0..first.len().max(second.len()) {
        match (first.get(index), second.get(index)) {
            (Some(first), Some(second)) => compare(relation, first, second, &mut found),
            (Some(only), None) => found.push(missing(only, true)),
            (None, Some(only)) => found.push(missing(only, false)),
            (None, None) => {}
        }
    }
    found
}

fn session_id<'a>(sections: &[Section<'a>]) -> Option<&'a str> {
    sections.first()?.line("o")?.split(' ').nth(1)
}

fn missing(section: &Section<'_>, is_first: bool) -> Difference {
    let line = section.line("m").map(str::to_owned);
    let (first, second) = if is_first { (line, None) } else { (None, line) };
    let words = "One of them has a medium that the other has not. An answer has the media of its offer, in their order (RFC \
                 3264, section 6).";
    Difference { section: section.title(), name: "m".into(), first, second, matters: true, words }
}

/// What the session says for all media that do not say it themselves. Browsers differ in where they say it.
const INHERITED: [&str; 11] = [
    "fingerprint",
    "setup",
    "ice-ufrag",
    "ice-pwd",
    "ice-options",
    "extmap-allow-mixed",
    "tls-id",
    "sendrecv",
    "sendonly",
    "recvonly",
    "inactive",
];

/// The sections, with what the session says for all media in each of these.
fn effective(sdp: &str) -> Vec<Section<'_>> {
    let mut sections = sections(sdp);
    let Some((session, media)) = sections.split_first_mut() else { return sections };
    if media.is_empty() {
        return sections;
    }
    let is_inherited = |line: &Line<'_>| line.is_attribute && INHERITED.contains(&line.name);
    let (inherited, own): (Vec<_>, Vec<_>) = std::mem::take(&mut session.lines).into_iter().partition(is_inherited);
    session.lines = own;
    for section in media {
        let missing = |line: &&Line<'_>| section.attribute(line.name).is_none();
        let more: Vec<_> = inherited.iter().filter(missing).copied().collect();
        section.lines.extend(more);
    }
    sections
}

/// The names of a section's lines, each once, in their order, and whether they are attributes.
fn names<'a>(section: &Section<'a>) -> Vec<(bool, &'a str)> {
    let mut seen = BTreeSet::new();
    let names = section.lines.iter().filter(|line| !line.text.is_empty()).map(|line| match line.name {
        // A broken line is compared as a whole.
        "" => (false, line.text),
        name => (line.is_attribute, name),
    });
    names.filter(|name| seen.insert(*name)).collect()
}

/// All that a section says under a name.
fn said(section: &Section<'_>, (is_attribute, name): (bool, &str)) -> Option<Vec<String>> {
    let of_name = section.lines.iter().filter(|line| {
        (line.is_attribute == is_attribute && line.name == name) || (line.name.is_empty() && line.text == name)
    });
    let mut values: Vec<String> = of_name.map(|line| line.value.to_owned()).collect();
    values.sort();
    (!values.is_empty()).then_some(values)
}

fn compare(relation: Relation, first: &Section<'_>, second: &Section<'_>, found: &mut Vec<Difference>) {
    let mut all = names(first);
    all.extend(names(second).into_iter().filter(|name| !names(first).contains(name)).collect::<Vec<_>>());
    for (is_attribute, name) in all {
        let [one, other] = [first, second].map(|section| said(section, (is_attribute, name)));
        if let Some((matters, words)) = judge(relation, is_attribute, name, one.as_deref(), other.as_deref()) {
            let shown = |values: Option<Vec<String>>| match name {
                "ice-pwd" if is_attribute => values.map(|_| "***".to_owned()),
                "candidate" if is_attribute => values.map(|values| candidates(values.len())),
                _ => values.map(|values| values.join("; ")),
            };
            let (section, name) = (first.title(), name.to_owned());
            found.push(Difference { section, name, first: shown(one), second: shown(other), matters, words });
        }
    }
}

fn candidates(count: usize) -> String {
    registry_client::text::counted(count, "candidate")
}

/// Whether what the two say under a name differs, whether that matters, and what it means.
fn judge(
    relation: Relation,
    is_attribute: bool,
    name: &str,
    first: Option<&[String]>,
    second: Option<&[String]>,
) -> Option<(bool, &'static str)> {
    let one_line = |values: Option<&[String]>| values.and_then(<[String]>::first).cloned().unwrap_or_default();
    let (one, other) = (one_line(first), one_line(second));
    // An answer's role is another than its offer's, so that equal ones are what is wrong.
    if is_attribute && name == "setup" && relation == Relation::OfferAnswer {
        return roles(&one, &other);
    }
    if first == second {
        return None;
    }
    let own = relation == Relation::OfferAnswer;
    let same = relation == Relation::SameSession;
    Some(match (is_attribute, name) {
        (false, "o") if same => (false, "A later description of the same session, or its address as ICE has found it."),
        (false, "o") => (false, "Each peer connection has a session id of its own: it always differs."),
        (false, "m") => return medium(&one, &other),
        (false, "c") | (true, "rtcp") => (false, "A placeholder until ICE has candidates; ICE does not use it."),
        (true, "candidate" | "end-of-candidates") => (
            false,
            "Candidates are gathered after a description is created. With trickle ICE they travel by themselves.",
        ),
        (true, "ice-ufrag" | "ice-pwd") if own => (false, "Each side has its own: it always differs."),
        (true, "ice-ufrag" | "ice-pwd") if same => {
            (true, "ICE restarts: new credentials begin a new ICE session (RFC 8839, section 4.4.1.1.1).")
        }
        (true, "ice-ufrag" | "ice-pwd") => (false, "Another peer connection has other credentials: it always differs."),
        (true, "fingerprint") if own => (false, "Each side has a certificate of its own: it always differs."),
        (true, "fingerprint") if same => (
            true,
            "Another certificate within one session: DTLS fails if the other side has checked the old one, or begins anew.",
        ),
        (true, "fingerprint") => (false, "Browsers make a certificate for each peer connection: it always differs."),
        (true, "setup") => {
            (true, "The role in DTLS has changed, which begins a new DTLS association (RFC 8842, section 5.5).")
        }
        (true, "tls-id") => (false, "Each side names its DTLS association: it always differs."),
        (true, "sctp-port") => (false, "Each side names the port of its own SCTP, inside DTLS: they may differ."),
        (true, "max-message-size") => {
            (true, "Each side says what it accepts: messages to it must not be larger. What is larger has to be split.")
        }
        (true, "ice-options") => {
            (true, "Only what both sides say is used: without “trickle”, candidates that follow may be ignored.")
        }
        (true, "ice-lite") => (true, "A side with ICE lite only answers checks, so that the other has to control."),
        (true, "mid") => {
            (true, "The same medium has another name: candidates that name it would miss it (RFC 8829, section 5.3.1).")
        }
        (true, "group") => (
            true,
            "Other media are bundled: an answer may leave some out, but none of the rest shares their transport (RFC 9143, section 7.3).",
        ),
        (true, "sendrecv" | "sendonly" | "recvonly" | "inactive") => {
            (false, "The direction of media, which data channels ignore.")
        }
        (true, "msid-semantic" | "msid" | "extmap-allow-mixed" | "ssrc") | (false, "s" | "t" | "i" | "u") => {
            (false, "It makes no difference to a data channel.")
        }
        (false, name) if name.len() != 1 => (true, "A line that is not SDP."),
        _ => (true, "It is not known here what this changes."),
    })
}

/// The roles in DTLS of an offer and its answer (RFC 8842, section 5.3).
fn roles(offer: &str, answer: &str) -> Option<(bool, &'static str)> {
    Some(match (offer, answer) {
        ("actpass", "active") => (false, "As it should be: the answer has chosen to be the client, and begins DTLS."),
        ("actpass", "passive") => {
            (false, "As it should be: the answer has chosen to be the server, and the offer's side begins DTLS.")
        }
        ("active", "passive") | ("passive", "active") => {
            (false, "One side begins DTLS, and the other waits for it, as it should be.")
        }
        (_, "actpass") => (true, "An answer has to choose: active or passive."),
        ("active", "active") => (true, "Both sides want to begin DTLS."),
        ("passive", "passive") => (true, "Both sides wait for DTLS to begin: it never does."),
        ("", "") => return None,
        _ => (true, "These roles do not fit together."),
    })
}

/// What is said of a medium: its port makes no difference, unless it refuses the medium.
fn medium(first: &str, second: &str) -> Option<(bool, &'static str)> {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (first, second) = (words(first), words(second));
    let refused = |words: &[String]| words.get(1).is_some_and(|port| port == "0");
    let rest = |words: &[String]| {
        let mut rest = words.to_vec();
        if rest.len() > 1 {
            rest.remove(1);
        }
        rest
    };
    Some(if refused(&first) != refused(&second) {
        (true, "One of them refuses the medium: its port is 0 (RFC 3264, section 6).")
    } else if rest(&first) != rest(&second) {
        (true, "Another medium, protocol or format: an answer has those of its offer (RFC 3264, section 6).")
    } else {
        (false, "The port is a placeholder until ICE has candidates; ICE does not use it.")
    })
}

#[cfg(test)]
mod tests;
