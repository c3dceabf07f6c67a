//! How long the room lives, as far as this side knows.

use std::time::Duration;

use registry_protocol::EpochMs;

use super::lifecycle::Machine;
use super::timers::Timer;
use crate::interfaces::state::RoomLife;

impl Machine {
    /// How long it is until that moment of the Registry's; nothing when it is over.
    pub(super) fn time_until(&self, moment: EpochMs) -> Duration {
        self.registry_clock.when(moment).saturating_sub(self.now.monotonic)
    }

    /// Nobody knows how much of the room's life is over: the Registry does.
    pub(super) fn hurry_expiry(&mut self) {
        if self.timers.is_set(Timer::RoomExpiry) {
            self.after(Timer::RoomExpiry, Duration::ZERO);
        }
    }

    /// What this side knows of how long the application's room lives.
    pub(crate) fn room_life(&self) -> RoomLife {
        match &self.room {
            Some(room) if room.gone => RoomLife::Over,
            Some(room) if room.expiry_is_known() => RoomLife::Until(self.registry_clock.when(room.info.expires_at)),
            _ => RoomLife::Unknown,
        }
    }
}
