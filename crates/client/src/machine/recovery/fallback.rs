//! Fallback rooms: where two durable peers meet when their connection is lost.
//!
//! While they are connected the host makes a room, names it to the guest on the control channel, and the guest joins it at
//! once, so that all that is needed later is at hand. Before half of its life is over the host makes the next. It gives up
//! the old one only when the guest has confirmed that it is in the new one; so there is always one that both know.
//!
//! A room in which an offer was answered is used up. The host names the next one there, in a note.

use std::time::Duration;

use registry_protocol::limits::RATE_CREATE;

use super::joins::Joins;
use super::rooms::Rooms;
use crate::event::{Event, StandbyStep};
use crate::machine::budget::Budget;
use crate::machine::context::Context;
use crate::machine::effect::Request;
use crate::machine::input::CommandId;
use crate::machine::saved::{FallbackRoom, SavedFallback};
use crate::machine::signalling::Signalling;
use crate::machine::timers::Timer;
use crate::types::state::{Role, RoomInfo};

/// The pause after a fallback room could not be made or joined.
pub(super) const RETRY: Duration = Duration::from_secs(5);

/// The fallback rooms, and the meeting in one of them.
#[derive(Debug)]
pub(in crate::machine) struct Fallback {
    pub(super) rooms: Rooms,
    /// The one in which the peers meet now.
    pub(super) meeting: Option<Signalling>,
    /// The one in which the peers met last. It is used up; but as long as there is none after it that both know for certain,
    /// the next is named there.
    pub(super) last: Option<Signalling>,
    /// A host's room is being made; by this number the answer is known.
    pub(super) making: Option<u32>,
    /// How many rooms in a row the guest has refused.
    pub(super) refused: u32,
    pub(super) joins: Joins,
    /// Rooms that were made: two of the five a minute that a Registry admits are left to the application.
    pub(super) creations: Budget,
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
    fn choose(&mut self, cx: &mut Context, role: Role) -> Option<FallbackRoom> {
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
        let meeting = self.meeting.as_mut().filter(|meeting| !meeting.is_lasting());
        if meeting.is_some_and(Signalling::use_up) {
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
            Some(meeting) if meeting.is_lasting() => self.meeting = Some(meeting),
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
    /// Returns how many there are, for the `command` that waits for that. This side's `own` room is not among them.
    pub(in crate::machine) fn leave(
        &mut self,
        cx: &mut Context,
        own: Option<&RoomInfo>,
        command: Option<CommandId>,
        keepalive: bool,
    ) -> u32 {
        let (rooms, meeting, last) = (std::mem::take(&mut self.rooms), self.meeting.take(), self.last.take());
        self.clear();
        let Some(own) = own.filter(|own| own.role == Role::Host) else { return 0 };
        let met = meeting.into_iter().chain(last).filter(|room| !room.is_gone());
        let mut count = 0;
        let all = rooms.into_iter().chain(met.map(|room| room_of(&room)));
        for FallbackRoom { code: room, token, .. } in all.filter(|room| room.code != own.code) {
            cx.request(Request::CloseRoom { room, token, keepalive, command });
            count += 1;
        }
        count
    }

    /// Forgets all rooms; how many were made in the last minute is remembered.
    pub(in crate::machine) fn clear(&mut self) {
        let creations = std::mem::take(self).creations;
        self.creations = creations;
    }

    /// What a reloaded page needs to meet the peer.
    pub(in crate::machine) fn save(&self) -> SavedFallback {
        let meeting = self.meeting.as_ref().or(self.last.as_ref()).filter(|meeting| !meeting.is_gone());
        SavedFallback {
            meeting: meeting.map(room_of),
            meeting_used: meeting.is_some_and(Signalling::is_used),
            attempt: meeting.map_or(0, Signalling::newest_attempt),
            ..self.rooms.save()
        }
    }

    /// Continues with what a page had saved before it was reloaded.
    pub(in crate::machine) fn restore(&mut self, cx: &Context, own: &RoomInfo, mut saved: SavedFallback) {
        let (used, attempt) = (saved.meeting_used, saved.attempt);
        self.meeting = saved.meeting.take().map(|room| {
            let mut meeting = Signalling::of_fallback(cx, info_of(own, room)).after_attempt(attempt);
            if used {
                meeting.use_up();
            }
            meeting
        });
        self.rooms = Rooms::restored(saved);
    }
}

/// Closes a room that nobody needs any more.
pub(super) fn close(cx: &mut Context, room: FallbackRoom) {
    let FallbackRoom { code: room, token, .. } = room;
    cx.request(Request::CloseRoom { room, token, keepalive: false, command: None });
}

/// A room in which the peers were to meet, as one in which they can meet later.
fn room_of(meeting: &Signalling) -> FallbackRoom {
    let RoomInfo { code, token, join_code, expires_at, .. } = meeting.info().clone();
    FallbackRoom { code, token, join_code, expires_at }
}

/// A fallback room as one in which this side has the role and the names of its `own` room.
fn info_of(own: &RoomInfo, room: FallbackRoom) -> RoomInfo {
    let FallbackRoom { code, token, join_code, expires_at } = room;
    RoomInfo { code, token, join_code, expires_at, ..own.clone() }
}
