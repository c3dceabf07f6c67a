//! The peer, after there was a connection to it.

use super::facts::Facts;
use super::{Cause, Finding, Rule, Severity};

/// A loss that has not healed by itself after this time is one.
const GONE_MS: f64 = 5000.0;
/// A browser that is gone no longer answers ICE's checks, which this side's browser reports before this.
const BUSY_MS: f64 = 3000.0;

pub(super) const RULES: &[Rule] = &[peer_busy, peer_gone, peer_misbehaves, peer_version, not_resumable];

/// The connection is lost, and not because the peer has said goodbye.
fn lost(facts: &Facts<'_>) -> Option<super::facts::At> {
    facts.states.lost.filter(|_| !facts.is_connected() && facts.error("peer_left").is_none())
}

fn peer_busy(facts: &Facts<'_>) -> Option<Finding> {
    let lost = lost(facts).filter(|_| facts.connection.ice_works() && !facts.is_over())?;
    let ice = facts.connection.ice?;
    let silent = facts.states.lost_reason.is_some_and(|reason| reason.contains("has not responded"));
    (silent && facts.lasts(lost, BUSY_MS)).then(|| {
        Finding::new(Cause::PeerBusy, Severity::Warning, "The peer is there but does not answer")
            .because(
                "Its browser still answers the checks of ICE, so device and network are fine, but its page does not \
                 answer: it is frozen, busy with something, or halted in a debugger.",
            )
            .advise(
                "Look at the peer’s page: bring it to the foreground, and let it go on if it is halted at a \
                 breakpoint.",
            )
            .advise("Messages that you send meanwhile are kept and delivered when it answers again.")
            .seen([lost, ice.at])
    })
}

fn peer_gone(facts: &Facts<'_>) -> Option<Finding> {
    let lost = lost(facts)?;
    let error = facts.error("peer_lost").or_else(|| facts.error("interrupted"));
    if error.is_none() && !facts.lasts(lost, GONE_MS) {
        return None;
    }
    let closed = facts.states.lost_reason.is_some_and(|reason| reason.contains("closed"));
    let given_up = facts.has_failed() || facts.error("peer_lost").is_some();
    let severity = if given_up { Severity::Error } else { Severity::Warning };
    let how = match (closed, given_up) {
        (true, _) => {
            "The data channel was closed from the other side, without the goodbye that a page sends when it leaves: \
            the page was closed, reloaded or has crashed."
        }
        (false, true) => {
            "Nothing was heard of it any more, without the goodbye that a page sends when it leaves, and all attempts \
            to meet again have failed: its network is down, its device sleeps, or its browser was closed."
        }
        (false, false) => {
            "Nothing is heard of it any more, and it has not said goodbye: its network is down, its device sleeps, or \
            its browser was closed. The client is trying to meet it again."
        }
    };
    Some(
        Finding::new(Cause::PeerGone, severity, "The peer has gone without a goodbye")
            .because(how)
            .advise("Ask the peer whether its page is open and its device online.")
            .advise(if given_up {
                "Create a new room to meet again."
            } else {
                "If you are the one whose network has changed, try now."
            })
            .seen(std::iter::once(lost).chain(error.map(|error| error.at))),
    )
}

fn peer_misbehaves(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("bad_acknowledgement")?;
    Some(
        Finding::warning(Cause::PeerMisbehaves, "The peer does not keep to the protocol")
            .because(
                "It has acknowledged more messages than it was sent. Which of yours have arrived can no longer be \
                 told for certain.",
            )
            .advise("Use the same version of the client on both sides.")
            .advise("If the peer is an application of yours: acknowledge only messages that were received.")
            .seen([error.at]),
    )
}

fn peer_version(facts: &Facts<'_>) -> Option<Finding> {
    let version = facts.connection.version?;
    Some(
        Finding::warning(Cause::PeerVersion, "The peer speaks another version")
            .because(format!(
                "It has greeted with version {} of the control channel’s protocol. What this side does not understand \
                of that is left out, so reconnecting and acknowledging may not work.",
                version.what
            ))
            .advise("Reload both pages, so that both have the same version.")
            .seen([version.at]),
    )
}

fn not_resumable(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("not_resumable")?;
    Some(
        Finding::error(Cause::NotResumable, "The connection did not survive the reload")
            .because(
                "This page was reloaded before the peers had agreed on how to meet again, which takes a moment after \
                 connecting, or the browser does not let it save anything.",
            )
            .advise("Create a new room.")
            .advise("Check that the browser allows this site to store data (session storage).")
            .seen([error.at]),
    )
}
