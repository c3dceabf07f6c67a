//! What is asked of the Registry, and when. Specification: *Implementation Considerations · Polling Strategy*.

use std::time::Duration;

use registry_protocol::limits::{RATE_EXCHANGE, RATE_SNAPSHOT};

use super::Signalling;
use crate::error::RequestError;
use crate::event::{Event, PollKind};
use crate::machine::backoff::{Backoff, jitter};
use crate::machine::budget::{Budget, half_of};
use crate::machine::context::{Context, ms};
use crate::machine::effect::RoomCall;
use crate::machine::timers::Timer;
use crate::settings::Settings;
use crate::types::operation::Operation;
use crate::types::state::Role;

/// This many quick polls follow a reason to expect an update.
const QUICK_POLLS: u32 = 4;
/// This many at medium pace follow those.
const MEDIUM_POLLS: u32 = 4;
/// The medium pace.
const MEDIUM_PAUSE: Duration = Duration::from_secs(1);

/// One of the two polls: never two requests of it in flight, the next planned when the last one is answered.
#[derive(Debug, Default)]
pub(super) struct Poll {
    pub(super) running: bool,
    pub(super) in_flight: bool,
    /// Polls without an update since the last reason to expect one.
    pub(super) idle: u32,
    pub(super) backoff: Backoff,
    /// The Registry has asked not to be polled before this.
    not_before: Option<Duration>,
    /// The pause that was announced last.
    announced: Option<Duration>,
    /// When the last request went out.
    pub(super) asked: Duration,
    /// How long the last request may wait: its long-poll timeout; zero for a plain request.
    pub(super) wait: Duration,
    /// Answers in a row that brought candidates and nothing else.
    pub(super) trickle: u32,
}

impl Poll {
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

/// Both polls of one room. A base Registry limits snapshots, for both peers together.
#[derive(Debug)]
pub(super) struct Polls {
    pub(super) room: Poll,
    pub(super) candidates: Poll,
    budget: Budget,
    exchange_budget: Budget,
    /// That there are long polls is announced.
    waiting_announced: bool,
}

impl Default for Polls {
    fn default() -> Self {
        Self {
            room: Poll::default(),
            candidates: Poll::default(),
            budget: half_of(RATE_SNAPSHOT),
            exchange_budget: half_of(RATE_EXCHANGE),
            waiting_announced: false,
        }
    }
}

impl Polls {
    /// What limits the requests for the room.
    pub(super) fn room_budget(&mut self, exchanges: bool) -> &mut Budget {
        if exchanges { &mut self.exchange_budget } else { &mut self.budget }
    }

    pub(super) fn of(&mut self, kind: PollKind) -> &mut Poll {
        match kind {
            PollKind::Room => &mut self.room,
            PollKind::Candidates => &mut self.candidates,
        }
    }
}

impl Signalling {
    /// Whether this poll is needed: the guest asks for the room until it has the offer, the host from its offer on until it
    /// has the answer; both ask for candidates from their own description on, a host not before there is a guest.
    fn needs(&self, kind: PollKind) -> bool {
        if !self.active || self.gone {
            return false;
        }
        let guest = self.info.role == Role::Guest;
        match kind {
            PollKind::Room => {
                (guest || self.description.posted) && (self.exchanges() || self.peer_description.is_none())
            }
            PollKind::Candidates => {
                // In a fallback room that is used up the guest learns of the next one.
                let begun = self.description.posted || (guest && self.used);
                !self.exchanges() && begun && self.guest_is_there()
            }
        }
    }

    /// Begins the polls that are needed, and stops those that are not.
    pub(in crate::machine) fn update_polls(&mut self, cx: &mut Context) {
        for kind in [PollKind::Room, PollKind::Candidates] {
            let (needed, running) = (self.needs(kind), self.polls.of(kind).running);
            if needed && !running {
                let poll = self.polls.of(kind);
                *poll = Poll { running: true, in_flight: poll.in_flight, ..Poll::default() };
                self.poll(cx, kind);
            } else if running && !needed {
                self.stop_poll(cx, kind);
            }
        }
    }

    pub(super) fn stop_polls(&mut self, cx: &mut Context) {
        self.stop_poll(cx, PollKind::Room);
        self.stop_poll(cx, PollKind::Candidates);
    }

    /// Whether the Registry has failed to answer the last poll of the room.
    pub(super) fn room_poll_is_failing(&self) -> bool {
        self.polls.room.backoff.failures() > 0
    }

    fn stop_poll(&mut self, cx: &mut Context, kind: PollKind) {
        if std::mem::take(&mut self.polls.of(kind).running) {
            if kind == PollKind::Room {
                self.abort_long_poll(cx);
            }
            cx.cancel(timer_of(kind));
            cx.record(Event::PollingStopped { kind });
        }
    }

    /// Polls now, or when the budget allows.
    pub(in crate::machine) fn poll(&mut self, cx: &mut Context, kind: PollKind) {
        let now = cx.now();
        if self.is_answering() || self.polls.of(kind).in_flight {
            return;
        }
        let poll = self.polls.of(kind);
        let asked_for = poll.not_before.unwrap_or(now).max(now);
        let (room, exchanges) = (kind == PollKind::Room, self.exchanges());
        let budget = self.polls.room_budget(exchanges);
        let moment = if room { budget.earliest(now).max(asked_for) } else { asked_for };
        if moment > now {
            return cx.at(timer_of(kind), moment);
        }
        cx.cancel(timer_of(kind));
        let call = match kind {
            PollKind::Candidates => RoomCall::ReadCandidates,
            PollKind::Room if exchanges => RoomCall::LongPoll { since: self.version, wait: self.next_wait(cx) },
            PollKind::Room => RoomCall::Read,
        };
        if room {
            self.polls.room_budget(exchanges).spend(now);
        }
        let poll = self.polls.of(kind);
        (poll.in_flight, poll.asked) = (true, now);
        if let RoomCall::LongPoll { wait, .. } = call {
            poll.wait = wait;
            if !wait.is_zero() && !std::mem::replace(&mut self.polls.waiting_announced, true) {
                cx.record(Event::Waiting { wait_ms: ms(wait) });
            }
        }
        self.call(cx, call);
    }

    /// The room was polled, with or without a change of itself and new candidates.
    pub(super) fn on_room_polled(&mut self, cx: &mut Context, changed: bool, any_new: bool) {
        if self.exchanges() && self.polls.room.running && !self.polls.room.wait.is_zero() {
            self.plan_long_poll(cx, changed, any_new);
        } else {
            self.on_polled(cx, PollKind::Room, changed || any_new);
        }
    }

    pub(super) fn on_polled(&mut self, cx: &mut Context, kind: PollKind, changed: bool) {
        let poll = self.polls.of(kind);
        poll.backoff.reset();
        poll.idle = if changed { 0 } else { poll.idle.saturating_add(1) };
        let pause = poll.pause(&cx.settings);
        let mut moment = cx.now() + jitter(cx, pause);
        if kind == PollKind::Room {
            let exchanges = self.exchanges();
            moment = self.polls.room_budget(exchanges).paced(cx.now(), moment);
        }
        let poll = self.polls.of(kind);
        if poll.running {
            if poll.announced.replace(pause) != Some(pause) {
                cx.record(Event::Polling { kind, interval_ms: ms(pause) });
            }
            cx.at(timer_of(kind), moment);
        }
    }

    pub(super) fn on_poll_failed(&mut self, cx: &mut Context, kind: PollKind, error: &RequestError) {
        let longest = self.longest_pause(cx);
        let exchanges = self.exchanges();
        let poll = self.polls.of(kind);
        let pause = poll.backoff.next(cx, error.retry_after(), longest);
        poll.not_before = error.retry_after().map(|after| cx.now() + after);
        if poll.running {
            let operation = match kind {
                PollKind::Room if exchanges => Operation::Exchange,
                PollKind::Room => Operation::GetRoom,
                PollKind::Candidates => Operation::GetCandidates,
            };
            let (failures, reason) = (poll.backoff.failures(), error.to_string());
            cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason });
            cx.after(timer_of(kind), pause);
        }
    }

    /// There is reason to expect an update: quick again, and at once where a poll is planned for later.
    pub(in crate::machine) fn hurry_polls(&mut self, cx: &mut Context) {
        for kind in [PollKind::Room, PollKind::Candidates] {
            let poll = self.polls.of(kind);
            poll.idle = 0;
            if poll.running && !poll.in_flight {
                self.poll(cx, kind);
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
