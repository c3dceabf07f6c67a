use registry_protocol::read_members;
use registry_protocol::{EpochMs, JoinCode, RoomCode, Token};

use crate::describe::{Describe, Member, Members};
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

read_members!(Saved {
    room: "room",
    session: "session",
    peer: "peer",
    peer_origin: "peer_origin",
    received: "received",
    outbound: "outbound",
    standby: "standby",
});
read_members!(SavedOutbound { last_id: "last_id", acknowledged: "acknowledged", messages: "messages" });
read_members!(SavedMessage { id: "id", text: "text", age_ms: "age_ms", handed: "handed" });
read_members!(SavedStandby {
    rooms: "rooms",
    told: "told",
    next: "next",
    next_told: "next_told",
    detour: "detour",
    detour_used: "detour_used",
});
read_members!(StandbyRoom { code: "code", token: "token", join_code: "join_code", expires_at: "expires_at" });

impl Describe for Saved {
    fn describe(&self, to: &mut dyn Members) {
        to.say("room", Member::Thing(&self.room));
        to.text("session", Some(&self.session));
        to.text("peer", Some(&self.peer));
        to.known("peer_origin", self.peer_origin.as_deref());
        to.count("received", self.received);
        to.say("outbound", Member::Thing(&self.outbound));
        to.say("standby", Member::Thing(&self.standby));
    }
}

impl Describe for SavedOutbound {
    fn describe(&self, to: &mut dyn Members) {
        to.count("last_id", self.last_id);
        to.count("acknowledged", self.acknowledged);
        to.things("messages", &self.messages);
    }
}

impl Describe for SavedMessage {
    fn describe(&self, to: &mut dyn Members) {
        to.count("id", self.id);
        to.text("text", Some(&self.text));
        to.count("age_ms", self.age_ms);
        to.flag("handed", self.handed);
    }
}

impl Describe for SavedStandby {
    fn describe(&self, to: &mut dyn Members) {
        to.things("rooms", &self.rooms);
        to.thing("told", self.told.as_ref().map(|room| room as &dyn Describe));
        to.thing("next", self.next.as_ref().map(|room| room as &dyn Describe));
        to.flag("next_told", self.next_told);
        to.thing("detour", self.detour.as_ref().map(|room| room as &dyn Describe));
        to.flag("detour_used", self.detour_used);
    }
}

impl Describe for StandbyRoom {
    fn describe(&self, to: &mut dyn Members) {
        to.text("code", Some(self.code.as_str()));
        to.text("token", Some(self.token.as_str()));
        to.known("join_code", self.join_code.as_ref().map(JoinCode::as_str));
        to.count("expires_at", self.expires_at.0);
    }
}
