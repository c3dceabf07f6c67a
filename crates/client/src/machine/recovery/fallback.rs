//! Fallback rooms: where two durable peers meet when their connection is lost.
//!
//! While they are connected the host makes a room, names it to the guest on the control channel, and the guest joins it at
//! once, so that all that is needed later is at hand. Before half of its life is over the host makes the next. It gives up
//! the old one only when the guest has confirmed that it is in the new one; so there is always one that both know.
//!
//! A room in which an offer was answered is used up. The host names the next one there, in a note.

use std::time::Duration;

use registry_protocol::limits::RATE_CREATE;
use registry_protocol::{EpochMs, RoomCode, RoomCreationResponse, UserName};

use super::joining::Joins;
use super::rooms::Rooms;
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::interfaces::state::{Role, RoomInfo};
use crate::machine::budget::Budget;
use crate::machine::context::Context;
use crate::machine::control::{ControlMessage, Note};
use crate::machine::effect::Request;
use crate::machine::input::CommandId;
use crate::machine::saved::{SavedStandby, StandbyRoom};
use crate::machine::signalling::Signalling;
use crate::machine::timers::Timer;

/// Shortest and longest time until the next fallback room is made, whatever the peer says about when one expires.
const ROTATION: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(150));
/// The pause after a fallback room could not be made or joined.
pub(super) const RETRY: Duration = Duration::from_secs(5);

/// The fallback rooms, and the meeting in one of them.
#[derive(Debug)]
pub(in crate::machine) struct Fallback {
    pub(super) rooms: Rooms,
    /// The one in which the peers meet now.
    meeting: Option<Signalling>,
    /// The one in which the peers met last. It is used up; but as long as there is none after it that both know for certain,
    /// the next is named there.
    pub(super) last: Option<Signalling>,
    /// A host's room is being made; by this number the answer is known.
    making: Option<u32>,
    /// How many rooms in a row the guest has refused.
    refused: u32,
    pub(super) joins: Joins,
    /// Rooms that were made: two of the five a minute that a Registry admits are left to the application.
    creations: Budget,
}

impl Default for Fallback {
    fn default() -> Self {
        let creations = Budget::new(RATE_CREATE.count as usize - 2, Duration::from_millis(RATE_CREATE.window_ms));
        Self {
            rooms: Rooms::default(),
            meeting: None,
            last: None,
            making: None,
            refused: 0,
            joins: Joins::default(),
            creations,
        }
    }
}

impl Fallback {
    /// Whether there is a room in which the peer may be met, or may name another.
    pub(in crate::machine) fn is_usable(&self) -> bool {
        !self.rooms.is_empty() || self.last.is_some() || self.meeting.as_ref().is_some_and(|meeting| !meeting.is_gone())
    }

    /// The room in which the peers meet now.
    pub(in crate::machine) fn meeting(&self) -> Option<&Signalling> {
        self.meeting.as_ref()
    }

    /// The room in which the peers meet now.
    pub(in crate::machine) fn meeting_mut(&mut self) -> Option<&mut Signalling> {
        self.meeting.as_mut()
    }

    /// Whether the room in which the peers meet is used up; also if there is none.
    pub(in crate::machine) fn is_used_up(&self) -> bool {
        self.meeting.as_ref().is_none_or(Signalling::is_used)
    }

    /// Whether the room in which the peers meet is used up, and both know the next.
    pub(in crate::machine) fn must_move_on(&self) -> bool {
        self.meeting.as_ref().is_some_and(Signalling::is_used) && self.rooms.next_is_known()
    }

    /// A room is being made, for whatever purpose.
    pub(in crate::machine) fn count_creation(&mut self, cx: &Context) {
        self.creations.spend(cx.now());
    }

    /// Connected with a durable peer: the host provides a fallback room at once, as until then a page that is reloaded has
    /// no way back.
    pub(in crate::machine) fn plan(&self, cx: &mut Context, role: Role) {
        let planned = self.making.is_some() || cx.is_set(Timer::Standby);
        if role == Role::Host && cx.settings.reconnect_enabled && !planned {
            cx.after(Timer::Standby, Duration::ZERO);
        }
    }

    /// It is time to provide a fallback room, or something about one is tried again.
    pub(in crate::machine) fn on_due(&mut self, cx: &mut Context, own: &RoomInfo, connected: bool, recovering: bool) {
        match own.role {
            Role::Guest => self.continue_joining(cx, own),
            Role::Host if recovering => {
                if self.rooms.next.is_none() {
                    self.make_room(cx, own);
                }
            }
            Role::Host if connected => self.provide(cx, own),
            Role::Host => {}
        }
    }

    /// Provides a fallback room now: one that is at hand, or a new one.
    fn provide(&mut self, cx: &mut Context, own: &RoomInfo) {
        self.rooms.next_announced = false;
        if let Some(next) = self.rooms.next.take() {
            self.rooms.announced = Some(next);
        }
        if self.rooms.announced.is_some() {
            return self.announce(cx);
        }
        let moment = self.creations.earliest(cx.now());
        if moment > cx.now() { cx.at(Timer::Standby, moment) } else { self.make_room(cx, own) }
    }

    /// Makes a room for the time after the present one.
    pub(in crate::machine) fn make_room(&mut self, cx: &mut Context, own: &RoomInfo) {
        if self.making.is_some() {
            return;
        }
        let Some(host_user_name) = own.host_user_name.clone().or_else(|| UserName::parse("host").ok()) else { return };
        self.count_creation(cx);
        self.making = Some(cx.attempt());
        cx.request(Request::MakeFallback { host_user_name });
    }

    /// Whether the answer with this number is about the room that is being made. It is not awaited any more then.
    pub(in crate::machine) fn take_making(&mut self, number: u32) -> bool {
        self.making.take_if(|making| *making == number).is_some()
    }

    /// Nobody needs the room that is being made any more. Returns by what number its answer is known.
    pub(in crate::machine) fn disown_making(&mut self) -> Option<u32> {
        self.making.take()
    }

    /// A room is made, or could not be.
    pub(in crate::machine) fn on_made(
        &mut self,
        cx: &mut Context,
        result: Result<RoomCreationResponse, RequestError>,
        recovering: bool,
    ) {
        let response = match result {
            Ok(response) => response,
            Err(error) => return cx.after(Timer::Standby, error.retry_after().unwrap_or(RETRY).max(RETRY / 5)),
        };
        cx.record(Event::Standby { step: StandbyStep::Made, expires_at: Some(response.expires_at) });
        let RoomCreationResponse { code, owner_token: token, join_code, expires_at } = response;
        let room = StandbyRoom { code, token, join_code: Some(join_code), expires_at };
        if recovering {
            self.rooms.next = Some(room);
            self.announce_next(cx);
        } else {
            self.rooms.announced = Some(room);
            self.announce(cx);
        }
    }

    /// Names the room to a connected guest, again and again until it confirms.
    fn announce(&self, cx: &mut Context) {
        let announced = self.rooms.announced.clone();
        let Some(StandbyRoom { code: room, join_code: Some(join_code), .. }) = announced else { return };
        cx.send(ControlMessage::Standby { room, join_code });
        cx.after(Timer::Standby, RETRY);
    }

    /// Names the next room to a guest that reads in the present one.
    pub(in crate::machine) fn announce_next(&mut self, cx: &mut Context) {
        let Some(StandbyRoom { code, join_code: Some(join_code), .. }) = self.rooms.next.clone() else { return };
        if let Some(meeting) = self.meeting.as_mut().filter(|_| !self.rooms.next_announced) {
            meeting.post_note(cx, &Note::Next(code, join_code));
        }
    }

    /// The next room is named in the present one.
    pub(in crate::machine) fn on_next_announced(&mut self) {
        self.rooms.next_announced = true;
    }

    /// The host sees to it that there is a next room, and that the guest learns of it.
    pub(in crate::machine) fn provide_next(&mut self, cx: &mut Context, own: &RoomInfo) {
        if self.rooms.next.is_none() {
            self.make_room(cx, own);
        }
        self.announce_next(cx);
    }

    /// The guest confirms that it is in the room, which expires then.
    pub(in crate::machine) fn on_ready(&mut self, cx: &mut Context, room: &RoomCode, expires_at: EpochMs) {
        let Some(mut ready) = self.rooms.announced.take_if(|announced| announced.code == *room) else { return };
        ready.expires_at = expires_at;
        self.refused = 0;
        for old in std::mem::take(&mut self.rooms.ready) {
            close(cx, old);
        }
        self.rooms.ready.push(ready);
        cx.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        let half = (cx.time_until(expires_at) / 2).clamp(ROTATION.0, ROTATION.1);
        cx.after(Timer::Standby, half);
    }

    /// The guest could not join the room.
    pub(in crate::machine) fn on_refused(&mut self, cx: &mut Context, room: &RoomCode) {
        if let Some(announced) = self.rooms.announced.take_if(|announced| announced.code == *room) {
            close(cx, announced);
            // A guest that refuses them all must not keep this side making them.
            cx.after(Timer::Standby, RETRY.saturating_mul(1 << self.refused.min(4)).min(ROTATION.0));
            self.refused += 1;
        }
    }

    /// Goes to the room in which the peer is to be met, if possible another than one that is used up. Returns whether there
    /// is one.
    pub(in crate::machine) fn go_to_meeting(&mut self, cx: &mut Context, own: &RoomInfo) -> bool {
        let known = self.rooms.next_is_known() || !self.rooms.ready.is_empty();
        let next = match &self.meeting {
            None if self.must_name_next(own.role) => {
                self.meeting = self.last.take();
                self.rooms.next = self.rooms.announced.take().or(self.rooms.next.take());
                self.rooms.next_announced = false;
                return true;
            }
            None => None,
            Some(meeting) if meeting.is_gone() || (meeting.is_used() && known) => {
                self.rooms.next.take_if(|_| self.rooms.ready.is_empty())
            }
            // Also one that is used up: there the next is named.
            Some(_) => return true,
        };
        let room = next.or_else(|| self.choose(cx, own.role));
        if room.is_some() {
            self.rooms.next_announced = false;
        }
        self.meeting = room.map(|room| Signalling::of_fallback(cx, info_of(own, room)));
        self.meeting.is_some()
    }

    /// Whether the way to the next room leads through the last: a host must name it there, a guest waits for its name.
    fn must_name_next(&self, role: Role) -> bool {
        let known = role == Role::Guest && self.rooms.next.is_some();
        self.rooms.ready.is_empty() && !known && self.last.is_some()
    }

    /// The room in which the peer is to be met, as far as this side knows. A host does not use one of which it does not know
    /// whether the guest is in it, unless there is no other: it closes it, so that the guest looks in the one before.
    fn choose(&mut self, cx: &mut Context, role: Role) -> Option<StandbyRoom> {
        if role == Role::Host {
            match (self.rooms.ready.is_empty(), self.rooms.announced.take()) {
                (true, Some(announced)) => self.rooms.ready.push(announced),
                (false, Some(announced)) => close(cx, announced),
                (_, None) => {}
            }
            // It was to be renewed; now there will be another.
            cx.cancel(Timer::Standby);
        }
        let chosen = self.rooms.ready.pop().or_else(|| self.rooms.next.take())?;
        cx.record(Event::Standby { step: StandbyStep::Used, expires_at: Some(chosen.expires_at) });
        Some(chosen)
    }

    /// An offer was answered in the room in which the peers meet: it is used up, and older ones are of no use any more.
    pub(in crate::machine) fn use_up_meeting(&mut self) {
        if self.meeting.as_mut().is_some_and(Signalling::use_up) {
            self.rooms.ready.clear();
        }
    }

    /// The room in which the peers meet is closed or expired. A next one that the guest has not heard of is of no use.
    pub(in crate::machine) fn on_meeting_gone(&mut self, cx: &mut Context) {
        cx.record(Event::Standby { step: StandbyStep::Gone, expires_at: None });
        if let Some(meeting) = &mut self.meeting {
            meeting.set_gone();
        }
        if let Some(unknown) = self.rooms.take_unknown() {
            close(cx, unknown);
        }
    }

    /// The peers are connected again; with `answered`, by a handshake in the room in which they met.
    pub(in crate::machine) fn on_connected(&mut self, cx: &mut Context, answered: bool) {
        match self.meeting.take().filter(|meeting| !meeting.is_gone()) {
            Some(meeting) if answered || meeting.is_used() => self.keep_as_last(cx, meeting),
            // The guest need not have gone there; it is as good as before.
            Some(meeting) => self.rooms.ready.push(room_of(&meeting)),
            None => {}
        }
    }

    /// The room in which the peers have met is kept until they meet in another: the guest may still be writing there.
    fn keep_as_last(&mut self, cx: &mut Context, mut room: Signalling) {
        room.use_up();
        let before = self.last.replace(room);
        if let Some(before) = before.filter(|before| !before.is_gone() && before.role() == Role::Host) {
            close(cx, room_of(&before));
        }
    }

    /// Everything is over: a host closes the rooms that nobody needs any more; with `keepalive` that outlives the page.
    /// Returns how many there are, for the `command` that waits for that.
    pub(in crate::machine) fn leave(
        &mut self,
        cx: &mut Context,
        role: Option<Role>,
        command: Option<CommandId>,
        keepalive: bool,
    ) -> u32 {
        let (rooms, meeting, last) = (std::mem::take(&mut self.rooms), self.meeting.take(), self.last.take());
        self.forget();
        if role != Some(Role::Host) {
            return 0;
        }
        let met = meeting.into_iter().chain(last).filter(|room| !room.is_gone());
        let mut count = 0;
        for StandbyRoom { code: room, token, .. } in rooms.into_iter().chain(met.map(|room| room_of(&room))) {
            cx.request(Request::CloseRoom { room, token, keepalive, command });
            count += 1;
        }
        count
    }

    /// Forgets all rooms; how many were made in the last minute is remembered.
    pub(in crate::machine) fn forget(&mut self) {
        let creations = std::mem::take(self).creations;
        self.creations = creations;
    }

    /// What a reloaded page needs to meet the peer.
    pub(in crate::machine) fn save(&self) -> SavedStandby {
        let meeting = self.meeting.as_ref().or(self.last.as_ref()).filter(|meeting| !meeting.is_gone());
        SavedStandby {
            detour: meeting.map(room_of),
            detour_used: meeting.is_some_and(Signalling::is_used),
            ..self.rooms.save()
        }
    }

    /// Continues with what a page had saved before it was reloaded.
    pub(in crate::machine) fn restore(&mut self, cx: &Context, own: &RoomInfo, mut saved: SavedStandby) {
        let used = saved.detour_used;
        self.meeting = saved.detour.take().map(|room| {
            let mut meeting = Signalling::of_fallback(cx, info_of(own, room));
            if used {
                meeting.use_up();
            }
            meeting
        });
        self.rooms = Rooms::restored(saved);
    }
}

/// Closes a room that nobody needs any more.
pub(super) fn close(cx: &mut Context, room: StandbyRoom) {
    let StandbyRoom { code: room, token, .. } = room;
    cx.request(Request::CloseRoom { room, token, keepalive: false, command: None });
}

/// A room in which the peers were to meet, as one in which they can meet later.
fn room_of(meeting: &Signalling) -> StandbyRoom {
    let RoomInfo { code, token, join_code, expires_at, .. } = meeting.info().clone();
    StandbyRoom { code, token, join_code, expires_at }
}

/// A fallback room as one in which this side has the role and the names of its `own` room.
fn info_of(own: &RoomInfo, room: StandbyRoom) -> RoomInfo {
    let StandbyRoom { code, token, join_code, expires_at } = room;
    RoomInfo { code, token, join_code, expires_at, ..own.clone() }
}
