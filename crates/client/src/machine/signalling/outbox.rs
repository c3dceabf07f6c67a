//! This side's candidates on their way to the Registry: the likeliest first, a few at a time.
//! Specification: *Phase 3: Trickle ICE Exchange*.

use std::collections::VecDeque;
use std::time::Duration;

use registry_protocol::limits::MAX_CANDIDATES;
use registry_protocol::{ErrorCode, IceCandidate};

use super::candidate_set::{Added, CandidateSet};
use super::queue::Queue;
use super::share::{Share, Turn};
use super::{Signal, Signalling};
use crate::error::RequestError;
use crate::event::{CandidateStep, Event};
use crate::machine::backoff::Backoff;
use crate::machine::context::{Context, ms};
use crate::machine::control::Note;
use crate::machine::effect::RoomCall;
use crate::machine::timers::Timer;
use crate::types::operation::Operation;
use crate::types::state::Role;

/// The most posts in flight without exchanges. The order in which they arrive does not matter to ICE.
const MOST_POSTS: usize = 3;

/// What is still to be posted.
#[derive(Debug)]
pub(super) struct Outbox {
    queue: Queue,
    /// Notes travel as candidates, before all candidates; they wait for no description.
    notes: VecDeque<IceCandidate>,
    known_notes: CandidateSet,
    /// Posts on their way.
    in_flight: usize,
    /// One part of an exchange was refused, so each is posted by itself.
    singly: bool,
    /// The Registry takes no more.
    stopped: bool,
    backoff: Backoff,
    share: Share,
}

impl Outbox {
    /// That of a host or a guest, with nothing in it.
    pub(super) fn of(role: Role) -> Self {
        Self {
            queue: Queue::default(),
            notes: VecDeque::new(),
            known_notes: CandidateSet::default(),
            in_flight: 0,
            singly: false,
            stopped: false,
            backoff: Backoff::default(),
            share: Share::of(role),
        }
    }

    /// A post of any kind has its result. One that the Registry did not answer, or refused for the moment, was not counted
    /// as a rule; should it have been, the Registry says so in time.
    pub(super) fn count<T>(&mut self, cx: &Context, result: &Result<T, RequestError>) {
        let counted = match result {
            Ok(_) => true,
            Err(RequestError::Api(error)) => !error.retryable,
            Err(_) => false,
        };
        if counted {
            self.share.spend(cx.now());
        }
    }

    /// The peer is seen to have posted this many, its description included.
    pub(super) fn see_peer(&mut self, cx: &Context, posts: usize) {
        self.share.see(cx.now(), posts);
    }

    /// Whether there is one candidate to be posted, the first of all.
    pub(super) fn is_first(&self) -> bool {
        self.queue.taken() == 0 && self.queue.len() == 1
    }

    /// Posts on their way.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// One of them is back.
    pub(super) fn returned(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// When the Registry's limit permits the next exchange that posts something.
    pub(super) fn earliest(&mut self, cx: &Context) -> Duration {
        self.share.earliest_of_half(cx.now())
    }

    /// Whether an exchange has notes or candidates to post; these follow the description.
    pub(super) fn is_due(&self, candidates: bool) -> bool {
        !self.stopped && (!self.notes.is_empty() || (candidates && !self.queue.is_empty()))
    }

    /// Takes what an exchange is to post, with or without a description.
    pub(super) fn take_due(&mut self, candidates: bool, description: bool) -> Vec<IceCandidate> {
        self.in_flight += 1;
        let mut due = Vec::new();
        if self.stopped || (self.singly && description) {
            return due;
        }
        due.extend(self.notes.drain(..));
        if candidates {
            // One too many would be refused with all the others, so those that surely fit go by themselves.
            let room = MAX_CANDIDATES.checked_sub(self.queue.taken() + self.known_notes.len()).filter(|room| *room > 0);
            due.extend(std::iter::from_fn(|| self.queue.take()).take(room.unwrap_or(usize::MAX)));
        }
        if self.singly && due.len() > 1 {
            self.give_back(due.split_off(1));
        }
        due
    }

    /// Takes what is to be posted now by itself, if anything is; plans the next post if that is to wait.
    fn take_next(&mut self, cx: &mut Context, candidates: bool) -> Option<IceCandidate> {
        // While the Registry refuses, one post at a time finds out when it does so no more.
        let most = if self.backoff.failures() > 0 { 1 } else { MOST_POSTS };
        if self.in_flight >= most || !self.is_due(candidates) {
            return None;
        }
        match self.share.next(cx.now(), self.in_flight) {
            Turn::Now => {
                self.in_flight += 1;
                self.notes.pop_front().or_else(|| self.queue.take())
            }
            Turn::At(moment) => {
                cx.at(Timer::PostCandidate, moment);
                None
            }
            Turn::Later => None,
        }
    }

    /// These are still to be posted, before all others.
    pub(super) fn give_back(&mut self, candidates: Vec<IceCandidate>) {
        for candidate in candidates.into_iter().rev() {
            if Note::is_carried_by(&candidate) {
                self.notes.push_front(candidate);
            } else {
                self.queue.give_back(candidate);
            }
        }
    }

    /// From now on each is posted by itself.
    pub(super) fn post_singly(&mut self) {
        self.singly = true;
    }

    /// Notes belong to an attempt that is over: they can be posted again, in the next.
    pub(super) fn forget_notes(&mut self) {
        self.notes.clear();
        self.known_notes = CandidateSet::default();
    }

    /// The Registry takes no more.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// How long to wait after a failure.
    pub(super) fn pause(&mut self, cx: &mut Context, error: &RequestError, longest: Duration) -> Duration {
        self.backoff.next(cx, error.retry_after(), longest)
    }

    /// Failures in a row.
    pub(super) fn failures(&self) -> u32 {
        self.backoff.failures()
    }
}

impl Signalling {
    /// Posts a candidate of this side, after this side's description.
    pub(in crate::machine) fn publish_candidate(&mut self, cx: &mut Context, candidate: IceCandidate) {
        self.outbox.queue.push(candidate);
        if self.exchanges() { self.post_soon(cx) } else { self.post_next_candidate(cx) }
    }

    /// Posts a note to the peer, before all candidates.
    pub(in crate::machine) fn post_note(&mut self, cx: &mut Context, note: &Note) {
        let candidate = note.to_candidate();
        if self.outbox.known_notes.add(&candidate) == Added::New {
            self.outbox.notes.push_back(candidate);
            self.post_next_candidate(cx);
        }
    }

    /// Posts what is next, unless enough is in flight, a pause is due, or the description is not posted yet.
    pub(in crate::machine) fn post_next_candidate(&mut self, cx: &mut Context) {
        if self.exchanges() {
            return self.post(cx);
        }
        while self.active
            && !cx.is_set(Timer::PostCandidate)
            && let Some(candidate) = self.outbox.take_next(cx, self.description.posted)
        {
            self.call(cx, RoomCall::PostCandidate(candidate));
        }
    }

    pub(super) fn on_candidate_posted(
        &mut self,
        cx: &mut Context,
        candidate: IceCandidate,
        result: Result<(), RequestError>,
    ) -> Vec<Signal> {
        self.outbox.returned();
        self.outbox.count(cx, &result);
        let Err(error) = result else { return self.one_done(cx, candidate, CandidateStep::Posted, None) };
        match (error.code().cloned(), error) {
            (Some(ErrorCode::TooManyCandidates), error) => {
                self.outbox.stopped = true;
                self.one_done(cx, candidate, CandidateStep::Refused, Some(error.to_string()))
            }
            (Some(ErrorCode::NotFound), RequestError::Api(error)) => vec![Signal::Gone(error)],
            (_, error) if error.retryable() => {
                self.outbox.give_back(vec![candidate]);
                self.retry_candidate(cx, &error);
                Vec::new()
            }
            (_, error) => self.one_done(cx, candidate, CandidateStep::Refused, Some(error.to_string())),
        }
    }

    fn retry_candidate(&mut self, cx: &mut Context, error: &RequestError) {
        // Posts that were on their way together have failed together: one pause is for all.
        if cx.is_set(Timer::PostCandidate) {
            return;
        }
        let pause = self.outbox.backoff.next(cx, error.retry_after(), self.longest_pause(cx));
        let (operation, failures) = (Operation::PostCandidate, self.outbox.backoff.failures());
        cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason: error.to_string() });
        cx.after(Timer::PostCandidate, pause);
    }

    /// One that was posted by itself is dealt with; on to the next.
    fn one_done(
        &mut self,
        cx: &mut Context,
        candidate: IceCandidate,
        step: CandidateStep,
        reason: Option<String>,
    ) -> Vec<Signal> {
        let signal = self.candidate_done(cx, candidate, step, reason);
        self.post_next_candidate(cx);
        signal.into_iter().collect()
    }

    /// A candidate, or the note that it carries, is dealt with.
    pub(super) fn candidate_done(
        &mut self,
        cx: &mut Context,
        candidate: IceCandidate,
        step: CandidateStep,
        reason: Option<String>,
    ) -> Option<Signal> {
        self.outbox.backoff.reset();
        if Note::is_carried_by(&candidate) {
            let posted = Note::from_candidate(&candidate).filter(|_| step == CandidateStep::Posted);
            return posted.map(Signal::NotePosted);
        }
        cx.record(Event::LocalCandidate { step, candidate: Some(candidate), reason });
        None
    }
}
