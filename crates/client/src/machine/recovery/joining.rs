//! A guest joins the fallback rooms that are named to it: one at a time, and at a pace of its own.
//!
//! The host can name as many as it likes. Whoever joins them all uses up what the Registry admits from its address.

use registry_protocol::{EpochMs, ErrorCode, JoinCode, RoomCode, RoomJoinResponse, UserName};

use super::fallback::{Fallback, RETRY};
use super::joins::{Joining, Named};
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::machine::context::Context;
use crate::machine::control::ControlMessage;
use crate::machine::effect::Request;
use crate::machine::saved::FallbackRoom;
use crate::machine::timers::Timer;
use crate::types::state::{Role, RoomInfo};

/// How often a guest tries to join a room.
const JOIN_TRIES: u32 = 4;
impl Fallback {
    /// The host names a room on the control channel.
    pub(in crate::machine) fn on_named(
        &mut self,
        cx: &mut Context,
        own: &RoomInfo,
        room: RoomCode,
        join_code: JoinCode,
    ) {
        if own.role != Role::Guest {
            return;
        }
        if let Some(next) = self.rooms.next.take_if(|next| next.code == room) {
            self.last = None;
            self.rooms.ready.push(next);
        }
        match self.expiry_of(&room) {
            Some(expires_at) => cx.send(ControlMessage::StandbyReady { room, expires_at }),
            None => self.join(cx, own, Named { room, join_code, next: false }),
        }
    }

    /// When that room expires, if this side is in it: it may be the one in which it looks for the host just now.
    fn expiry_of(&self, code: &RoomCode) -> Option<EpochMs> {
        let here = self.meeting().filter(|meeting| !meeting.is_gone() && !meeting.is_used());
        let here = here.map(|meeting| meeting.info()).filter(|info| info.code == *code);
        let ready = self.rooms.ready.iter().find(|ready| ready.code == *code);
        here.map(|here| here.expires_at).or(ready.map(|ready| ready.expires_at))
    }

    /// The host names the next room by a note in the present one.
    pub(in crate::machine) fn on_next_named(
        &mut self,
        cx: &mut Context,
        own: &RoomInfo,
        room: RoomCode,
        join_code: JoinCode,
    ) {
        let known = self.rooms.next.as_ref().is_some_and(|next| next.code == room);
        if own.role == Role::Guest && !known {
            self.join(cx, own, Named { room, join_code, next: true });
        }
    }

    /// Joins a room, or, while another is being joined, after that.
    fn join(&mut self, cx: &mut Context, own: &RoomInfo, named: Named) {
        let joins = &mut self.joins;
        match &mut joins.current {
            Some(joining) if joining.named.room == named.room => {
                joining.named.next = named.next;
                joins.then = None;
            }
            Some(joining) if joining.in_flight => joins.then = Some(named),
            current => {
                *current = Some(Joining { named, tries: 0, in_flight: false });
                self.continue_joining(cx, own);
            }
        }
    }

    /// Joins the room that is to be joined, as soon as it is time for that.
    pub(super) fn continue_joining(&mut self, cx: &mut Context, own: &RoomInfo) {
        let name = own.guest_user_name.clone().or_else(|| UserName::parse("guest").ok());
        let Some(guest_user_name) = name else { return };
        let joins = &mut self.joins;
        let moment = joins.budget.earliest(cx.now()).max(joins.not_before);
        let Some(joining) = joins.current.as_mut().filter(|joining| !joining.in_flight) else { return };
        if moment > cx.now() {
            return cx.at(Timer::Standby, moment);
        }
        (joining.in_flight, joining.tries) = (true, joining.tries + 1);
        let (room, join_code) = (joining.named.room.clone(), joining.named.join_code.clone());
        cx.request(Request::JoinFallback { room, join_code, guest_user_name });
    }

    /// Whether an answer about this room is awaited.
    pub(in crate::machine) fn is_joining(&self, room: &RoomCode) -> bool {
        self.joins.current.as_ref().is_some_and(|joining| joining.named.room == *room)
    }

    /// The answer to joining a room. Returns whether the next room is known now.
    pub(in crate::machine) fn on_joined(
        &mut self,
        cx: &mut Context,
        own: &RoomInfo,
        result: Result<RoomJoinResponse, RequestError>,
        recovering: bool,
    ) -> bool {
        let joins = &mut self.joins;
        let Some(joining) = joins.current.take() else { return false };
        if is_counted(&result) {
            joins.budget.spend(cx.now());
        }
        let mut next_is_known = false;
        match result {
            Ok(response) => next_is_known = self.enter(cx, joining.named, response, recovering),
            // It may be that an answer was lost; but it may also be that nothing had arrived.
            Err(error) if error.retryable() && (joining.named.next || joining.tries < JOIN_TRIES) => {
                joins.not_before = cx.now() + error.retry_after().unwrap_or_default().max(RETRY / 5);
                joins.current = Some(Joining { in_flight: false, ..joining });
                self.continue_joining(cx, own);
            }
            Err(_) => {
                joins.not_before = cx.now() + RETRY / 5;
                cx.send(ControlMessage::StandbyRefused { room: joining.named.room });
            }
        }
        match self.joins.then.take() {
            Some(Named { room, join_code, next: true }) => self.on_next_named(cx, own, room, join_code),
            Some(Named { room, join_code, next: false }) => self.on_named(cx, own, room, join_code),
            None => {}
        }
        next_is_known
    }

    /// This side is in the room. Returns whether it is the next one, after that in which the peers meet now.
    fn enter(&mut self, cx: &mut Context, named: Named, response: RoomJoinResponse, recovering: bool) -> bool {
        let RoomJoinResponse { guest_token: token, expires_at, .. } = response;
        let room = named.room;
        cx.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        let joined = FallbackRoom { code: room.clone(), token, join_code: None, expires_at };
        if named.next && recovering {
            self.rooms.next = Some(joined);
            return true;
        }
        self.last = None;
        if self.rooms.ready.len() > 1 {
            self.rooms.ready.remove(0);
        }
        self.rooms.ready.push(joined);
        cx.send(ControlMessage::StandbyReady { room, expires_at });
        false
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
