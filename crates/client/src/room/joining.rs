//! A guest joins the standby rooms that it is told of.

use registry_protocol::{JoinCode, RoomCode, RoomJoinResponse, UserName};

use super::effect::Request;
use super::machine::Machine;
use super::standby::{Joining, RETRY};
use super::timers::Timer;
use crate::durable::{ControlMessage, StandbyRoom};
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::state::Role;

/// How often a guest tries to join a room.
const JOIN_TRIES: u32 = 4;

impl Machine {
    /// The guest is told of a room on the control channel.
    pub(super) fn join_standby(&mut self, room: RoomCode, join_code: JoinCode) {
        if self.role() != Some(Role::Guest) {
            return;
        }
        if let Some(next) = self.standby.next.take_if(|next| next.code == room) {
            self.standby.last = None;
            self.standby.rooms.push(next);
        }
        if let Some(known) = self.standby.rooms.iter().find(|known| known.code == room) {
            let expires_at = known.expires_at;
            self.say(ControlMessage::StandbyReady { room, expires_at });
        } else {
            self.join_room_later(room, join_code, false);
        }
    }

    /// The guest is told of a room by a note in the one before it.
    pub(super) fn join_next(&mut self, room: RoomCode, join_code: JoinCode) {
        let known = self.standby.next.as_ref().is_some_and(|next| next.code == room);
        if self.role() == Some(Role::Guest) && !known {
            self.join_room_later(room, join_code, true);
        }
    }

    pub(super) fn join_room_later(&mut self, room: RoomCode, join_code: JoinCode, next: bool) {
        match self.standby.joining.as_mut().filter(|joining| joining.room == room) {
            Some(joining) => joining.next = next,
            None => {
                self.standby.joining = Some(Joining { room, join_code, tries: 0, in_flight: false, next });
                self.retry_joining();
            }
        }
    }

    pub(super) fn retry_joining(&mut self) {
        let guest_user_name = self.room.as_ref().and_then(|room| room.info.guest_user_name.clone());
        let Some(guest_user_name) = guest_user_name.or_else(|| UserName::parse("guest").ok()) else { return };
        let Some(joining) = self.standby.joining.as_mut().filter(|joining| !joining.in_flight) else { return };
        (joining.in_flight, joining.tries) = (true, joining.tries + 1);
        let (room, join_code) = (joining.room.clone(), joining.join_code.clone());
        self.request(Request::JoinStandby { room, join_code, guest_user_name });
    }

    pub(super) fn on_standby_joined(&mut self, room: RoomCode, result: Result<RoomJoinResponse, RequestError>) {
        let Some(joining) = self.standby.joining.as_mut().filter(|joining| joining.room == room) else { return };
        joining.in_flight = false;
        let (tries, next) = (joining.tries, joining.next);
        let RoomJoinResponse { guest_token: token, expires_at } = match result {
            Ok(response) => response,
            // It may be that an answer was lost; but it may also be that nothing had arrived.
            Err(error) if error.retryable() && (next || tries < JOIN_TRIES) => {
                return self.after(Timer::Standby, error.retry_after().unwrap_or_default().max(RETRY / 5));
            }
            Err(_) => {
                self.standby.joining = None;
                return self.say(ControlMessage::StandbyRefused { room });
            }
        };
        self.standby.joining = None;
        self.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        let joined = StandbyRoom { code: room.clone(), token, join_code: None, expires_at };
        if next && self.ladder.is_some() {
            self.standby.next = Some(joined);
            return self.go_on_to_next();
        }
        self.standby.last = None;
        if self.standby.rooms.len() > 1 {
            self.standby.rooms.remove(0);
        }
        self.standby.rooms.push(joined);
        self.say(ControlMessage::StandbyReady { room, expires_at });
    }
}
