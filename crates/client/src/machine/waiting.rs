//! Waiting for news of the room, where the Registry can do that, in the place of polls.

use std::time::Duration;

use super::effect::Effect;
use super::lifecycle::Machine;
use super::reconnect::LONGEST_WAIT;
use super::timers::Timer;
use crate::event::{Event, PollKind};
use crate::interfaces::state::Role;

/// Half the first pause in which candidates that follow one another are collected.
const COLLECT: Duration = Duration::from_millis(25);

/// How much shorter than a host a guest waits. So they ask for different addresses: of two requests of one browser for
/// the same one, Chromium's store lets the second wait for the answer to the first, and two windows would block each other.
const GUEST_IS_SHORTER: Duration = Duration::from_secs(1);

/// Whether the Registry can let a request wait for news: seen by its answers, never set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Support {
    #[default]
    Unknown,
    Base,
    /// It can; this version of the room was shown last.
    Waits(u64),
}

impl Machine {
    /// How long the next request may wait, and for what version to be over, if the Registry can wait at all. The first
    /// request waits for nothing: so a Registry shows what it can do, and one that cannot wait takes no notice.
    pub(super) fn next_wait(&self) -> Option<(Duration, Option<u64>)> {
        let wait = match &self.ladder {
            Some(_) => self.settings.wait().min(LONGEST_WAIT),
            None => self.settings.wait(),
        };
        let wait = match self.role() {
            Some(Role::Guest) if wait > GUEST_IS_SHORTER => wait - GUEST_IS_SHORTER,
            _ => wait,
        };
        match self.polls.support {
            _ if wait.is_zero() => None,
            Support::Base => None,
            Support::Unknown => Some((wait, None)),
            // What the room holds is asked for again, as it is unclear.
            Support::Waits(_) if self.attempt.negotiation.is_confirming() => Some((wait, None)),
            Support::Waits(version) => Some((wait, Some(version))),
        }
    }

    /// Learns from the answer to a request that could have waited whether the Registry can do that: then it has a
    /// version, and the candidates with it.
    pub(super) fn note_version(&mut self, version: Option<u64>) {
        let first = self.polls.support == Support::Unknown;
        self.polls.support = version.map_or(Support::Base, Support::Waits);
        if first && self.polls.waits() {
            self.record(Event::Waiting { wait_ms: self.settings.wait().as_secs_f64() * 1000.0 });
        }
    }

    /// Plans the next request that waits: at once, as a rule. Candidates come in quick succession, so while they do
    /// their reader collects some. A Registry that answers early without news is polled like any other.
    pub(super) fn plan_wait(&mut self, changed: bool, any_new: bool, waited: bool) {
        let now = self.now.monotonic;
        let poll = &mut self.polls.room;
        poll.backoff.reset();
        let (asked, wait) = poll.asked;
        let early = waited && !changed && !any_new && now < asked + wait / 2;
        poll.idle = if early { poll.idle.saturating_add(1) } else { 0 };
        poll.trickle = if any_new && !changed { poll.trickle + 1 } else { 0 };
        let pause = match (early, poll.trickle) {
            (true, _) => poll.pause(&self.settings),
            (false, 0) => Duration::ZERO,
            (false, trickle) => COLLECT * 2_u32.pow(trickle.min(4)),
        };
        let at = self.polls.room_budget().paced(now, now + pause);
        self.timers.set(Timer::RoomPoll, at);
    }

    /// Asks for the room as it is now; a request that waits for news is given up.
    pub(super) fn read_room_now(&mut self) {
        self.give_up_waiting();
        self.poll(PollKind::Room);
    }

    /// Gives up the request that waits for news, if there is one. A plain request is answered soon, and stays in flight.
    pub(super) fn give_up_waiting(&mut self) {
        let poll = &mut self.polls.room;
        if poll.in_flight && poll.asked.1 > Duration::ZERO {
            poll.in_flight = false;
            self.push(Effect::StopWaiting);
        }
    }
}
