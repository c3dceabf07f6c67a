//! A guest joins the standby rooms that it is told of: one at a time, and at a pace of its own.
//!
//! The other side can name as many as it likes. Whoever joins them all uses up what the Registry admits from its address.

use std::time::Duration;

use registry_protocol::{EpochMs, ErrorCode, JoinCode, RoomCode, RoomJoinResponse, UserName};

use super::budget::Budget;
use super::effect::Request;
use super::lifecycle::Machine;
use super::standby::RETRY;
use super::timers::Timer;
use crate::durable::{ControlMessage, StandbyRoom};
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::interfaces::state::Role;

/// How often a guest tries to join a room.
const JOIN_TRIES: u32 = 4;
/// How many rooms a guest joins in a minute: half of what a base Registry admits from one address, and as many as it lets
/// a host make.
const JOINS: (usize, Duration) = (5, Duration::from_secs(60));

/// A room that a guest was told of.
#[derive(Debug)]
struct Named {
    room: RoomCode,
    join_code: JoinCode,
    /// It was named in a room that is used up, not by a host that is connected.
    next: bool,
}

#[derive(Debug)]
struct Joining {
    named: Named,
    tries: u32,
    in_flight: bool,
}

/// What a guest is joining.
#[derive(Debug)]
pub(super) struct Joins {
    present: Option<Joining>,
    /// Named while that was being joined. The last is the one that counts.
    then: Option<Named>,
    budget: Budget,
    /// The last try has failed, and the next does not come before this.
    not_before: Duration,
}

impl Default for Joins {
    fn default() -> Self {
        Self { present: None, then: None, budget: Budget::new(JOINS.0, JOINS.1), not_before: Duration::ZERO }
    }
}

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
        match self.known_standby(&room) {
            Some(expires_at) => self.say(ControlMessage::StandbyReady { room, expires_at }),
            None => self.join_named(Named { room, join_code, next: false }),
        }
    }

    /// When that room expires, if this side is in it: it may be the one in which it looks for the host just now.
    fn known_standby(&self, code: &RoomCode) -> Option<EpochMs> {
        let here = self.detour.as_ref().filter(|detour| !detour.gone && !detour.used && detour.info.code == *code);
        let known = self.standby.rooms.iter().find(|known| known.code == *code);
        here.map(|here| here.info.expires_at).or(known.map(|known| known.expires_at))
    }

    /// The guest is told of a room by a note in the one before it.
    pub(super) fn join_next(&mut self, room: RoomCode, join_code: JoinCode) {
        let known = self.standby.next.as_ref().is_some_and(|next| next.code == room);
        if self.role() == Some(Role::Guest) && !known {
            self.join_named(Named { room, join_code, next: true });
        }
    }

    /// Joins a room, or, while another is being joined, after that.
    fn join_named(&mut self, named: Named) {
        let joins = &mut self.standby.joins;
        match &mut joins.present {
            Some(joining) if joining.named.room == named.room => {
                joining.named.next = named.next;
                joins.then = None;
            }
            Some(joining) if joining.in_flight => joins.then = Some(named),
            present => {
                *present = Some(Joining { named, tries: 0, in_flight: false });
                self.retry_joining();
            }
        }
    }

    /// Joins the room that is to be joined, as soon as it is time for that.
    pub(super) fn retry_joining(&mut self) {
        let guest_user_name = self.room.as_ref().and_then(|room| room.info.guest_user_name.clone());
        let Some(guest_user_name) = guest_user_name.or_else(|| UserName::parse("guest").ok()) else { return };
        let now = self.now.monotonic;
        let joins = &mut self.standby.joins;
        let at = joins.budget.earliest(now).max(joins.not_before);
        let Some(joining) = joins.present.as_mut().filter(|joining| !joining.in_flight) else { return };
        if at > now {
            return self.timers.set(Timer::Standby, at);
        }
        (joining.in_flight, joining.tries) = (true, joining.tries + 1);
        let (room, join_code) = (joining.named.room.clone(), joining.named.join_code.clone());
        self.request(Request::JoinStandby { room, join_code, guest_user_name });
    }

    pub(super) fn on_standby_joined(
        &mut self,
        number: u32,
        room: &RoomCode,
        result: Result<RoomJoinResponse, RequestError>,
    ) {
        let now = self.now.monotonic;
        let joins = &mut self.standby.joins;
        let Some(joining) = joins.present.take_if(|joining| joining.named.room == *room) else {
            return self.on_stale_answer(number);
        };
        if is_counted(&result) {
            joins.budget.spend(now);
        }
        match result {
            Ok(response) => self.on_joined(joining.named, response),
            // It may be that an answer was lost; but it may also be that nothing had arrived.
            Err(error) if error.retryable() && (joining.named.next || joining.tries < JOIN_TRIES) => {
                joins.not_before = now + error.retry_after().unwrap_or_default().max(RETRY / 5);
                joins.present = Some(Joining { in_flight: false, ..joining });
                self.retry_joining();
            }
            Err(_) => {
                joins.not_before = now + RETRY / 5;
                self.say(ControlMessage::StandbyRefused { room: joining.named.room });
            }
        }
        if let Some(Named { room, join_code, next }) = self.standby.joins.then.take() {
            if next { self.join_next(room, join_code) } else { self.join_standby(room, join_code) }
        }
    }

    fn on_joined(&mut self, named: Named, response: RoomJoinResponse) {
        let RoomJoinResponse { guest_token: token, expires_at } = response;
        let room = named.room;
        self.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        let joined = StandbyRoom { code: room.clone(), token, join_code: None, expires_at };
        if named.next && self.ladder.is_some() {
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

/// Whether the Registry has counted a join. One that it did not answer has not arrived, as a rule.
fn is_counted(result: &Result<RoomJoinResponse, RequestError>) -> bool {
    match result {
        Ok(_) => true,
        Err(error @ RequestError::Api(_)) => !error.retryable() || error.code() == Some(&ErrorCode::RateLimited),
        Err(_) => false,
    }
}
