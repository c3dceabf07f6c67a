use registry_protocol::{EpochMs, JoinCode, RoomCode, Token};

use crate::describe::members;
use crate::state::RoomInfo;

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
    /// Whether one of the rooms has not expired, by the Registry's clock.
    pub(crate) fn is_usable(&self, now_ms: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "epoch milliseconds fit into 53 bits")]
        let lives = |room: &StandbyRoom| room.expires_at.0 as f64 > now_ms;
        self.rooms.iter().chain(&self.told).chain(&self.next).chain(&self.detour).any(lives)
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
