//! The standby room: where two durable peers meet when their connection is lost.
//!
//! While they are connected the host makes a room, tells the guest its codes on the control channel, and the guest joins
//! it at once, so that all that is needed later is at hand. Before half of its life is over the host makes the next. It
//! gives up the old one only when the guest has said that it is in the new one; so there is always one that both know.
//!
//! A room in which an offer was answered is used up. The host names the room after it there, in a note.

use std::time::Duration;

use registry_protocol::limits::RATE_CREATE;
use registry_protocol::{EpochMs, RoomCode, RoomCreationResponse, UserName};

use super::attempt::Room;
use super::budget::Budget;
use super::effect::Request;
use super::input::CommandId;
use super::joining::Joins;
use super::lifecycle::Machine;
use super::rendezvous::standby_of;
use super::timers::Timer;
use crate::durable::{ControlMessage, Note, SavedStandby, StandbyRoom};
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::interfaces::state::{ConnectionState, Role, RoomInfo};

/// Shortest and longest time until the next standby room is made, whatever is told of when one expires.
const ROTATION: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(150));
/// The pause after a standby room could not be made or joined.
pub(super) const RETRY: Duration = Duration::from_secs(5);

/// What rooms may be made for standby: two of the five a minute that a Registry admits are the application's.
pub(super) fn creations() -> Budget {
    Budget::new(RATE_CREATE.count as usize - 2, Duration::from_millis(RATE_CREATE.window_ms))
}

/// The rooms for the time after.
#[derive(Debug, Default)]
pub(super) struct Standby {
    /// Those that can be used, the newest last. A host knows that the guest is in its one; a guest keeps two.
    pub(super) rooms: Vec<StandbyRoom>,
    /// Made by the host, of which it does not know yet whether the guest has joined it.
    pub(super) told: Option<StandbyRoom>,
    /// To be used after the room in which the peers meet now.
    pub(super) next: Option<StandbyRoom>,
    /// The one in which the peers met last. It is used up; but as long as there is none after it that both know for
    /// certain, the next is named there.
    pub(super) last: Option<Room>,
    /// The host has named that room in the present one.
    pub(super) next_told: bool,
    /// A host's room is being made; by this the answer is known.
    pub(super) making: Option<u32>,
    /// How many rooms in a row the guest has refused.
    refused: u32,
    pub(super) joins: Joins,
}

impl Standby {
    pub(super) fn saved(&self) -> SavedStandby {
        let Self { rooms, told, next, next_told, .. } = self;
        SavedStandby {
            rooms: rooms.clone(),
            told: told.clone(),
            next: next.clone(),
            next_told: *next_told,
            detour: None,
            detour_used: false,
        }
    }

    pub(super) fn restore(
        &mut self,
        rooms: Vec<StandbyRoom>,
        told: Option<StandbyRoom>,
        next: Option<StandbyRoom>,
        next_told: bool,
    ) {
        *self = Self { rooms, told, next, next_told, ..Self::default() };
    }

    /// Whether the room after the present one is known to both sides, as far as this side can tell.
    pub(super) fn next_is_known(&self) -> bool {
        self.next.as_ref().is_some_and(|next| next.join_code.is_none() || self.next_told)
    }

    /// The host's next room, if it has not been named to the guest.
    pub(super) fn take_unknown(&mut self) -> Option<StandbyRoom> {
        let told = self.next_told;
        self.next.take_if(|next| next.join_code.is_some() && !told)
    }

    /// Whether there is a room in which the other side may be met.
    pub(super) fn is_usable(&self) -> bool {
        !self.rooms.is_empty() || self.told.is_some() || self.next.is_some() || self.last.is_some()
    }
}

impl Machine {
    /// Connected with a durable peer: a host sees to a standby room at once, as until then a page that is reloaded has no
    /// way back.
    pub(super) fn plan_standby(&mut self) {
        let planned = self.standby.making.is_some() || self.timers.is_set(Timer::Standby);
        if self.role() == Some(Role::Host) && self.settings.reconnect_enabled && !planned {
            self.after(Timer::Standby, Duration::ZERO);
        }
    }

    /// Sees to a standby room now: one that both know, or a new one.
    fn provide_standby(&mut self) {
        self.standby.next_told = false;
        if let Some(next) = self.standby.next.take() {
            self.standby.told = Some(next);
        }
        if self.standby.told.is_some() {
            return self.tell_standby();
        }
        let (now, at) = (self.now.monotonic, self.creations.earliest(self.now.monotonic));
        if at > now { self.timers.set(Timer::Standby, at) } else { self.make_room() }
    }

    /// Makes a room for the time after the present one.
    pub(super) fn make_room(&mut self) {
        if self.standby.making.is_some() {
            return;
        }
        let name = self.room.as_ref().and_then(|room| room.info.host_user_name.clone());
        let Some(host_user_name) = name.or_else(|| UserName::parse("host").ok()) else { return };
        self.creations.spend(self.now.monotonic);
        self.standby.making = Some(self.number);
        self.request(Request::MakeStandby { host_user_name });
    }

    pub(super) fn on_standby_made(&mut self, number: u32, result: Result<RoomCreationResponse, RequestError>) {
        if self.standby.making.take_if(|made| *made == number).is_none() {
            return self.on_unwanted_made(number, result);
        }
        let response = match result {
            Ok(response) => response,
            Err(error) => return self.after(Timer::Standby, error.retry_after().unwrap_or(RETRY).max(RETRY / 5)),
        };
        self.record(Event::Standby { step: StandbyStep::Made, expires_at: Some(response.expires_at) });
        let RoomCreationResponse { code, owner_token: token, join_code, expires_at } = response;
        let room = StandbyRoom { code, token, join_code: Some(join_code), expires_at };
        if self.ladder.is_some() {
            self.standby.next = Some(room);
            self.tell_next();
        } else {
            self.standby.told = Some(room);
            self.tell_standby();
        }
    }

    fn tell_standby(&mut self) {
        let Some(StandbyRoom { code, join_code: Some(join_code), .. }) = self.standby.told.clone() else { return };
        self.say(ControlMessage::Standby { room: code, join_code });
        // Should it get lost, or the guest have trouble, it is said again.
        self.after(Timer::Standby, RETRY);
    }

    /// The time of the standby room has come, or something about it is tried again.
    pub(super) fn on_standby_due(&mut self) {
        match (self.role(), self.ladder.is_some()) {
            (Some(Role::Host), false) if self.state == ConnectionState::Connected => self.provide_standby(),
            (Some(Role::Host), true) if self.standby.next.is_none() => self.make_room(),
            (Some(Role::Guest), _) => self.retry_joining(),
            _ => {}
        }
    }

    pub(super) fn on_standby_ready(&mut self, room: &RoomCode, expires_at: EpochMs) {
        let Some(mut ready) = self.standby.told.take_if(|told| told.code == *room) else { return };
        ready.expires_at = expires_at;
        self.standby.refused = 0;
        for old in std::mem::take(&mut self.standby.rooms) {
            self.close_standby(old);
        }
        self.standby.rooms.push(ready);
        self.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        let half = (self.time_until(expires_at) / 2).clamp(ROTATION.0, ROTATION.1);
        self.after(Timer::Standby, half);
    }

    pub(super) fn on_standby_refused(&mut self, room: &RoomCode) {
        if let Some(told) = self.standby.told.take_if(|told| told.code == *room) {
            self.close_standby(told);
            // A guest that refuses them all must not keep this side making them.
            self.after(Timer::Standby, RETRY.saturating_mul(1 << self.standby.refused.min(4)).min(ROTATION.0));
            self.standby.refused += 1;
        }
    }

    pub(super) fn close_standby(&mut self, room: StandbyRoom) {
        let StandbyRoom { code: room, token, .. } = room;
        self.request(Request::CloseRoom { room, token, keepalive: false, command: None });
    }

    /// Names the room after this one, to a guest that reads here.
    pub(super) fn tell_next(&mut self) {
        let Some(StandbyRoom { code, join_code: Some(join_code), .. }) = self.standby.next.clone() else { return };
        if self.detour.is_some() && !self.standby.next_told {
            self.post_note(&Note::Next(code, join_code));
        }
    }

    /// The room in which the other side is to be met, as far as this side knows. A host does not use one of which it
    /// does not know whether the guest is in it, unless there is no other: it closes it, so that the guest looks in the
    /// one before.
    pub(super) fn choose_standby(&mut self) -> Option<Room> {
        if self.role() == Some(Role::Host) {
            match (self.standby.rooms.is_empty(), self.standby.told.take()) {
                (true, Some(told)) => self.standby.rooms.push(told),
                (false, Some(told)) => self.close_standby(told),
                (_, None) => {}
            }
            // It was to be renewed; now there will be another.
            self.timers.cancel(Timer::Standby);
        }
        let chosen = self.standby.rooms.pop().or_else(|| self.standby.next.take())?;
        self.record(Event::Standby { step: StandbyStep::Used, expires_at: Some(chosen.expires_at) });
        self.room_of(chosen)
    }

    pub(super) fn room_of(&self, standby: StandbyRoom) -> Option<Room> {
        let own = &self.room.as_ref()?.info;
        let info = RoomInfo {
            code: standby.code,
            host_user_name: own.host_user_name.clone(),
            guest_user_name: own.guest_user_name.clone(),
            role: own.role,
            token: standby.token,
            join_code: standby.join_code,
            expires_at: standby.expires_at,
        };
        Some(Room { info, last: None, gone: false, used: false })
    }

    /// All is over: a host closes the rooms that nobody needs any more, those that are still being made as soon as they
    /// are there; with `keepalive` that outlives the page. Says how many there are, for the `command` that waits for that.
    pub(super) fn leave_standby(&mut self, command: Option<CommandId>, keepalive: bool) -> u32 {
        let mut count = self.disown_rooms(command, keepalive);
        let Standby { rooms, told, next, last, .. } = std::mem::take(&mut self.standby);
        let met = self.detour.take().into_iter().chain(last).filter(|room| !room.gone);
        if self.role() != Some(Role::Host) {
            return count;
        }
        for room in rooms.into_iter().chain(told).chain(next).chain(met.map(standby_of)) {
            let StandbyRoom { code: room, token, .. } = room;
            self.request(Request::CloseRoom { room, token, keepalive, command });
            count += 1;
        }
        count
    }
}
