//! The peer's candidates, and the checks of pairs (RFC 8445).

use registry_client::Role;
use registry_client::protocol::limits::MAX_CANDIDATES;
use registry_client::text::counted;
use registry_client::types::rtc::IceConnectionState;

use super::facts::{At, Candidate, CandidateType, Facts, Seen, user_fragment};
use super::finding::Source;
use super::{Cause, Finding, Rule};

/// Checks that work do so within a second or two; browsers give up after 15 s.
const CHECKS_MS: f64 = 8000.0;
/// Candidates follow their description within a moment.
const CANDIDATES_COME_MS: f64 = 5000.0;
/// A peer's candidates above the limit are left out with this reason.
const TOO_MANY: &str = "too many candidates";

pub(super) const RULES: &[Rule] = &[
    udp_blocked,
    candidates_of_another_description,
    remote_candidates_failed,
    no_remote_candidates,
    too_many_candidates,
    symmetric_nat,
    no_common_family,
    checks_failed,
];

/// What shows that ICE finds no path for the first handshake: it has failed, or takes unusually long.
pub(super) fn no_path(facts: &Facts<'_>) -> Option<At> {
    if facts.states.connected.is_some() || facts.connection.ice_works() {
        return None;
    }
    let error = facts.error("ice_failed").or_else(|| facts.error("connection_timeout")).map(|error| error.at);
    let failed = facts.connection.ice.filter(|ice| ice.what == IceConnectionState::Failed).map(|ice| ice.at);
    let both = both_described(facts).filter(|_| facts.is_connecting());
    failed.or(error).or_else(|| both.filter(|both| facts.lasts(*both, CHECKS_MS)))
}

/// Since when both descriptions are where they need to be, as far as this side knows.
fn both_described(facts: &Facts<'_>) -> Option<At> {
    let applied = facts.descriptions.applied?;
    match facts.role {
        Some(Role::Guest) => facts.descriptions.posted,
        _ => Some(applied),
    }
}

/// What the pairs show: how many there are, checks sent, answers to them, and checks of the peer.
fn counts(facts: &Facts<'_>) -> Option<(usize, u64, u64, u64)> {
    let pairs = facts.connection.pairs?.what;
    let sum = |of: fn(&registry_client::types::pair::CheckedPair) -> u64| pairs.iter().map(of).sum::<u64>();
    Some((pairs.len(), sum(|p| p.requests_sent), sum(|p| p.responses_received), sum(|p| p.requests_received)))
}

/// Whether any check was heard, in either direction.
fn heard(facts: &Facts<'_>) -> bool {
    counts(facts).is_some_and(|(_, _, answered, received)| answered + received > 0)
}

fn udp_blocked(facts: &Facts<'_>) -> Option<Finding> {
    let gathering = &facts.gathering;
    let silent: Vec<_> = facts
        .failed_servers()
        .into_iter()
        .filter(|error| error.is_udp() && error.is_unreachable() && !error.is_unknown_host())
        .collect();
    let failing = no_path(facts);
    let enough =
        failing.is_some() || silent.len() > 1 || gathering.complete.is_some() && gathering.has(CandidateType::Relay);
    if silent.is_empty() || !enough || gathering.has(CandidateType::Reflexive) || heard(facts) {
        return None;
    }
    // Some network lets UDP out to another server.
    if failing.is_none() && !gathering.has(CandidateType::Relay) && !facts.lasts(silent[0].at, CANDIDATES_COME_MS) {
        return None;
    }
    let title = "UDP does not get out of this network";
    let finding = if failing.is_some() {
        Finding::error(Cause::UdpBlocked, title)
    } else {
        Finding::warning(Cause::UdpBlocked, title)
    };
    let finding = finding
        .because(
            "No STUN or TURN server has answered over UDP, and no check of a pair was answered either. Firewalls of \
             companies, hotels and some VPNs block UDP like that.",
        )
        .advise("Use a TURN server over TCP or, better, TLS on port 443 (turns:host:443?transport=tcp).")
        .advise("Or let the firewall pass UDP to your STUN and TURN servers (port 3478) and back.")
        .advise("If only one server is configured, check that it is running.")
        .seen(silent.iter().map(|error| error.at).chain(failing));
    Some(silent.iter().fold(finding, |finding, error| finding.quote(Source::Server, error.url)))
}

fn no_remote_candidates(facts: &Facts<'_>) -> Option<Finding> {
    let both = both_described(facts).filter(|_| facts.states.connected.is_none() && !facts.connection.ice_works())?;
    let peer = facts.descriptions.peer?;
    let none = facts.gathering.received.is_empty() && !peer.what.expose().contains("a=candidate:");
    if !none || heard(facts) || !(no_path(facts).is_some() || facts.lasts(both, CANDIDATES_COME_MS)) {
        return None;
    }
    Some(
        Finding::warning(Cause::NoRemoteCandidates, "The peer’s candidates have not come")
            .because(
                "The peer’s description is here, without candidates (as it may be, with trickle ICE), and none has \
                 followed through the room. So there is no address to check.",
            )
            .advise("Look at the peer’s page: whether it gathers candidates, and whether the Registry takes them.")
            .advise("If the peer is an application of yours: post each candidate of onicecandidate to the room.")
            .seen([peer.at, both]),
    )
}

fn candidates_of_another_description(facts: &Facts<'_>) -> Option<Finding> {
    no_path(facts)?;
    let peer = facts.descriptions.peer?;
    let expected = user_fragment(peer.what)?;
    let received = &facts.gathering.received;
    let strange = |candidate: &&Seen<Candidate<'_>>| candidate.what.user_fragment.is_some_and(|name| name != expected);
    let strangers: Vec<_> = received.iter().filter(strange).collect();
    (!received.is_empty() && strangers.len() == received.len()).then(|| {
        Finding::error(Cause::CandidatesOfAnotherDescription, "The peer’s candidates belong to another description")
            .because(
                "They carry another ICE user name (ufrag) than the peer’s description, so the browser cannot use \
                 them: description and candidates are of different attempts.",
            )
            .advise("Start again in a new room.")
            .advise(
                "If the peer is an application of yours: after a new description, post only candidates that were \
                 gathered for it.",
            )
            .seen(strangers.iter().map(|candidate| candidate.at).take(3).chain([peer.at]))
    })
}

fn remote_candidates_failed(facts: &Facts<'_>) -> Option<Finding> {
    let failed = &facts.gathering.failed;
    let useless = facts.gathering.applied.is_empty() || no_path(facts).is_some();
    if failed.is_empty() || !useless || facts.states.connected.is_some() {
        return None;
    }
    let all = facts.gathering.applied.is_empty();
    let finding = Finding::error(Cause::RemoteCandidatesFailed, "The browser does not take the peer’s candidates")
        .because(format!(
            "{} of the peer’s candidates {} received, and adding {} to the peer connection failed.",
            if all { "All".to_owned() } else { failed.len().to_string() },
            if failed.len() == 1 && !all { "was" } else { "were" },
            if failed.len() == 1 && !all { "it" } else { "them" },
        ))
        .advise("Look at the candidates in the tab Paths: each shows why it failed.")
        .advise(
            "If the peer is an application of yours: pass on candidate, sdpMid and sdpMLineIndex as its browser gives \
             them.",
        )
        .seen(failed.iter().map(|failed| failed.at));
    Some(failed.iter().take(3).fold(finding, |finding, failed| finding.quote(Source::Browser, failed.what)))
}

fn too_many_candidates(facts: &Facts<'_>) -> Option<Finding> {
    let gathering = &facts.gathering;
    let too_many = |skipped: &&Seen<&str>| skipped.what.contains(TOO_MANY);
    let left_out = gathering.skipped.iter().chain(&gathering.refused).filter(too_many).map(|skipped| skipped.at);
    let never_posted = gathering.own.iter().skip(MAX_CANDIDATES).map(|candidate| candidate.at);
    let left_out: Vec<At> = left_out.chain(never_posted).collect();
    // A connection that stands has not needed them.
    if left_out.is_empty() || facts.states.connected.is_some() || no_path(facts).is_none() {
        return None;
    }
    Some(
        Finding::error(Cause::TooManyCandidates, "There are more candidates than are exchanged")
            .because(format!(
                "{} of them are above the limit of {MAX_CANDIDATES}, which is what a Registry takes from one peer, and were left \
                 out. Those may be the ones that would have worked.",
                left_out.len()
            ))
            .advise(
                "Turn off network interfaces that are not needed: virtual machines, containers and VPNs bring most of them.",
            )
            .advise("Configure fewer STUN and TURN servers: each one multiplies the candidates.")
            .seen(left_out),
    )
}

/// Whether candidates show a NAT that gives each destination another port (RFC 4787, section 4.1: address- and port-dependent
/// mapping): one local socket appears at several ports.
fn is_symmetric(candidates: &[Seen<Candidate<'_>>]) -> bool {
    let udp = |kind| candidates.iter().map(|seen| seen.what).filter(move |one| one.udp && one.kind == kind);
    let sockets = udp(CandidateType::Host).count().max(1);
    udp(CandidateType::Reflexive).any(|one| {
        let same_base: Vec<_> = udp(CandidateType::Reflexive).filter(|other| other.base == one.base).collect();
        let same_address = same_base.iter().filter(|other| other.address == one.address);
        let mut ports: Vec<&str> = same_address.map(|other| other.port).collect();
        ports.sort_unstable();
        ports.dedup();
        // Where the browser hides the base, candidates of several sockets look alike.
        ports.len() > if one.base.is_some() { 1 } else { sockets }
    })
}

fn symmetric_nat(facts: &Facts<'_>) -> Option<Finding> {
    let failing = no_path(facts)?;
    let (own, theirs) = (&facts.gathering.own, &facts.gathering.received);
    let relay = |candidates: &[Seen<Candidate<'_>>]| candidates.iter().any(|one| one.what.kind == CandidateType::Relay);
    if relay(own) || relay(theirs) {
        return None;
    }
    let (whose, sure) = match (is_symmetric(own), is_symmetric(theirs)) {
        (true, true) => ("Both sides are", "Two such NATs never find each other’s port."),
        (true, false) => (
            "This side is",
            "That works only with a peer whose NAT is not of that kind and takes packets from any port.",
        ),
        (false, true) => {
            ("The peer is", "That works only if this side’s NAT is not of that kind and takes packets from any port.")
        }
        (false, false) => return None,
    };
    let reflexive = |one: &&Seen<Candidate<'_>>| one.what.kind == CandidateType::Reflexive;
    let shown = own.iter().filter(reflexive).chain(theirs.iter().filter(reflexive)).map(|one| one.at);
    Some(
        Finding::error(Cause::SymmetricNat, "A symmetric NAT is in the way, and there is no relay")
            .because(format!(
                "{whose} behind a NAT that gives each destination another port: several STUN servers have seen one \
                 socket at different ports. {sure} No candidate of a relay is there either, and the checks do not \
                 succeed.",
            ))
            .advise("Configure a TURN server on at least one side: nothing else helps with two such NATs.")
            .advise("Mobile networks and company firewalls often are such NATs; try another network to confirm it.")
            .seen(shown.take(4).chain([failing])),
    )
}

fn no_common_family(facts: &Facts<'_>) -> Option<Finding> {
    let failing = no_path(facts)?;
    let family = |candidates: &[Seen<Candidate<'_>>]| {
        let mut families = candidates.iter().map(|one| one.what.is_ipv6());
        let first = families.next()??;
        families.all(|family| family == Some(first)).then_some(first)
    };
    let (own, theirs) = (family(&facts.gathering.own)?, family(&facts.gathering.received)?);
    let name = |ipv6| if ipv6 { "IPv6" } else { "IPv4" };
    (own != theirs).then(|| {
        Finding::error(Cause::NoCommonFamily, "The peers have no IP version in common")
            .because(format!(
                "All candidates of this side are {}, and all of the peer’s are {}, so they form no pair.",
                name(own),
                name(theirs)
            ))
            .advise("Configure a TURN server that is reachable over both IP versions.")
            .advise("Check why one side has only one of them: a VPN, a mobile network, or a disabled setting.")
            .seen([failing])
    })
}

fn checks_failed(facts: &Facts<'_>) -> Option<Finding> {
    let failing = no_path(facts)?;
    let how = match counts(facts) {
        Some((0, ..)) => "The candidates of both sides form no pair.".to_owned(),
        Some((pairs, sent, 0, 0)) => {
            format!(
                "Of {pairs} pairs none was heard of: {sent} checks were sent, none was answered, and none of the \
                 peer’s has come.",
            )
        }
        Some((pairs, sent, answered, received)) => format!(
            "None of {pairs} pairs works in both directions: {sent} checks were sent and {answered} answered, \
             {received} of the peer’s have come. So packets pass in one direction only."
        ),
        None => {
            let (own, theirs) = (facts.gathering.own.len(), facts.gathering.received.len());
            format!(
                "This side has {}, the peer has {theirs}, and none of their pairs has worked.",
                counted(own, "candidate")
            )
        }
    };
    let relay = facts.gathering.has(CandidateType::Relay);
    let finding = Finding::error(Cause::ChecksFailed, "No pair of candidates works")
        .because(format!(
            "{how} Offer and answer are exchanged, so the Registry has done its part: a firewall or a NAT is in the \
             way.",
        ))
        .seen(facts.connection.pairs.map(|pairs| pairs.at).into_iter().chain([failing]));
    Some(if relay {
        finding
            .advise(
                "This side has a relay, and even that was not reached: check that the TURN server may send to the \
                 peer’s addresses, and its relay ports (49152–65535) in its firewall.",
            )
            .advise("Configure a TURN server on the other side, too.")
    } else {
        finding
            .advise("Configure a TURN server, best with TLS on port 443; relay only then shows whether it works.")
            .advise("Without one: check that both sides have a STUN server, and that neither firewall blocks UDP.")
    })
}
