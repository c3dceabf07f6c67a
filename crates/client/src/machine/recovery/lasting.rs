//! A lasting room: at a Registry with exchanges the peers meet again in the room in which they have met, as often as they
//! like. So no other is made, and there is a way back from the first moment on.
//!
//! A room lives as long as somebody asks for it, so both peers do, soon after half of its life is over.

use std::time::Duration;

use registry_protocol::{ErrorCode, RoomCode, RoomSnapshot};

use super::fallback::Fallback;
use crate::error::RequestError;
use crate::event::{Event, StandbyStep};
use crate::machine::context::Context;
use crate::machine::effect::Request;
use crate::machine::signalling::Signalling;
use crate::machine::timers::Timer;

/// Shortest and longest time until a room is asked for again, whatever the Registry says about when it expires.
const RENEWAL: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(600));

/// A Registry renews a room only in the second half of its life.
const MARGIN: Duration = Duration::from_secs(1);

impl Fallback {
    /// Connected with a durable peer in this room: if it is a lasting one, the peers can meet there again.
    pub(super) fn keep_room(&mut self, cx: &mut Context, room: &Signalling) {
        let own = room.info();
        if own.exchange && !room.is_gone() && !self.is_usable() {
            self.meeting = Some(Signalling::of_fallback(cx, own.clone()));
        }
        if let Some(expires_at) = self.lasting().map(|room| room.info().expires_at) {
            cx.record(Event::Standby { step: StandbyStep::Ready, expires_at: Some(expires_at) });
        }
    }

    /// The room in which the peers can meet as often as they like, if there is one.
    fn lasting(&self) -> Option<&Signalling> {
        self.meeting.as_ref().filter(|meeting| meeting.is_lasting() && !meeting.is_gone())
    }

    /// Whether the peers can meet in the same room as often as they like.
    pub(in crate::machine) fn is_lasting(&self) -> bool {
        self.lasting().is_some()
    }

    /// Plans to ask for the room again.
    pub(super) fn plan_renewal(&self, cx: &mut Context) {
        if let Some(room) = self.lasting() {
            let half = cx.time_until(room.info().expires_at) / 2 + MARGIN;
            cx.after(Timer::Standby, half.clamp(RENEWAL.0, RENEWAL.1));
        }
    }

    /// Asks for the room, so that it lives on. Returns whether there is one.
    pub(super) fn renew(&self, cx: &mut Context) -> bool {
        let Some(room) = self.lasting() else { return false };
        let (code, token) = (room.info().code.clone(), room.info().token.clone());
        cx.request(Request::RenewRoom { room: code, token });
        // Should there be no answer.
        cx.after(Timer::Standby, RENEWAL.0);
        true
    }

    /// The Registry has answered that. Returns whether the room is gone.
    pub(in crate::machine) fn on_renewed(
        &mut self,
        cx: &mut Context,
        code: &RoomCode,
        result: Result<RoomSnapshot, RequestError>,
    ) -> bool {
        let Some(room) = self.meeting.as_mut().filter(|room| room.info().code == *code && !room.is_gone()) else {
            return false;
        };
        match result {
            Ok(snapshot) => room.set_expiry(cx, snapshot.expires_at),
            Err(error) if error.code() == Some(&ErrorCode::NotFound) => {
                self.on_meeting_gone(cx);
                self.meeting = None;
                return true;
            }
            Err(_) => {}
        }
        self.plan_renewal(cx);
        false
    }
}
