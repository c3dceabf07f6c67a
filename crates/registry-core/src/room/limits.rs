use crate::window::{Window, admit};
use crate::{Refusal, RoomRates};

/// The rate limit windows of one room, shared by both peers.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows {
    join: Window,
    snapshot: Window,
    candidates: Window,
    exchange: Window,
    signal: Window,
    signal_long: Window,
}

impl Windows {
    pub(super) fn count_join(&mut self, now: u64, rates: &RoomRates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.join, rates.join)]))
    }

    pub(super) fn count_snapshot(&mut self, now: u64, rates: &RoomRates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.snapshot, rates.snapshot)]))
    }

    pub(super) fn count_candidates(&mut self, now: u64, rates: &RoomRates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.candidates, rates.candidates)]))
    }

    pub(super) fn count_exchange(&mut self, now: u64, rates: &RoomRates) -> Result<(), Refusal> {
        limited(admit(now, [(&mut self.exchange, rates.exchange)]))
    }

    pub(super) fn count_signal(&mut self, now: u64, rates: &RoomRates) -> Result<(), Refusal> {
        let Self { signal, signal_long, .. } = self;
        limited(admit(now, [(signal, rates.signal), (signal_long, rates.signal_long)]))
    }
}

fn limited(admitted: Result<(), u64>) -> Result<(), Refusal> {
    admitted.map_err(|wait_ms| Refusal::RateLimited { wait_ms })
}
