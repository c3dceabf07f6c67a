//! Long polls: one request waits for an update of the room, where the Registry supports that.

use std::time::Duration;

use super::polls::LongPolls;
use super::{Kind, Signalling};
use crate::event::{Event, PollKind};
use crate::machine::context::{Context, ms};
use crate::machine::effect::Effect;
use crate::machine::timers::Timer;
use crate::types::state::Role;

/// Half the first pause in which candidates that follow one another are collected.
const COLLECT: Duration = Duration::from_millis(25);

/// How much shorter than a host a guest waits. So they ask for different URLs: of two requests of one browser for the same
/// one, Chromium's cache lets the second wait for the answer to the first, and two windows would block each other.
const GUEST_IS_SHORTER: Duration = Duration::from_secs(1);

/// The longest long poll while the connection is lost: one that was in flight when the network broke is never answered.
const LONGEST_IN_FALLBACK: Duration = Duration::from_secs(5);

impl Signalling {
    /// Timeout of the next long poll, and the version to exceed; `None` if it is to be a plain poll. The first one names no
    /// version, so it is answered at once and shows what the Registry supports; a base Registry ignores the timeout.
    pub(super) fn next_long_poll(&self, cx: &Context) -> Option<(Duration, Option<u64>)> {
        let wait = match self.kind {
            Kind::Fallback => cx.settings.wait().min(LONGEST_IN_FALLBACK),
            Kind::Application => cx.settings.wait(),
        };
        let wait = match self.info.role {
            Role::Guest if wait > GUEST_IS_SHORTER => wait - GUEST_IS_SHORTER,
            _ => wait,
        };
        match self.polls.long {
            _ if wait.is_zero() => None,
            LongPolls::Unsupported => None,
            LongPolls::Unknown => Some((wait, None)),
            // What the room holds is read again, as it is unclear.
            LongPolls::Since(_) if self.description.confirming => Some((wait, None)),
            LongPolls::Since(version) => Some((wait, Some(version))),
        }
    }

    /// Learns from the answer to a long poll whether the Registry supports it: then it has a version, and the candidates
    /// with it.
    pub(super) fn learn_version(&mut self, cx: &mut Context, version: Option<u64>) {
        let first = self.polls.long == LongPolls::Unknown;
        self.polls.long = version.map_or(LongPolls::Unsupported, LongPolls::Since);
        if first && self.polls.are_long() {
            cx.record(Event::Waiting { wait_ms: ms(cx.settings.wait()) });
        }
    }

    /// Plans the next long poll: at once, as a rule. Candidates come in quick succession, so while they do, their reader
    /// collects some. A Registry that answers early without an update is polled like any other.
    pub(super) fn plan_long_poll(&mut self, cx: &mut Context, changed: bool, any_new: bool, long: bool) {
        let now = cx.now();
        let poll = &mut self.polls.room;
        poll.backoff.reset();
        let early = long && !changed && !any_new && now < poll.asked + poll.wait / 2;
        poll.idle = if early { poll.idle.saturating_add(1) } else { 0 };
        poll.trickle = if any_new && !changed { poll.trickle + 1 } else { 0 };
        let pause = match (early, poll.trickle) {
            (true, _) => poll.pause(&cx.settings),
            (false, 0) => Duration::ZERO,
            (false, trickle) => COLLECT * 2_u32.pow(trickle.min(4)),
        };
        let moment = self.polls.room_budget().paced(now, now + pause);
        cx.at(Timer::RoomPoll, moment);
    }

    /// Reads the room as it is now; a long poll in flight is aborted.
    pub(super) fn read_room_now(&mut self, cx: &mut Context) {
        self.abort_long_poll(cx);
        self.poll(cx, PollKind::Room);
    }

    /// Aborts the long poll, if there is one. A plain request is answered soon, and stays in flight.
    pub(super) fn abort_long_poll(&mut self, cx: &mut Context) {
        let poll = &mut self.polls.room;
        if poll.in_flight && poll.wait > Duration::ZERO {
            poll.in_flight = false;
            cx.push(Effect::AbortLongPoll);
        }
    }
}
