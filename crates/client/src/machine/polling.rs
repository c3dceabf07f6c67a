//! What is asked of the Registry, and when. Specification: *Implementation Considerations · Polling Strategy*.

use std::time::Duration;

use registry_protocol::limits::{RATE_SNAPSHOT, RATE_WAIT};

use super::attempt::Via;
use super::backoff::{Backoff, jitter};
use super::budget::Budget;
use super::candidates::half_of;
use super::effect::RoomCall;
use super::lifecycle::Machine;
use super::timers::Timer;
use super::waiting::Support;
use crate::error::RequestError;
use crate::event::{Event, PollKind};
use crate::interfaces::state::{ConnectionState, Role};
use crate::settings::Settings;

/// How many quick polls follow a reason to expect news.
const QUICK_POLLS: u32 = 4;
/// How many at medium pace follow those.
const MEDIUM_POLLS: u32 = 4;
/// The medium pace.
const MEDIUM_PAUSE: Duration = Duration::from_secs(1);

/// One of the two polls: never two requests of it in flight, the next planned when the last one is answered.
#[derive(Debug, Default)]
pub(super) struct Poll {
    pub(super) running: bool,
    pub(super) in_flight: bool,
    /// Polls without news since the last reason to expect some.
    pub(super) idle: u32,
    pub(super) backoff: Backoff,
    /// The Registry has asked not to be polled before this.
    not_before: Option<Duration>,
    /// The pause that was announced last.
    announced: Option<Duration>,
    /// When the last request went out, and how long it may wait for news.
    pub(super) asked: (Duration, Duration),
    /// Answers in a row that brought candidates and nothing else.
    pub(super) trickle: u32,
}

impl Poll {
    pub(super) fn answered(&mut self) {
        self.in_flight = false;
    }

    /// The pause to the next poll, before jitter: quick at first, slower while nothing changes.
    pub(super) fn pause(&self, settings: &Settings) -> Duration {
        let (quick, slow) = (settings.poll_interval, settings.poll_interval_max.max(settings.poll_interval));
        match self.idle {
            0..QUICK_POLLS => quick,
            idle if idle < QUICK_POLLS + MEDIUM_POLLS => MEDIUM_PAUSE.clamp(quick, slow),
            _ => slow,
        }
    }
}

/// Both polls. A base Registry limits snapshots, for both peers together.
#[derive(Debug)]
pub(super) struct Polls {
    pub(super) room: Poll,
    pub(super) candidates: Poll,
    budget: Budget,
    wait_budget: Budget,
    pub(super) support: Support,
}

impl Default for Polls {
    fn default() -> Self {
        Self {
            room: Poll::default(),
            candidates: Poll::default(),
            budget: half_of(RATE_SNAPSHOT),
            wait_budget: half_of(RATE_WAIT),
            support: Support::Unknown,
        }
    }
}

impl Polls {
    /// Whether one request that waits for news takes the place of both polls.
    pub(super) fn waits(&self) -> bool {
        matches!(self.support, Support::Waits(_))
    }

    /// What limits the requests for the room.
    pub(super) fn room_budget(&mut self) -> &mut Budget {
        if self.waits() { &mut self.wait_budget } else { &mut self.budget }
    }
}

impl Machine {
    fn poll_mut(&mut self, kind: PollKind) -> &mut Poll {
        match kind {
            PollKind::Room => &mut self.polls.room,
            PollKind::Candidates => &mut self.polls.candidates,
        }
    }

    /// Whether the phase calls for this poll: the guest asks for the room until it has the offer, the host from its
    /// offer on until it has the answer; both ask for candidates from their own description on, a host not before
    /// there is a guest.
    fn wanted(&self, kind: PollKind) -> bool {
        let Some(room) = self.signalling_room().filter(|room| !room.gone) else { return false };
        if self.state != ConnectionState::Connecting || self.attempt.via != Via::Registry {
            return false;
        }
        let negotiation = &self.attempt.negotiation;
        match kind {
            PollKind::Room => {
                let begun = room.info.role == Role::Guest || negotiation.is_posted();
                begun && (self.polls.waits() || !negotiation.knows_remote())
            }
            PollKind::Candidates => {
                // In a standby room that is used up the guest looks for the one after it.
                let begun = negotiation.is_posted() || (room.used && room.info.role == Role::Guest);
                !self.polls.waits() && begun && room.guest_is_there()
            }
        }
    }

    /// Begins what the phase calls for, and ends what it does not.
    pub(super) fn update_polls(&mut self) {
        for kind in [PollKind::Room, PollKind::Candidates] {
            let (wanted, running) = (self.wanted(kind), self.poll_mut(kind).running);
            if wanted && !running {
                let poll = self.poll_mut(kind);
                *poll = Poll { running: true, in_flight: poll.in_flight, ..Poll::default() };
                self.poll(kind);
            } else if running && !wanted {
                self.stop_poll(kind);
            }
        }
    }

    pub(super) fn stop_polls(&mut self) {
        self.stop_poll(PollKind::Room);
        self.stop_poll(PollKind::Candidates);
    }

    /// Whether the Registry has failed to answer the last poll of the room.
    pub(super) fn room_poll_is_failing(&self) -> bool {
        self.polls.room.backoff.failures() > 0
    }

    fn stop_poll(&mut self, kind: PollKind) {
        let poll = self.poll_mut(kind);
        if std::mem::take(&mut poll.running) {
            if kind == PollKind::Room {
                self.give_up_waiting();
            }
            self.timers.cancel(timer_of(kind));
            self.record(Event::PollingStopped { kind });
        }
    }

    pub(super) fn poll_room(&mut self) {
        self.poll(PollKind::Room);
    }

    pub(super) fn poll_candidates(&mut self) {
        self.poll(PollKind::Candidates);
    }

    /// Polls now, or when the budget allows.
    pub(super) fn poll(&mut self, kind: PollKind) {
        let now = self.now.monotonic;
        if self.poll_mut(kind).in_flight {
            return;
        }
        let asked = self.poll_mut(kind).not_before.unwrap_or(now).max(now);
        let at = if kind == PollKind::Room { self.polls.room_budget().earliest(now).max(asked) } else { asked };
        if at > now {
            return self.timers.set(timer_of(kind), at);
        }
        if kind == PollKind::Room {
            self.polls.room_budget().spend(now);
        }
        self.timers.cancel(timer_of(kind));
        let wait = if kind == PollKind::Room { self.next_wait() } else { None };
        let poll = self.poll_mut(kind);
        (poll.in_flight, poll.asked) = (true, (now, wait.map_or(Duration::ZERO, |(wait, _)| wait)));
        self.ask_room(match (kind, wait) {
            (PollKind::Room, None) => RoomCall::Read,
            (PollKind::Room, Some((wait, since))) => RoomCall::Wait { since, wait },
            (PollKind::Candidates, _) => RoomCall::ReadCandidates,
        });
    }

    /// The room was shown, with or without a change of itself and new candidates.
    pub(super) fn room_poll_answered(&mut self, changed: bool, any_new: bool, waited: bool) {
        if self.polls.waits() && self.polls.room.running {
            self.plan_wait(changed, any_new, waited);
        } else {
            self.plan(PollKind::Room, changed);
        }
    }

    pub(super) fn candidate_poll_answered(&mut self, changed: bool) {
        self.plan(PollKind::Candidates, changed);
    }

    fn plan(&mut self, kind: PollKind, changed: bool) {
        let poll = self.poll_mut(kind);
        poll.backoff.reset();
        poll.idle = if changed { 0 } else { poll.idle.saturating_add(1) };
        self.plan_next(kind);
    }

    /// Plans the next poll at the present pace.
    fn plan_next(&mut self, kind: PollKind) {
        let now = self.now.monotonic;
        let pause = match kind {
            PollKind::Room => self.polls.room.pause(&self.settings),
            PollKind::Candidates => self.polls.candidates.pause(&self.settings),
        };
        let mut at = now + jitter(pause, &self.settings, &mut self.rng);
        if kind == PollKind::Room {
            at = self.polls.room_budget().paced(now, at);
        }
        self.announce(kind, pause);
        if self.poll_mut(kind).running {
            self.timers.set(timer_of(kind), at);
        }
    }

    fn announce(&mut self, kind: PollKind, pause: Duration) {
        let poll = self.poll_mut(kind);
        if poll.running && poll.announced.replace(pause) != Some(pause) {
            self.record(Event::Polling { kind, interval_ms: pause.as_secs_f64() * 1000.0 });
        }
    }

    pub(super) fn room_poll_failed(&mut self, error: &RequestError) {
        self.back_off(PollKind::Room, error);
    }

    pub(super) fn candidate_poll_failed(&mut self, error: &RequestError) {
        self.back_off(PollKind::Candidates, error);
    }

    fn back_off(&mut self, kind: PollKind, error: &RequestError) {
        let longest = self.longest_retry_pause();
        let (settings, rng) = (&self.settings, &mut self.rng);
        let (poll, operation) = match kind {
            PollKind::Room => (&mut self.polls.room, crate::interfaces::registry::Operation::GetRoom),
            PollKind::Candidates => (&mut self.polls.candidates, crate::interfaces::registry::Operation::GetCandidates),
        };
        let pause = poll.backoff.next(error.retry_after(), settings, longest, rng);
        poll.not_before = error.retry_after().map(|after| self.now.monotonic + after);
        let (failures, running) = (poll.backoff.failures(), poll.running);
        if running {
            let delay_ms = pause.as_secs_f64() * 1000.0;
            self.record(Event::Retry { operation, failures, delay_ms, reason: error.to_string() });
            self.after(timer_of(kind), pause);
        }
    }

    /// There is reason to expect news: quick again, and at once where a poll is being waited for.
    pub(super) fn hurry_polls(&mut self) {
        for kind in [PollKind::Room, PollKind::Candidates] {
            let poll = self.poll_mut(kind);
            poll.idle = 0;
            if poll.running && !poll.in_flight {
                self.poll(kind);
            }
        }
    }
}

fn timer_of(kind: PollKind) -> Timer {
    match kind {
        PollKind::Room => Timer::RoomPoll,
        PollKind::Candidates => Timer::CandidatePoll,
    }
}
