//! This side's candidates on their way to the Registry: in order, one at a time.
//! Specification: *Phase 3: Trickle ICE Exchange*.

use std::collections::VecDeque;

use registry_protocol::limits::RATE_SIGNAL;
use registry_protocol::{ErrorCode, IceCandidate};

use super::candidate_set::{Added, CandidateSet};
use super::{Signal, Signalling};
use crate::error::RequestError;
use crate::event::{CandidateStep, Event};
use crate::machine::backoff::Backoff;
use crate::machine::budget::{Budget, half_of};
use crate::machine::context::{Context, ms};
use crate::machine::control::Note;
use crate::machine::effect::RoomCall;
use crate::machine::timers::Timer;
use crate::types::operation::Operation;

/// What is still to be posted.
#[derive(Debug)]
pub(super) struct Outbox {
    queue: VecDeque<IceCandidate>,
    /// Notes travel as candidates, before all candidates; they wait for no description.
    notes: VecDeque<IceCandidate>,
    known_notes: CandidateSet,
    in_flight: bool,
    /// The Registry takes no more.
    stopped: bool,
    backoff: Backoff,
    budget: Budget,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            notes: VecDeque::new(),
            known_notes: CandidateSet::default(),
            in_flight: false,
            stopped: false,
            backoff: Backoff::default(),
            budget: half_of(RATE_SIGNAL),
        }
    }
}

impl Outbox {
    /// A post of any kind has its result. One that the Registry did not answer, or refused for the moment, was not counted
    /// as a rule; should it have been, the Registry says so in time.
    pub(super) fn count(&mut self, cx: &Context, result: &Result<(), RequestError>) {
        let counted = match result {
            Ok(()) => true,
            Err(RequestError::Api(error)) => !error.retryable,
            Err(_) => false,
        };
        if counted {
            self.budget.spend(cx.now());
        }
    }
}

impl Signalling {
    /// Posts a candidate of this side, after this side's description.
    pub(in crate::machine) fn publish_candidate(&mut self, cx: &mut Context, candidate: IceCandidate) {
        self.outbox.queue.push_back(candidate);
        self.post_next_candidate(cx);
    }

    /// Posts a note to the peer, before all candidates.
    pub(in crate::machine) fn post_note(&mut self, cx: &mut Context, note: &Note) {
        let candidate = note.to_candidate();
        if self.outbox.known_notes.add(&candidate) == Added::New {
            self.outbox.notes.push_back(candidate);
            self.post_next_candidate(cx);
        }
    }

    /// Posts what is next, unless something is in flight, a pause is due, or the description is not posted yet.
    pub(in crate::machine) fn post_next_candidate(&mut self, cx: &mut Context) {
        let outbox = &mut self.outbox;
        if !self.active || outbox.in_flight || outbox.stopped || cx.is_set(Timer::PostCandidate) {
            return;
        }
        let candidate = outbox.queue.front().filter(|_| self.description.posted);
        let Some(candidate) = outbox.notes.front().or(candidate).cloned() else { return };
        let moment = outbox.budget.earliest(cx.now());
        if moment > cx.now() {
            return cx.at(Timer::PostCandidate, moment);
        }
        outbox.in_flight = true;
        self.call(cx, RoomCall::PostCandidate(candidate));
    }

    pub(super) fn on_candidate_posted(
        &mut self,
        cx: &mut Context,
        candidate: IceCandidate,
        result: Result<(), RequestError>,
    ) -> Vec<Signal> {
        self.outbox.in_flight = false;
        self.outbox.count(cx, &result);
        let Err(error) = result else { return self.candidate_done(cx, candidate, CandidateStep::Posted, None) };
        match (error.code().cloned(), error) {
            (Some(ErrorCode::TooManyCandidates), error) => {
                self.outbox.stopped = true;
                self.candidate_done(cx, candidate, CandidateStep::Refused, Some(error.to_string()))
            }
            (Some(ErrorCode::NotFound), RequestError::Api(error)) => vec![Signal::Gone(error)],
            (_, error) if error.retryable() => {
                self.retry_candidate(cx, &error);
                Vec::new()
            }
            (_, error) => self.candidate_done(cx, candidate, CandidateStep::Refused, Some(error.to_string())),
        }
    }

    fn retry_candidate(&mut self, cx: &mut Context, error: &RequestError) {
        let pause = self.outbox.backoff.next(cx, error.retry_after(), self.longest_pause(cx));
        let (operation, failures) = (Operation::PostCandidate, self.outbox.backoff.failures());
        cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason: error.to_string() });
        cx.after(Timer::PostCandidate, pause);
    }

    /// The first of the queue is dealt with; on to the next.
    fn candidate_done(
        &mut self,
        cx: &mut Context,
        candidate: IceCandidate,
        step: CandidateStep,
        reason: Option<String>,
    ) -> Vec<Signal> {
        self.outbox.backoff.reset();
        let mut signals = Vec::new();
        if Note::is_carried_by(&candidate) {
            self.outbox.notes.pop_front();
            let posted = Note::from_candidate(&candidate).filter(|_| step == CandidateStep::Posted);
            signals.extend(posted.map(Signal::NotePosted));
        } else {
            self.outbox.queue.pop_front();
            cx.record(Event::LocalCandidate { step, candidate: Some(candidate), reason });
        }
        self.post_next_candidate(cx);
        signals
    }
}
