//! The page is reloaded: what it saves, and how its next life goes on.

use std::time::Duration;

use super::Machine;
use crate::error::StateError;
use crate::interfaces::clock::Now;
use crate::machine::delivery::{Delivery, SavedDelivery};
use crate::machine::effect::Effect;
use crate::machine::input::CommandId;
use crate::machine::saved::Saved;
use crate::types::state::{ConnectionState, Role};

/// The device's clock may be set while the page is away, and it is all there is to tell for how long that was. So only what
/// expired longer ago than this is certain to have expired; of anything else the Registry says so.
const RELOAD: Duration = Duration::from_secs(600);

impl Machine {
    /// What a reloaded page needs to go on from here, if there is a way.
    pub(crate) fn save(&self, now: Now) -> Option<Saved> {
        if !self.has_met() || self.is_closing() || !self.may_reconnect() {
            return None;
        }
        let SavedDelivery { session, peer, received, outbound } = self.delivery.save(now.monotonic)?;
        Some(Saved {
            room: self.room.as_ref()?.info().clone(),
            session,
            peer,
            peer_origin: self.recovery.peer_origin().cloned(),
            received,
            outbound,
            fallback: self.fallback.save(),
            ahead_ms: self.cx.registry_clock.ahead_ms(),
        })
    }

    /// Whether there is a connection, or there was one that is being recovered.
    pub(crate) fn has_met(&self) -> bool {
        self.recovery.is_active() || self.is_connected()
    }

    /// All that the next life of the page needs is saved: nothing more is sent or taken here, and the rooms are left to it.
    pub(super) fn suspend(&mut self) {
        let error = self.error(StateError::Closed);
        self.enter(ConnectionState::Idle, Some("the page is going away".to_owned()));
        self.fallback.clear();
        self.room = None;
        self.delivery = Delivery::default();
        self.release(error, Effect::Release);
        self.cx.push(Effect::Reset);
    }

    /// Goes on where a reloaded page had to stop.
    pub(super) fn resume(&mut self, command: CommandId, saved: Saved) {
        let Saved { room: info, session, peer, peer_origin, received, outbound, fallback, ahead_ms } = saved;
        let (entering, entered) = match info.role {
            Role::Host => (ConnectionState::Creating, ConnectionState::Created),
            Role::Guest => (ConnectionState::Joining, ConnectionState::Joined),
        };
        if let Err(error) = self.state.check(entering) {
            return self.refuse(command, error);
        }
        self.cx.registry_clock.restore(ahead_ms);
        if !fallback.is_usable(|moment| self.cx.registry_clock.is_long_over(moment, self.cx.now(), RELOAD)) {
            Delivery::drop_saved(&mut self.cx, outbound);
            return self.refuse(command, StateError::RoomGone);
        }
        self.cx.next_attempt();
        self.enter(entering, Some("resumed".to_owned()));
        self.set_room(info.clone());
        if let Some(room) = &mut self.room {
            room.use_up();
        }
        self.delivery.resume(&mut self.cx, SavedDelivery { session, peer, received, outbound });
        self.recovery.set_peer_origin(peer_origin);
        self.fallback.restore(&self.cx, &info, fallback);
        self.enter(entered, None);
        self.starting.push(command);
        self.recovery.begin(&self.cx);
        self.on_reconnect_due();
    }
}
