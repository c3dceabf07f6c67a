//! Offer and answer: waiting for them, and what browser and Registry make of them.

use registry_client::error::{NegotiationStep, WebRtcError};
use registry_client::protocol::limits::MAX_SDP_BYTES;
use registry_client::{ErrorKind, Role};

use super::facts::{At, Facts, Seen, sections};
use super::{Cause, Finding, Rule};

/// A host that has offered for so long and has no guest probably waits in vain.
const GUEST_COMES_MS: f64 = 30_000.0;
/// Two peers who have both started know each other's description long before.
const DESCRIPTION_COMES_MS: f64 = 8000.0;

pub(super) const RULES: &[Rule] = &[
    description_too_large,
    description_refused,
    answer_for_another_offer,
    description_rejected,
    negotiation_failed,
    conflicting_answer,
    guest_never_came,
    host_never_offered,
    guest_never_answered,
];

/// Whether this side waits, with a Registry that answers.
fn waits(facts: &Facts<'_>, role: Role) -> bool {
    let ended_waiting = facts.is_over() && facts.states.connected.is_none() && facts.states.failed.is_none();
    facts.role == Some(role)
        && facts.states.started.is_some()
        && (facts.is_connecting() || ended_waiting)
        && facts.descriptions.peer.is_none()
        && !facts.requests.fail()
}

fn later(one: At, other: At) -> At {
    if one.ms > other.ms { one } else { other }
}

fn guest_never_came(facts: &Facts<'_>) -> Option<Finding> {
    let posted = facts.descriptions.posted.filter(|_| waits(facts, Role::Host) && facts.joined.is_none())?;
    facts.lasts(posted, GUEST_COMES_MS).then(|| {
        Finding::warning(Cause::GuestNeverCame, "Nobody has joined the room yet")
            .because(
                "The offer is in the room, the Registry answers, and the room is still open: no guest has joined it.",
            )
            .advise("Give the guest the room code and the join code, or the invitation’s link.")
            .advise("If the guest says to have joined: compare the codes, and the Registry that both pages use.")
            .seen(facts.room.map(|room| room.at).into_iter().chain([posted]))
    })
}

fn host_never_offered(facts: &Facts<'_>) -> Option<Finding> {
    let started = facts.states.started.filter(|_| waits(facts, Role::Guest))?;
    let offered = facts.room.is_some_and(|room| room.what.offer);
    (!offered && facts.lasts(started, DESCRIPTION_COMES_MS)).then(|| {
        Finding::warning(Cause::HostNeverOffered, "The host has not offered a connection yet")
            .because(
                "This side is in the room and waits, the Registry answers, and there is no offer in the room: the \
                 host has not started, or its page is closed, asleep or failing.",
            )
            .advise("Ask the host to start the connection, and to keep its page open and in the foreground.")
            .advise("If the host has started, look at what its own page reports.")
            .seen(facts.room.map(|room| room.at).into_iter().chain([started]))
    })
}

fn guest_never_answered(facts: &Facts<'_>) -> Option<Finding> {
    let posted = facts.descriptions.posted.filter(|_| waits(facts, Role::Host))?;
    let joined = facts.joined?;
    facts.lasts(later(posted, joined), DESCRIPTION_COMES_MS).then(|| {
        Finding::warning(Cause::GuestNeverAnswered, "The guest has not answered the offer yet")
            .because(
                "A guest is in the room, the offer is there, the Registry answers, and there is no answer: the guest \
                 has not started, or its page is closed, asleep or failing.",
            )
            .advise("Ask the guest to start the connection, and to keep its page open and in the foreground.")
            .advise("If the guest has started, look at what its own page reports: its browser may reject the offer.")
            .seen([joined, posted])
    })
}

fn description_too_large(facts: &Facts<'_>) -> Option<Finding> {
    let own = facts.descriptions.own?;
    let bytes = own.what.bytes();
    if bytes <= MAX_SDP_BYTES {
        return None;
    }
    let refused = facts.error("bad_sdp").or_else(|| facts.error("body_too_large"));
    Some(
        Finding::error(Cause::DescriptionTooLarge, "This side’s description is too large for a Registry")
            .because(format!("The SDP has {bytes} bytes, and a Registry takes at most {MAX_SDP_BYTES}."))
            .advise(
                "Leave out what the connection does not need: audio, video, codecs and simulcast make an SDP large.",
            )
            .advise("Check whether an extension or a library of this page rewrites the SDP.")
            .seen(std::iter::once(own.at).chain(refused.map(|refused| refused.at))),
    )
}

fn description_refused(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("bad_sdp")?;
    Some(
        Finding::error(Cause::DescriptionRefused, "The Registry does not take this side’s description")
            .because(
                "It answered that the SDP is malformed. What a browser creates is well-formed, so something between \
                 browser and Registry has changed it.",
            )
            .advise("Check what this page, its extensions or a proxy do to the SDP.")
            .seen([error.at]),
    )
}

/// The failure of a step of the negotiation, and whether the peer's description is what the browser did not take.
fn failed_step<'a>(facts: &Facts<'a>) -> Option<(Seen<&'a registry_client::Error>, bool)> {
    let error = facts.error("negotiation_failed")?;
    let foreign = match &error.what.kind {
        ErrorKind::WebRtc(WebRtcError::Negotiation { step, .. }) => {
            matches!(step, NegotiationStep::SetRemoteDescription | NegotiationStep::CreateAnswer)
        }
        // One that was read from a file: what was set last is what failed.
        _ => facts.descriptions.peer.is_some() && facts.descriptions.applied.is_none(),
    };
    Some((error, foreign))
}

fn answer_for_another_offer(facts: &Facts<'_>) -> Option<Finding> {
    if let Some(error) = facts.error("offer_replaced") {
        return Some(
            Finding::error(Cause::AnswerForAnotherOffer, "The answer belongs to another offer")
                .because("The host has replaced its offer while this side was answering it, and the Registry did not take the answer.")
                .advise("Ask the host for a new room.")
                .advise("If the host is an application of yours: post one offer per room, and begin another attempt with the next.")
                .seen([error.at]),
        );
    }
    let (own, peer) = facts.descriptions.own.zip(facts.descriptions.peer)?;
    if facts.role != Some(Role::Host) || sections(own.what) == sections(peer.what) {
        return None;
    }
    let (error, _) = failed_step(facts).filter(|(_, foreign)| *foreign)?;
    Some(
        Finding::error(Cause::AnswerForAnotherOffer, "The answer belongs to another offer")
            .because(
                "The sections of the answer are not those of this side’s offer, in kind, number or name, so it was \
                 made for another one, and the browser has rejected it.",
            )
            .advise("Create a new room, so that an old answer cannot be in it.")
            .advise(
                "If the guest is an application of yours: answer the offer that was read last, with the same peer \
                 connection.",
            )
            .quote_browser(error.what)
            .seen([own.at, peer.at, error.at]),
    )
}

fn description_rejected(facts: &Facts<'_>) -> Option<Finding> {
    let (error, _) = failed_step(facts).filter(|(_, foreign)| *foreign)?;
    let (what, whose) = match facts.role {
        Some(Role::Host) => ("answer", "guest"),
        _ => ("offer", "host"),
    };
    let received = facts.descriptions.peer.map(|peer| peer.at);
    Some(
        Finding::error(Cause::DescriptionRejected, &format!("The browser rejects the {whose}’s {what}"))
            .because(format!(
                "The {what} was received, and setting it as the remote description failed. The browser’s own words \
                 are below.",
            ))
            .advise(format!("Look at the {what} in the tab SDP: the browser names the line, or what is missing."))
            .advise(format!(
                "If the {whose} is an application of yours: pass on what its browser creates, unchanged, line ends \
                 included.",
            ))
            .advise("Try with current browsers on both sides.")
            .quote_browser(error.what)
            .seen(received.into_iter().chain([error.at])),
    )
}

fn negotiation_failed(facts: &Facts<'_>) -> Option<Finding> {
    let (error, _) = failed_step(facts)?;
    Some(
        Finding::error(Cause::NegotiationFailed, "The browser failed to make its own description")
            .because("A step of the negotiation failed on this side, before the peer had anything to do with it.")
            .advise("Start again in a new room; if it happens again, restart the browser or try another one.")
            .quote_browser(error.what)
            .seen([error.at]),
    )
}

fn conflicting_answer(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("conflicting_answer")?;
    Some(
        Finding::warning(Cause::ConflictingAnswer, "A second answer has appeared in the room")
            .because(
                "The room’s answer is not the one that was applied. The first one counts; but two answers come from \
                 two peers, or from one that has started twice.",
            )
            .advise("Check that the guest has the room open in one tab only.")
            .advise(
                "If you do not expect a second guest, its access token may be known to somebody else: create a new \
                 room.",
            )
            .seen([error.at]),
    )
}
