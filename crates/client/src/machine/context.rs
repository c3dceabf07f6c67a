use std::time::Duration;

use registry_protocol::EpochMs;

use super::control::ControlMessage;
use super::effect::{Effect, Request, RtcAction};
use super::registry_clock::RegistryClock;
use super::timers::{Timer, Timers};
use crate::event::Event;
use crate::interfaces::clock::Now;
use crate::settings::Settings;

/// What every part of the machine works with: the settings, the time, the timers, and where it puts what is to be done.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) settings: Settings,
    pub(super) rng: fastrand::Rng,
    pub(super) registry_clock: RegistryClock,
    /// Whether exchanges must be permitted before the first one (CORS preflight).
    pub(super) needs_permission: bool,
    now: Now,
    timers: Timers,
    attempt: u32,
    effects: Vec<Effect>,
}

impl Context {
    /// All randomness (jitter, session identifiers) comes from `seed`.
    pub(super) fn new(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            rng: fastrand::Rng::with_seed(seed),
            registry_clock: RegistryClock::default(),
            needs_permission: true,
            now: Now::default(),
            timers: Timers::default(),
            attempt: 0,
            effects: Vec::new(),
        }
    }

    /// It is `now`. Returns whether the device's clock has jumped: it was set forward, or the device has slept.
    pub(super) fn set_now(&mut self, now: Now) -> bool {
        self.now = now;
        self.registry_clock.read(now)
    }

    /// The monotonic time.
    pub(super) fn now(&self) -> Duration {
        self.now.monotonic
    }

    /// The number of the current attempt. It counts everything that can leave stragglers behind: admissions, handshakes,
    /// releases.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// From now on everything that belongs to an earlier attempt is stale.
    pub(super) fn next_attempt(&mut self) {
        self.attempt += 1;
    }

    /// Sets a timer, in the place of any earlier deadline of its.
    pub(super) fn after(&mut self, timer: Timer, pause: Duration) {
        self.at(timer, self.now() + pause);
    }

    /// Sets a timer to a moment of the monotonic clock.
    pub(super) fn at(&mut self, timer: Timer, moment: Duration) {
        self.timers.set(timer, moment);
    }

    pub(super) fn cancel(&mut self, timer: Timer) {
        self.timers.cancel(timer);
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.timers.is_set(timer)
    }

    pub(super) fn timers(&mut self) -> &mut Timers {
        &mut self.timers
    }

    /// When the next timer is due, by the monotonic clock.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        self.timers.next()
    }

    /// How long it is until that moment of the Registry's clock; zero if it is over.
    pub(super) fn time_until(&self, moment: EpochMs) -> Duration {
        self.registry_clock.when(moment).saturating_sub(self.now())
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Adds an event to the trace.
    pub(super) fn record(&mut self, event: Event) {
        self.push(Effect::Record(event));
    }

    /// Makes a call to the Registry on behalf of the current attempt.
    pub(super) fn request(&mut self, request: Request) {
        self.push(Effect::Request(self.attempt, request));
    }

    /// Does something with the peer connection on behalf of the current attempt.
    pub(super) fn rtc(&mut self, action: RtcAction) {
        self.push(Effect::Rtc(self.attempt, action));
    }

    /// Sends a message on the control channel; it is lost if that is not open.
    pub(super) fn send(&mut self, message: ControlMessage) {
        self.push(Effect::Send(message));
    }

    /// What is to be done since the last call.
    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

/// A duration as milliseconds.
pub(super) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
