use registry_protocol::{EpochMs, JoinCode, RoomCode, Token};

use crate::describe::members;
use crate::types::state::RoomInfo;

/// What a page that is reloaded needs to go on with its connection. All of it is secret.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The application's room.
    pub(crate) room: RoomInfo,
    /// This side's and the other side's name in the session.
    pub(crate) session: String,
    pub(crate) peer: String,
    /// Which peer connection of the other side was the last to carry messages.
    pub(crate) peer_origin: Option<String>,
    /// How many messages were delivered here.
    pub(crate) received: u64,
    pub(crate) outbound: SavedOutbound,
    pub(crate) standby: SavedStandby,
    /// By how much the Registry's clock was ahead of the device's, in milliseconds, where that was known.
    pub(crate) ahead_ms: Option<f64>,
}

/// What was accepted and is not known to be delivered.
#[derive(Debug, Default)]
pub(crate) struct SavedOutbound {
    pub(crate) last_id: u64,
    pub(crate) acknowledged: u64,
    pub(crate) messages: Vec<SavedMessage>,
}

#[derive(Debug)]
pub(crate) struct SavedMessage {
    pub(crate) id: u64,
    pub(crate) text: String,
    /// How long it had waited, in milliseconds.
    pub(crate) age_ms: u64,
    pub(crate) handed: bool,
}

/// The rooms in which the other side can be met.
#[derive(Debug, Default)]
pub(crate) struct SavedStandby {
    pub(crate) rooms: Vec<StandbyRoom>,
    pub(crate) told: Option<StandbyRoom>,
    pub(crate) next: Option<StandbyRoom>,
    pub(crate) next_told: bool,
    /// The one in which the peers were about to meet.
    pub(crate) detour: Option<StandbyRoom>,
    /// Whether that is used up.
    pub(crate) detour_used: bool,
}

/// A room that this side can use when its connection is lost.
#[derive(Clone, Debug)]
pub(crate) struct StandbyRoom {
    pub(crate) code: RoomCode,
    pub(crate) token: Token,
    /// What admits the guest; a host knows it.
    pub(crate) join_code: Option<JoinCode>,
    pub(crate) expires_at: EpochMs,
}

impl SavedStandby {
    /// Whether there is a room that may live on; `is_over` says of a moment whether that is certain to be over.
    pub(crate) fn is_usable(&self, is_over: impl Fn(EpochMs) -> bool) -> bool {
        let mut rooms = self.rooms.iter().chain(&self.told).chain(&self.next).chain(&self.detour);
        rooms.any(|room| !is_over(room.expires_at))
    }
}

members!(Saved {
    room: "room",
    session: "session",
    peer: "peer",
    peer_origin: "peer_origin",
    received: "received",
    outbound: "outbound",
    standby: "standby",
    ahead_ms: "ahead_ms",
});
members!(SavedOutbound { last_id: "last_id", acknowledged: "acknowledged", messages: "messages" });
members!(SavedMessage { id: "id", text: "text", age_ms: "age_ms", handed: "handed" });
members!(SavedStandby {
    rooms: "rooms",
    told: "told",
    next: "next",
    next_told: "next_told",
    detour: "detour",
    detour_used: "detour_used",
});
members!(StandbyRoom { code: "code", token: "token", join_code: "join_code", expires_at: "expires_at" });
