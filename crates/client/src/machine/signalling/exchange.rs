//! One call for everything, where the Registry supports it: a description and any number of candidates go out together, and
//! the response brings what the peer has posted, at once or by long poll.

use std::time::Duration;

use registry_protocol::{ErrorCode, RoomSnapshot};

use super::snapshot::Source;
use super::{Kind, Signal, Signalling};
use crate::error::RequestError;
use crate::event::{CandidateStep, Event, PollKind};
use crate::machine::context::{Context, ms};
use crate::machine::effect::{Effect, Posting, RoomCall};
use crate::machine::timers::Timer;
use crate::types::operation::Operation;
use crate::types::state::Role;

/// How long the first of several candidates waits for the others, which usually follow at once.
const GATHER: Duration = Duration::from_millis(5);

/// How long an answer waits for the first candidate, to go out with it. It is what the host's candidates need to be of use,
/// and a second request would take another connection, which may have to be made first.
const FIRST_CANDIDATE: Duration = Duration::from_millis(20);

/// The most posts in flight. Those that are not the first carry candidates that were gathered meanwhile.
const MOST_POSTS: usize = 3;

/// Half the first pause in which candidates of the peer that follow one another are collected.
const COLLECT: Duration = Duration::from_millis(25);

/// The longest long poll while the connection is lost: one that was in flight when the network broke is never answered.
const LONGEST_IN_FALLBACK: Duration = Duration::from_secs(5);

impl Posting {
    fn is_empty(&self) -> bool {
        self.description.is_none() && self.candidates.is_empty()
    }

    /// Whether it cannot be made smaller.
    fn is_single(&self) -> bool {
        usize::from(self.description.is_some()) + self.candidates.len() <= 1
    }
}

impl Signalling {
    /// Whether this room is used by exchanges.
    pub(super) fn exchanges(&self) -> bool {
        self.info.exchange
    }

    /// This version of the room is known, and that there is nothing in it to be taken.
    pub(in crate::machine) fn set_version(&mut self, version: Option<u64>) {
        self.version = version;
    }

    /// Posts nothing, and reads the room, if exchanges must be permitted before the first one (CORS preflight): so the browser
    /// has asked for that before it would delay the handshake.
    pub(in crate::machine) fn prepare(&self, cx: &mut Context) {
        if self.exchanges() && cx.needs_permission {
            self.call(cx, RoomCall::Post { posting: Posting::default(), since: None });
        }
    }

    /// Reads the room as it is now, with everything in it.
    fn read_all(&mut self, cx: &mut Context) {
        self.version = None;
        self.call(cx, RoomCall::Post { posting: Posting::default(), since: None });
    }

    /// Posts the candidates that are gathered within a moment together, and with an answer that waits for them.
    pub(super) fn post_soon(&self, cx: &mut Context) {
        let answer_waits = self.description.waits && self.outbox.is_first();
        if answer_waits || !cx.is_set(Timer::PostCandidate) {
            cx.after(Timer::PostCandidate, GATHER);
        }
    }

    /// Posts this side's description: an offer at once, an answer with the first candidates.
    pub(super) fn post_described(&mut self, cx: &mut Context) {
        self.description.due();
        if self.info.role == Role::Guest && !self.description.waits && !cx.is_set(Timer::PostCandidate) {
            self.description.waits = true;
            cx.after(Timer::PostCandidate, FIRST_CANDIDATE);
        }
        self.post(cx);
    }

    /// Whether a guest has taken the offer and its answer is not posted yet. The response to that brings what is new.
    pub(super) fn is_answering(&self) -> bool {
        self.exchanges() && self.info.role == Role::Guest && self.peer_description.is_some() && !self.description.posted
    }

    /// Posts all that is not posted yet, unless a pause is due.
    pub(super) fn post(&mut self, cx: &mut Context) {
        let pauses = cx.is_set(Timer::PostDescription) || cx.is_set(Timer::PostCandidate);
        if !self.active || pauses || self.outbox.in_flight() >= MOST_POSTS {
            return;
        }
        if self.description.is_due() || self.outbox.is_due(self.description.posting) {
            let moment = self.outbox.earliest(cx);
            if moment > cx.now() {
                return cx.at(Timer::PostCandidate, moment);
            }
            // An attempt begins with its offer, whichever of the host's posts arrives first.
            let description = self.description.take_due(self.is_lasting());
            let candidates = self.outbox.take_due(self.description.posting, description.is_some());
            let posting = Posting { attempt: self.attempt, answers: self.answers, description, candidates };
            self.call(cx, RoomCall::Post { posting, since: self.version });
        }
    }

    /// A post has its response.
    pub(super) fn on_posted(
        &mut self,
        cx: &mut Context,
        posting: Posting,
        result: Result<RoomSnapshot, RequestError>,
    ) -> Vec<Signal> {
        if posting.is_empty() {
            return self.on_prepared(cx, result);
        }
        self.outbox.returned();
        self.outbox.count(cx, &result);
        match result {
            // It belongs to an attempt that another has replaced: nothing of it is posted.
            Ok(snapshot) if snapshot.attempt > posting.attempt => self.on_snapshot(cx, snapshot, Source::Post),
            // It belongs to an offer that the host has replaced.
            Ok(snapshot) if posting.answers.is_some_and(|offer| snapshot.offers > offer) => {
                let offer = snapshot.offer.clone().filter(|_| self.kind == Kind::Fallback);
                let mut signals = self.on_snapshot(cx, snapshot, Source::Post);
                signals.push(offer.map_or(Signal::AnsweredReplacedOffer, Signal::OfferReplaced));
                signals
            }
            Ok(snapshot) => {
                let mut signals = Vec::new();
                if posting.description.is_some() && !self.description.posted {
                    signals.push(self.published(cx));
                }
                for candidate in posting.candidates {
                    signals.extend(self.candidate_done(cx, candidate, CandidateStep::Posted, None));
                }
                signals.extend(self.on_snapshot(cx, snapshot, Source::Post));
                self.post(cx);
                signals
            }
            Err(error) => self.on_not_posted(cx, posting, error),
        }
    }

    fn on_prepared(&mut self, cx: &mut Context, result: Result<RoomSnapshot, RequestError>) -> Vec<Signal> {
        match result {
            Ok(snapshot) => self.on_snapshot(cx, snapshot, Source::Post),
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => vec![Signal::Gone(error)],
            // It is asked again when it matters.
            Err(_) => Vec::new(),
        }
    }

    fn on_not_posted(&mut self, cx: &mut Context, posting: Posting, error: RequestError) -> Vec<Signal> {
        match (error.code().cloned(), error) {
            (Some(ErrorCode::NotFound), RequestError::Api(error)) => vec![Signal::Gone(error)],
            (Some(ErrorCode::AlreadyPaired), _) => vec![Signal::Superseded],
            // As an earlier version of the server says it.
            (Some(ErrorCode::OldAttempt), _) => {
                self.read_all(cx);
                Vec::new()
            }
            (_, error) if error.retryable() => {
                let pause = self.outbox.pause(cx, &error, self.longest_pause(cx));
                let failures = self.outbox.failures();
                let (operation, reason) = (Operation::Exchange, error.to_string());
                cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason });
                self.post_again(posting);
                cx.after(Timer::PostCandidate, pause);
                Vec::new()
            }
            // One part of it is refused, and all of it with that: the parts are posted one by one.
            (_, _) if !posting.is_single() => {
                self.outbox.post_singly();
                self.post_again(posting);
                self.post(cx);
                Vec::new()
            }
            (code, error) => {
                if code == Some(ErrorCode::TooManyCandidates) {
                    self.outbox.stop();
                }
                let Some(candidate) = posting.candidates.into_iter().next() else { return vec![Signal::Failed(error)] };
                let signals = self.candidate_done(cx, candidate, CandidateStep::Refused, Some(error.to_string()));
                self.post(cx);
                signals.into_iter().collect()
            }
        }
    }

    fn post_again(&mut self, posting: Posting) {
        if posting.description.is_some() {
            self.description.due();
        }
        self.outbox.give_back(posting.candidates);
    }

    /// How long the next long poll may take. Zero if it is to be answered at once.
    pub(super) fn next_wait(&self, cx: &Context) -> Duration {
        match self.kind {
            Kind::Fallback => cx.settings.wait().min(LONGEST_IN_FALLBACK),
            Kind::Application => cx.settings.wait(),
        }
    }

    /// Plans the next long poll: at once, as a rule. Candidates come in quick succession, so while they do, their reader
    /// collects some. A Registry that answers early without an update is polled like any other.
    pub(super) fn plan_long_poll(&mut self, cx: &mut Context, changed: bool, any_new: bool) {
        let now = cx.now();
        let poll = &mut self.polls.room;
        poll.backoff.reset();
        let early = !changed && !any_new && now <= poll.asked + poll.wait / 2;
        poll.idle = if early { poll.idle.saturating_add(1) } else { 0 };
        poll.trickle = if any_new && !changed { poll.trickle + 1 } else { 0 };
        let pause = match (early, poll.trickle) {
            (true, _) => poll.pause(&cx.settings),
            (false, 0) => Duration::ZERO,
            (false, trickle) => COLLECT * 2_u32.pow(trickle.min(4)),
        };
        let moment = self.polls.room_budget(true).paced(now, now + pause);
        cx.at(Timer::RoomPoll, moment);
    }

    /// Reads the room as it is now.
    pub(super) fn read_room_now(&mut self, cx: &mut Context) {
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

#[cfg(test)]
mod tests;
