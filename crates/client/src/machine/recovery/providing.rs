//! A host provides fallback rooms: it makes them, and names them to its guest.

use std::time::Duration;

use registry_protocol::{EpochMs, RoomCode, RoomCreationResponse, UserName};

use super::fallback::{Fallback, RETRY, close};
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::machine::context::Context;
use crate::machine::control::{ControlMessage, Note};
use crate::machine::effect::Request;
use crate::machine::saved::FallbackRoom;
use crate::machine::signalling::Signalling;
use crate::machine::timers::Timer;
use crate::types::state::{Role, RoomInfo};

/// Shortest and longest time until the next fallback room is made, whatever the peer says about when one expires.
const ROTATION: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(150));

impl Fallback {
    /// A room is being made, for whatever purpose.
    pub(in crate::machine) fn count_creation(&mut self, cx: &Context) {
        self.creations.spend(cx.now());
    }

    /// Connected with a durable peer: they keep the room in which they have met, or, where that serves only once, the host
    /// provides a fallback room at once, as until then a page that is reloaded has no way back.
    pub(in crate::machine) fn plan(&mut self, cx: &mut Context, room: &Signalling) {
        if !cx.settings.reconnect_enabled {
            return;
        }
        self.keep_room(cx, room);
        let planned = self.making.is_some() || cx.is_set(Timer::Standby);
        if self.is_lasting() {
            self.plan_renewal(cx);
        } else if room.role() == Role::Host && !planned {
            cx.after(Timer::Standby, Duration::ZERO);
        }
    }

    /// It is time to provide a fallback room, or something about one is tried again.
    pub(in crate::machine) fn on_due(&mut self, cx: &mut Context, own: &RoomInfo, connected: bool, recovering: bool) {
        match own.role {
            _ if connected && self.renew(cx) => {}
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
        let RoomCreationResponse { code, owner_token: token, join_code, expires_at, .. } = response;
        let room = FallbackRoom { code, token, join_code: Some(join_code), expires_at };
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
        let Some(FallbackRoom { code: room, join_code: Some(join_code), .. }) = announced else { return };
        cx.send(ControlMessage::Standby { room, join_code });
        cx.after(Timer::Standby, RETRY);
    }

    /// Names the next room to a guest that reads in the present one.
    pub(in crate::machine) fn announce_next(&mut self, cx: &mut Context) {
        let Some(FallbackRoom { code, join_code: Some(join_code), .. }) = self.rooms.next.clone() else { return };
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
        if self.is_lasting() {
            return;
        }
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
}
