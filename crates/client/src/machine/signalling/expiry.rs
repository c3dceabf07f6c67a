//! How long the application's room lives, as far as this side knows.

use std::time::Duration;

use registry_protocol::{EpochMs, ErrorCode};

use super::{Kind, Signalling};
use crate::error::{ApiError, ErrorKind, TimeoutError};
use crate::machine::context::Context;
use crate::machine::effect::{Effect, RoomCall};
use crate::machine::timers::Timer;
use crate::types::state::{Role, RoomLife};

/// A room that should have expired but is there, or that could not be read, is read again after this.
const NEXT_CHECK: Duration = Duration::from_secs(10);
/// Any room is read again after this at the latest.
const LATEST_CHECK: Duration = Duration::from_secs(900);
/// The room is read so much later than it should have expired.
const MARGIN: Duration = Duration::from_secs(1);

impl Signalling {
    /// Plans to read the room when it should have expired.
    pub(in crate::machine) fn watch_expiry(&self, cx: &mut Context) {
        let left = cx.time_until(self.info.expires_at).min(LATEST_CHECK);
        cx.after(Timer::RoomExpiry, if left.is_zero() { NEXT_CHECK } else { left + MARGIN });
    }

    /// The room has been read: it expires at `expires_at`, by the Registry's clock.
    pub(super) fn on_expiry(&mut self, cx: &mut Context, expires_at: EpochMs) {
        self.set_expiry(cx, expires_at);
        if self.kind == Kind::Application && self.peer_description.is_none() {
            self.watch_expiry(cx);
        }
    }

    /// It was read elsewhere when the room expires.
    pub(in crate::machine) fn set_expiry(&mut self, cx: &mut Context, expires_at: EpochMs) {
        let renewed = std::mem::replace(&mut self.info.expires_at, expires_at) != expires_at;
        if renewed && self.kind == Kind::Application {
            cx.push(Effect::SetRoom(Box::new(self.info.clone())));
        }
    }

    /// The room should have expired by now. Outside of a handshake it is read to find out; in one the polls do. Returns an
    /// error if a handshake must end: its time is up, and the Registry does not answer.
    pub(in crate::machine) fn on_expiry_due(&self, cx: &mut Context) -> Option<ErrorKind> {
        if self.active && self.is_failing() && self.should_have_expired(cx) {
            return Some(self.expired().into());
        }
        cx.after(Timer::RoomExpiry, NEXT_CHECK);
        if !self.active && !self.gone {
            self.call(cx, RoomCall::Read);
        }
        None
    }

    /// The Registry does not know the room any more, or says that it is closed. Returns what that means.
    pub(in crate::machine) fn on_gone(&mut self, cx: &mut Context, error: ApiError) -> ErrorKind {
        cx.cancel(Timer::RoomExpiry);
        let time_is_up = self.should_have_expired(cx) && self.expiry_is_known();
        self.gone = true;
        if time_is_up && error.code == ErrorCode::NotFound { self.expired().into() } else { error.into() }
    }

    /// How long the room lives, as far as this side knows.
    pub(in crate::machine) fn life(&self, cx: &Context) -> RoomLife {
        if self.gone {
            RoomLife::Over
        } else if self.expiry_is_known() {
            RoomLife::Until(cx.registry_clock.when(self.info.expires_at))
        } else {
            RoomLife::Unknown
        }
    }

    /// Whether nothing is known to have happened in the room since the Registry last told its expiry: a description of this
    /// side's extends its life, but the Registry does not tell until when.
    fn expiry_is_known(&self) -> bool {
        let shown = self.last.as_ref().is_some_and(|last| match self.info.role {
            Role::Host => last.offer.is_some(),
            Role::Guest => last.answer.is_some(),
        });
        !self.used || shown
    }

    /// Whether its time is up, by what the Registry said last.
    fn should_have_expired(&self, cx: &Context) -> bool {
        cx.time_until(self.info.expires_at) <= MARGIN
    }

    fn expired(&self) -> TimeoutError {
        TimeoutError::RoomExpired { at: self.expiry_is_known().then_some(self.info.expires_at) }
    }
}
