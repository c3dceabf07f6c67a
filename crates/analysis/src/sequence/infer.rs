//! What the other side must have done, if only one side is recorded.

use super::build::Peer;
use super::{Kind, Label, Lane, Row};
use crate::calls::{Call, RoomNews};
use crate::cargo::Cargo;

/// A row that nobody has seen.
pub(super) fn inferred(at_ms: f64, from: Lane, to: Lane, kind: Kind, words: impl Into<String>) -> Row {
    Row { inferred: true, ..Row::new(at_ms, from, to, kind, Label::new(words)) }
}

/// The host has created the room that a guest has found.
pub(super) fn room(at_ms: f64) -> Row {
    inferred(at_ms, Lane::Host, Lane::Registry, Kind::Room, "create the room")
}

/// What the other side has taken from the Registry by this time: all that a client has posted and that it has not taken
/// before. `None` if there was no description.
pub(super) fn taken(peer: &Peer, since: &mut usize, at_ms: f64) -> Option<Row> {
    // That a description has arrived may be known from the other side before it is from the Registry.
    let done = |call: &Call| {
        let known = call.sent.description.is_some() || call.to_ms.is_some_and(|to| to <= at_ms);
        call.from_ms <= at_ms && known && !call.is_bad()
    };
    let (mut cargo, mut upto) = (Cargo::default(), *since);
    for (index, call) in peer.calls.list.iter().enumerate().skip(*since).filter(|(_, call)| done(call)) {
        cargo.extend(&call.sent);
        upto = index + 1;
    }
    cargo.description?;
    *since = upto;
    let kind = kind_of(&cargo)?;
    Some(inferred(at_ms, Lane::Registry, peer.lane.other(), kind, cargo.words()))
}

/// What the other side has posted, for this call to bring it.
pub(super) fn posted(call: &Call, own: Lane) -> Option<Row> {
    let at_ms = call.to_ms?;
    if let Some(kind) = kind_of(&call.got) {
        return Some(inferred(at_ms, own.other(), Lane::Registry, kind, call.got.words()));
    }
    let words = match call.news? {
        RoomNews::Joined => "join the room",
        RoomNews::Closed if own == Lane::Guest => "close the room",
        RoomNews::Closed => return None,
    };
    Some(inferred(at_ms, own.other(), Lane::Registry, Kind::Room, words))
}

/// What a row with this on board is about.
pub(super) fn kind_of(cargo: &Cargo) -> Option<Kind> {
    use registry_client::Role::{Guest, Host};
    match cargo.description {
        Some(Host) => Some(Kind::Offer),
        Some(Guest) => Some(Kind::Answer),
        None if cargo.candidates() > 0 => Some(Kind::Candidates),
        None => None,
    }
}
