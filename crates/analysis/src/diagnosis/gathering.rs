//! This side's candidates, and the STUN and TURN servers that it asks for them.

use super::checks::no_path;
use super::facts::{At, CandidateType, Facts, ServerError};
use super::finding::Source;
use super::{Cause, Finding, Rule, Severity};
use crate::server_url::is_turn;

/// An error of one local address is often followed by an answer to another one within this time.
const OTHER_ADDRESS_MS: f64 = 3000.0;
/// Gathering that has found nothing after this time will not find anything soon.
const NOTHING_FOUND_MS: f64 = 10_000.0;

pub(super) const RULES: &[Rule] = &[
    bad_ice_servers,
    relay_only_without_turn,
    turn_credentials,
    turn_refused,
    ice_server_unknown,
    turn_unreachable,
    stun_unreachable,
    no_relay,
    no_candidates,
    only_loopback,
    only_mdns,
];

fn relay_only(facts: &Facts<'_>) -> bool {
    facts.environment.is_some_and(|environment| environment.what.relay_only)
}

/// The servers that have failed for good in this way.
fn failed<'a>(facts: &Facts<'a>, which: impl Fn(&ServerError<'a>) -> bool) -> Vec<ServerError<'a>> {
    let servers = facts.failed_servers();
    let settled = |error: &ServerError<'a>| {
        !error.is_unreachable() || facts.gathering.complete.is_some() || facts.lasts(error.at, OTHER_ADDRESS_MS)
    };
    servers.into_iter().filter(|error| which(error) && settled(error)).collect()
}

/// A finding about these servers. It is as bad as what has come of it.
fn about(facts: &Facts<'_>, servers: &[ServerError<'_>], cause: Cause, title: &str) -> Option<Finding> {
    let needed = relay_only(facts) && servers.iter().any(ServerError::is_turn);
    let severity = match (facts.is_connected(), no_path(facts)) {
        // There is a path without them.
        (true, None) => Severity::Note,
        (false, None) if !needed => Severity::Warning,
        _ => Severity::Error,
    };
    let finding = Finding::new(cause, severity, title).seen(servers.iter().map(|error| error.at));
    let finding = servers.iter().fold(finding, |finding, error| {
        let words = if error.text.is_empty() { String::new() } else { format!("{} {}", error.code, error.text) };
        finding.quote(Source::Server, error.url).quote(Source::Browser, words)
    });
    (!servers.is_empty()).then_some(finding)
}

fn bad_ice_servers(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("bad_ice_servers")?;
    Some(
        Finding::error(Cause::BadIceServers, "The browser rejects the STUN or TURN settings")
            .because(
                "It could not create a peer connection with them. A URL begins with stun:, stuns:, turn: or turns:, \
                 and a TURN server needs user name and password.",
            )
            .advise("Correct the servers in the settings; the browser’s words below name what it does not take.")
            .quote_browser(error.what)
            .seen([error.at]),
    )
}

fn relay_only_without_turn(facts: &Facts<'_>) -> Option<Finding> {
    let environment = facts.environment.filter(|environment| environment.what.relay_only)?;
    if environment.what.ice_servers.iter().any(|url| is_turn(url)) {
        return None;
    }
    Some(
        Finding::error(Cause::RelayOnlyWithoutTurn, "Relay only is set, and there is no TURN server")
            .because(
                "With relay only the browser uses no other candidates than those of a TURN server, and none is \
                 configured, so it will find none.",
            )
            .advise("Add a TURN server in the settings, or turn relay only off.")
            .seen([environment.at]),
    )
}

fn turn_credentials(facts: &Facts<'_>) -> Option<Finding> {
    // 401 Unauthorized, 438 Stale Nonce, 441 Wrong Credentials (RFC 8489, section 14.8; RFC 8656, section 19).
    let servers = failed(facts, |error| error.is_turn() && matches!(error.code, 401 | 438 | 441));
    let finding = about(facts, &servers, Cause::TurnCredentials, "The TURN server does not accept the credentials")?;
    Some(
        finding
            .because(
                "The server was reached and has refused the user name and password: they are wrong, or have expired. \
                 Credentials of a TURN REST API are valid only until the time that is part of the user name.",
            )
            .advise("Enter the user name and password again, or fetch new ones from where they come from.")
            .advise(
                "Check that the server’s clock is right, and that its realm and shared secret are those the \
                 credentials were made for.",
            ),
    )
}

fn turn_refused(facts: &Facts<'_>) -> Option<Finding> {
    let servers =
        failed(facts, |error| error.is_turn() && !error.is_unreachable() && !matches!(error.code, 401 | 438 | 441));
    let code = servers.first()?.code;
    let why = match code {
        403 => "The server’s policy forbids it.",
        437 | 442 => "The server does not relay that protocol, or the allocation does not match.",
        486 => "This user has reached the quota of allocations.",
        508 => "The server has no capacity left.",
        _ => "The code says why (RFC 8656, section 19).",
    };
    let finding = about(facts, &servers, Cause::TurnRefused, "The TURN server refuses to relay")?;
    Some(
        finding
            .because(format!("The server was reached, and it has refused an allocation with code {code}. {why}"))
            .advise("Look at the log of the TURN server at this time.")
            .advise("Configure another TURN server."),
    )
}

fn ice_server_unknown(facts: &Facts<'_>) -> Option<Finding> {
    let servers = failed(facts, ServerError::is_unknown_host);
    let finding = about(facts, &servers, Cause::IceServerUnknown, "The name of a STUN or TURN server is unknown")?;
    Some(
        finding
            .because(
                "The browser could not find an address for the name in the server’s URL: the name is misspelt, or \
                 this network’s DNS does not know it.",
            )
            .advise("Check the name in the settings.")
            .advise("Try the server’s IP address, to tell a wrong name from a DNS that does not work."),
    )
}

fn turn_unreachable(facts: &Facts<'_>) -> Option<Finding> {
    let servers = failed(facts, |error| error.is_turn() && error.is_unreachable() && !error.is_unknown_host());
    let finding = about(facts, &servers, Cause::TurnUnreachable, "The TURN server does not answer")?;
    Some(
        finding
            .because(
                "The browser has asked it from each local address and got no answer. So there is no relay over this \
                 server, which peers need that cannot reach each other directly.",
            )
            .advise("Check that the server is running, and its host and port in the settings.")
            .advise("If this network blocks UDP, add the same server with ?transport=tcp, or as turns: on port 443."),
    )
}

fn stun_unreachable(facts: &Facts<'_>) -> Option<Finding> {
    let servers = failed(facts, |error| !error.is_turn() && error.is_unreachable() && !error.is_unknown_host());
    let finding = about(facts, &servers, Cause::StunUnreachable, "The STUN server does not answer")?;
    let another = facts.gathering.has(CandidateType::Reflexive);
    Some(
        finding
            .because(if another {
                "The browser has asked it from each local address and got no answer. Another STUN server has \
                 answered, so the connection does not need this one."
            } else {
                "The browser has asked it from each local address and got no answer, so this side does not know its \
                 address on the internet. Peers in the same network connect all the same; others probably do not."
            })
            .advise("Check the server’s host and port in the settings, and that it is running.")
            .advise(
                "If other STUN servers do not answer either, this network blocks UDP: a TURN server over TCP or TLS \
                 helps.",
            )
            .lowered(another && no_path(facts).is_none()),
    )
}

/// When gathering has begun, if there is no connection, and for no other reason than that candidates do not connect.
fn unfinished(facts: &Facts<'_>) -> Option<At> {
    let wanted = facts.is_connecting() && !facts.connection.ice_works() || no_path(facts).is_some();
    facts.gathering.begun.filter(|_| wanted)
}

fn no_relay(facts: &Facts<'_>) -> Option<Finding> {
    let begun = unfinished(facts).filter(|_| relay_only(facts) && !facts.gathering.has(CandidateType::Relay))?;
    let settled = facts.gathering.complete.is_some() || facts.lasts(begun, NOTHING_FOUND_MS);
    settled.then(|| {
        Finding::error(Cause::NoRelay, "No TURN server has given a relay")
            .because(
                "Relay only is set, and gathering has brought no candidate of a relay, without an error that says \
                 why. So there is nothing the peer could connect to.",
            )
            .advise(
                "Check URL, user name and password of the TURN server; the preflight check asks each server by \
                 itself.",
            )
            .advise("Turn relay only off to see whether the peers connect directly.")
            .seen(facts.gathering.complete.into_iter().chain([begun]))
    })
}

fn no_candidates(facts: &Facts<'_>) -> Option<Finding> {
    let begun = unfinished(facts).filter(|_| facts.gathering.own.is_empty())?;
    let settled = facts.gathering.complete.is_some() || facts.lasts(begun, NOTHING_FOUND_MS);
    settled.then(|| {
        Finding::error(Cause::NoCandidates, "The browser has found no candidate")
            .because(
                "Gathering has brought no address at which a peer could reach this side, not even one of the local \
                 network: the device has no usable network interface, or a policy or an extension hides all of them.",
            )
            .advise("Check the device’s network.")
            .advise(
                "Check for an extension or a policy that restricts WebRTC’s IP handling (in Chromium: \
                 WebRtcIPHandling).",
            )
            .seen(facts.gathering.complete.into_iter().chain([begun]))
    })
}

fn only_loopback(facts: &Facts<'_>) -> Option<Finding> {
    let failing = no_path(facts)?;
    let own = &facts.gathering.own;
    (!own.is_empty() && own.iter().all(|candidate| candidate.what.is_loopback())).then(|| {
        Finding::error(Cause::OnlyLoopback, "This side can only be reached from the device itself")
            .because(
                "All of its candidates are loopback addresses, which no other device can reach, and the checks do not \
                 succeed.",
            )
            .advise("Connect the device to a network.")
            .advise("Or open both pages on this device.")
            .seen(own.iter().map(|candidate| candidate.at).take(3).chain([failing]))
    })
}

fn only_mdns(facts: &Facts<'_>) -> Option<Finding> {
    let failing = no_path(facts)?;
    let own = &facts.gathering.own;
    (!own.is_empty() && own.iter().all(|candidate| candidate.what.is_mdns())).then(|| {
        Finding::error(Cause::OnlyMdns, "This side has only mDNS candidates")
            .because(
                "The browser hides its local addresses behind names ending in .local, which only devices in the same \
                 network can resolve, and only where multicast works. There is no candidate of a STUN or TURN server, \
                 and the checks do not succeed.",
            )
            .advise("Configure a STUN server, so that peers in other networks have an address to reach.")
            .advise(
                "In the same network: allow multicast DNS (UDP port 5353) between the devices; many Wi-Fi guest \
                 networks do not.",
            )
            .advise("Browsers show the addresses themselves to pages that may use camera or microphone.")
            .seen(own.iter().map(|candidate| candidate.at).take(3).chain([failing]))
    })
}
