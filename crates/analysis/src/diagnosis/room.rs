//! The room: whether it can be joined, and whether it is still there.

use registry_client::Role;
use registry_client::error::ROOM_CLOSED;
use registry_client::types::operation::Operation;

use super::facts::{Facts, Refusal};
use super::{Cause, Finding, Rule};

/// Wrong join codes that are older than this have nothing to do with a refusal.
const LOCK_MS: f64 = 600_000.0;

pub(super) const RULES: &[Rule] =
    &[room_unknown, room_taken, join_locked, wrong_join_code, room_expired, closed_by_host, room_lost, room_used];

fn joining_was_refused<'a>(facts: &Facts<'a>, code: &str) -> Option<Refusal<'a>> {
    let refused = |refusal: &Refusal<'a>| refusal.operation == Operation::JoinRoom && refusal.code == code;
    facts.requests.refused(refused).last().copied()
}

fn room_unknown(facts: &Facts<'_>) -> Option<Finding> {
    let refusal = joining_was_refused(facts, "not_found")?;
    Some(
        Finding::error(Cause::RoomUnknown, "The Registry knows no room of this code")
            .because(
                "It answered to joining that there is no such room (404). A Registry forgets a room when its host \
                 closes it, when nobody has joined it in time (usually 3 minutes), and when it is restarted.",
            )
            .advise("Compare the room code with the one on the host’s page, character by character.")
            .advise("Check that both pages use the same Registry.")
            .advise("Otherwise the host has to create a new room.")
            .seen([refusal.at]),
    )
}

fn room_taken(facts: &Facts<'_>) -> Option<Finding> {
    let refusal = joining_was_refused(facts, "not_open")?;
    Some(
        Finding::error(Cause::RoomTaken, "The room already has a guest")
            .because(
                "A join code works once, and somebody has used it: another person, another tab, or this page before \
                 it was reloaded.",
            )
            .advise("If you have joined in another tab, go on there.")
            .advise("Otherwise ask the host to create a new room.")
            .seen([refusal.at]),
    )
}

fn wrong_join_code(facts: &Facts<'_>) -> Option<Finding> {
    let refusal = joining_was_refused(facts, "bad_join_code")?;
    Some(
        Finding::error(Cause::WrongJoinCode, "The join code is wrong")
            .because(
                "The room exists, and the Registry has refused the join code. After five wrong ones it locks joining \
                 for a while.",
            )
            .advise("Compare the six digits with those on the host’s page; a new room has new ones.")
            .seen([refusal.at]),
    )
}

fn join_locked(facts: &Facts<'_>) -> Option<Finding> {
    let refusal = joining_was_refused(facts, "rate_limited").filter(|refusal| !refusal.healed)?;
    let recent = facts
        .requests
        .wrong_codes
        .iter()
        .filter(|wrong| wrong.seq < refusal.at.seq && refusal.at.ms - wrong.ms < LOCK_MS);
    let recent: Vec<_> = recent.copied().collect();
    (!recent.is_empty()).then(|| {
        Finding::error(Cause::JoinLocked, "Joining is locked after wrong join codes")
            .because(
                "The Registry refused to even look at the join code (429), after wrong ones before. It locks out whoever \
                 has tried five wrong codes for 20 s, and for twice as long after each further one; others who share \
                 the address are locked out as well.",
            )
            .advise("Wait until the time is over that the error names, then join with the right code.")
            .advise("Or let the host create a new room: the lock belongs to this one.")
            .seen(recent.into_iter().chain([refusal.at]))
    })
}

fn room_expired(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("room_expired")?;
    Some(
        Finding::error(Cause::RoomExpired, "The room expired before the peers had met")
            .because(
                "The Registry has removed the room because its time was up. An open room lives for 3 minutes, and for \
                 5 once a guest has joined, unless the Registry is configured otherwise.",
            )
            .advise("Create a new room, share its codes at once, and let both sides start soon.")
            .advise("If it is your Registry: raise --ttl-open and --ttl-joined.")
            .seen([error.at]),
    )
}

fn closed_by_host(facts: &Facts<'_>) -> Option<Finding> {
    if facts.role != Some(Role::Guest) {
        return None;
    }
    let gone = facts.error("not_found").filter(|_| joining_was_refused(facts, "not_found").is_none());
    let error = gone.or_else(|| facts.error(ROOM_CLOSED))?;
    let closed = facts.room.filter(|room| room.what.status == "closed").map(|room| room.at);
    let how = match closed {
        Some(_) => "The room’s status is closed, and only its host can close it.",
        None => {
            "The room was there, its time was not up, and now the Registry does not know it any more (404): its host \
             has closed it or has given up, unless the Registry itself was restarted."
        }
    };
    Some(
        Finding::error(Cause::ClosedByHost, "The host has closed the room")
            .because(how)
            .advise("Ask the host for a new room, or create one yourself.")
            .seen(closed.into_iter().chain([error.at])),
    )
}

fn room_lost(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("not_found").filter(|_| facts.role == Some(Role::Host))?;
    // Without a room there is none to be lost.
    (facts.requests.understood > 0).then(|| {
        Finding::error(Cause::RoomLost, "The Registry has lost the room")
            .because(
                "This side made the room and has not closed it, its time was not up, and now the Registry does not \
                 know it (404). A Registry that keeps rooms in memory loses them when it is restarted; several \
                 behind one address need to share them.",
            )
            .advise("Create a new room.")
            .advise(
                "If it happens again, check whether the server restarts, or whether a load balancer spreads requests \
                 over several.",
            )
            .seen([error.at])
    })
}

fn room_used(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("already_paired")?;
    Some(
        Finding::error(Cause::RoomUsed, "The room holds another connection’s offer and answer")
            .because(
                "The Registry refused this side’s description because the room has its offer and answer already \
                 (409): a second tab with the same room, or an earlier attempt in it.",
            )
            .advise("Create a new room; close other tabs that use this one.")
            .seen([error.at]),
    )
}
