//! A reload is a lost connection: what it takes to go on is saved before, and taken up after it.

use std::time::Duration;

use super::attempt::Room;
use super::effect::Effect;
use super::input::CommandId;
use super::lifecycle::Machine;
use super::rendezvous::standby_of;
use crate::durable::{Inbound, Outbound, Saved, SavedStandby, Session};
use crate::error::StateError;
use crate::event::DropReason;
use crate::interfaces::clock::Now;
use crate::interfaces::state::{ConnectionState, Role};

/// The device's clock may be set while the page is away, and it is all there is to tell for how long that was. So only what
/// expired longer ago than this is certain to have expired; of anything else the Registry says so.
const RELOAD: Duration = Duration::from_secs(600);

impl Machine {
    /// What a reloaded page needs to go on from here, if there is a way.
    pub(crate) fn save(&self, now: Now) -> Option<Saved> {
        if !self.has_met() || self.is_closing() || !self.may_reconnect() {
            return None;
        }
        let detour = self.detour.as_ref().or(self.standby.last.as_ref()).filter(|detour| !detour.gone);
        Some(Saved {
            room: self.room.as_ref()?.info.clone(),
            session: self.session.id().to_owned(),
            peer: self.session.peer()?.to_owned(),
            peer_origin: self.session.peer_origin.clone(),
            received: self.session.inbound.received(),
            outbound: self.session.outbound.saved(now.monotonic),
            standby: SavedStandby {
                detour: detour.map(|detour| standby_of(detour.clone())),
                detour_used: detour.is_some_and(|detour| detour.used),
                ..self.standby.saved()
            },
            ahead_ms: self.registry_clock.ahead_ms(),
        })
    }

    /// Whether there is a connection, or there was one that is being looked for.
    pub(crate) fn has_met(&self) -> bool {
        self.ladder.is_some() || self.state == ConnectionState::Connected
    }

    /// All that the next life of the page needs is saved: nothing more is sent or taken here, and the rooms are left to
    /// it.
    pub(super) fn suspend(&mut self) {
        let error = self.error(StateError::Closed);
        self.enter(ConnectionState::Idle, Some("the page is going away".to_owned()));
        (self.standby, self.detour, self.room) = Default::default();
        self.session = Session::default();
        self.release(error);
        self.push(Effect::Reset);
    }

    /// Goes on where a reloaded page had to stop.
    pub(super) fn resume(&mut self, command: CommandId, saved: Saved) {
        let Saved { room: info, session, peer, peer_origin, received, outbound, standby, ahead_ms } = saved;
        let (entering, entered) = match info.role {
            Role::Host => (ConnectionState::Creating, ConnectionState::Created),
            Role::Guest => (ConnectionState::Joining, ConnectionState::Joined),
        };
        if let Err(error) = self.state.check(entering) {
            return self.refuse(command, error);
        }
        self.registry_clock.restore(ahead_ms);
        let outbound = Outbound::restored(outbound, self.now.monotonic);
        if !standby.is_usable(|at| self.registry_clock.is_long_over(at, self.now.monotonic, RELOAD)) {
            self.drop_messages(outbound.into_messages(), DropReason::Closed);
            return self.refuse(command, StateError::RoomGone);
        }
        self.number += 1;
        self.enter(entering, Some("resumed".to_owned()));
        self.take_room(Room { info, last: None, gone: false, used: true });
        self.session = Session::resumed(session, peer, Inbound::resumed(received), outbound);
        self.session.peer_origin = peer_origin;
        self.watch_buffer();
        self.detour = self.restore_standby(standby);
        self.enter(entered, None);
        self.starting.push(command);
        self.enter_ladder();
        self.on_reconnect_due();
    }

    fn restore_standby(&mut self, saved: SavedStandby) -> Option<Room> {
        let SavedStandby { rooms, told, next, next_told, detour, detour_used: used } = saved;
        self.standby.restore(rooms, told, next, next_told);
        Some(Room { used, ..self.room_of(detour?)? })
    }
}
