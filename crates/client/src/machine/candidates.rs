//! Candidates, both ways. Specification: *Phase 3: Trickle ICE Exchange*.

use std::time::Duration;

use registry_protocol::limits::{RATE_SIGNAL, Rate};
use registry_protocol::{CandidateItem, CandidateList, ErrorCode, IceCandidate};

use super::attempt::Via;
use super::backoff::Backoff;
use super::budget::Budget;
use super::effect::{RoomCall, RtcAction};
use super::lifecycle::Machine;
use super::timers::Timer;
use crate::durable::{ControlMessage, Note};
use crate::error::RequestError;
use crate::event::{CandidateStep, Event};
use crate::interfaces::registry::Operation;
use crate::interfaces::state::ConnectionState;

/// Local candidates on their way to the Registry: in order, one at a time.
#[derive(Debug)]
pub(super) struct Outbox {
    gathered: Vec<IceCandidate>,
    queue: Vec<IceCandidate>,
    /// What goes as a candidate and is none; it waits for no description.
    notes: Vec<IceCandidate>,
    in_flight: bool,
    stopped: bool,
    backoff: Backoff,
    budget: Budget,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            gathered: Vec::new(),
            queue: Vec::new(),
            notes: Vec::new(),
            in_flight: false,
            stopped: false,
            backoff: Backoff::default(),
            budget: half_of(RATE_SIGNAL),
        }
    }
}

/// One peer's share of what both have together, less one for requests that the network delays into the window.
pub(super) fn half_of(rate: Rate) -> Budget {
    Budget::new(rate.count as usize / 2 - 1, Duration::from_millis(rate.window_ms))
}

impl Outbox {
    /// A post of any kind has its result. One that the Registry did not answer, or refused for the moment, was not
    /// taken, as a rule; should it have been counted all the same, the Registry says so in time.
    pub(super) fn count(&mut self, now: Duration, result: &Result<(), RequestError>) {
        let taken = match result {
            Ok(()) => true,
            Err(RequestError::Api(error)) => !error.retryable,
            Err(_) => false,
        };
        if taken {
            self.budget.spend(now);
        }
    }
}

/// Candidates of the other side.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    seen: Vec<IceCandidate>,
    waiting: Vec<IceCandidate>,
    /// There is a remote description, so candidates can be applied.
    open: bool,
    malformed: usize,
}

impl Machine {
    pub(super) fn on_local_candidate(&mut self, candidate: Option<IceCandidate>) {
        // Empty ones mean the end of candidates, like none.
        let candidate = candidate.filter(|candidate| !candidate.candidate.is_empty());
        let event = |step, reason: Option<String>| Event::LocalCandidate { step, candidate: candidate.clone(), reason };
        self.record(event(CandidateStep::Gathered, None));
        let Some(found) = &candidate else { return };
        if let Err(error) = found.check() {
            return self.record(event(CandidateStep::Skipped, Some(error.to_string())));
        }
        if add(&mut self.attempt.outbox.gathered, found) == Added::New {
            self.attempt.outbox.queue.push(found.clone());
            self.post_next_candidate();
        }
    }

    /// Posts something that is no candidate, before all candidates.
    pub(super) fn post_note(&mut self, note: &Note) {
        let candidate = note.to_candidate();
        if add(&mut self.attempt.outbox.gathered, &candidate) == Added::New {
            self.attempt.outbox.notes.push(candidate);
            self.post_next_candidate();
        }
    }

    /// Posts the first of the queue, unless one is in flight, a pause is due, or the description is not posted yet.
    pub(super) fn post_next_candidate(&mut self) {
        if let Via::Control(attempt) = self.attempt.via {
            return self.say_candidates(attempt);
        }
        let posted = self.attempt.negotiation.is_posted();
        let outbox = &mut self.attempt.outbox;
        let next = outbox.notes.first().or_else(|| outbox.queue.first().filter(|_| posted)).cloned();
        let ready = self.state == ConnectionState::Connecting;
        if !ready || outbox.in_flight || outbox.stopped || self.timers.is_set(Timer::PostCandidate) {
            return;
        }
        let Some(candidate) = next else { return };
        let now = self.now.monotonic;
        let at = outbox.budget.earliest(now);
        if at > now {
            return self.timers.set(Timer::PostCandidate, at);
        }
        outbox.in_flight = true;
        self.ask_room(RoomCall::PostCandidate(candidate));
    }

    fn say_candidates(&mut self, attempt: u32) {
        while let Some(candidate) =
            take_first(&mut self.attempt.outbox.queue).filter(|_| self.attempt.negotiation.is_posted())
        {
            self.say(ControlMessage::Candidate { attempt, candidate });
        }
    }

    pub(super) fn on_candidate_posted(&mut self, candidate: IceCandidate, result: Result<(), RequestError>) {
        self.attempt.outbox.in_flight = false;
        self.attempt.outbox.count(self.now.monotonic, &result);
        let Err(error) = result else { return self.candidate_done(candidate, CandidateStep::Posted, None) };
        match (error.code().cloned(), error) {
            (Some(ErrorCode::TooManyCandidates), error) => {
                self.attempt.outbox.stopped = true;
                self.candidate_done(candidate, CandidateStep::Refused, Some(error.to_string()));
            }
            (Some(ErrorCode::NotFound), RequestError::Api(error)) => self.on_room_gone(error),
            (_, error) if error.retryable() => {
                let longest = self.longest_retry_pause();
                let outbox = &mut self.attempt.outbox;
                let pause = outbox.backoff.next(error.retry_after(), &self.settings, longest, &mut self.rng);
                let (failures, delay_ms) = (outbox.backoff.failures(), pause.as_secs_f64() * 1000.0);
                let operation = Operation::PostCandidate;
                self.record(Event::Retry { operation, failures, delay_ms, reason: error.to_string() });
                self.after(Timer::PostCandidate, pause);
            }
            (_, error) => self.candidate_done(candidate, CandidateStep::Refused, Some(error.to_string())),
        }
    }

    /// The first of the queue is dealt with; on to the next.
    fn candidate_done(&mut self, candidate: IceCandidate, step: CandidateStep, reason: Option<String>) {
        self.attempt.outbox.backoff.reset();
        if Note::is_carried_by(&candidate) {
            take_first(&mut self.attempt.outbox.notes);
            let next = matches!(Note::from_candidate(&candidate), Some(Note::Next(..)));
            if next && step == CandidateStep::Posted {
                self.on_next_told();
            }
        } else {
            take_first(&mut self.attempt.outbox.queue);
            self.record(Event::LocalCandidate { step, candidate: Some(candidate), reason });
        }
        self.post_next_candidate();
    }

    pub(super) fn on_candidates(&mut self, result: Result<CandidateList, RequestError>) {
        self.polls.candidates.answered();
        match result {
            Ok(list) => {
                let new = self.receive(list);
                self.candidate_poll_answered(new);
            }
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => self.on_room_gone(error),
            Err(error) if error.retryable() => self.candidate_poll_failed(&error),
            Err(error) if self.state == ConnectionState::Connecting => self.fail(error),
            Err(_) => {}
        }
    }

    /// Takes what is new in the list; says whether anything was. Full and delta lists are merged alike.
    pub(super) fn receive(&mut self, list: CandidateList) -> bool {
        let malformed = list.items.iter().filter(|item| !is_usable(item)).count();
        for _ in self.attempt.inbox.malformed..malformed {
            let reason = Some("not a candidate".to_owned());
            self.record(Event::RemoteCandidate { step: CandidateStep::Skipped, candidate: None, reason });
        }
        self.attempt.inbox.malformed = malformed.max(self.attempt.inbox.malformed);
        let mut any_new = false;
        for item in list.items {
            if let CandidateItem::Candidate(candidate) = item
                && !candidate.candidate.is_empty()
            {
                any_new |= self.receive_candidate(candidate);
            }
        }
        any_new
    }

    /// Takes a candidate of the other side, once.
    pub(super) fn receive_candidate(&mut self, candidate: IceCandidate) -> bool {
        match add(&mut self.attempt.inbox.seen, &candidate) {
            Added::New => {}
            Added::Known => return false,
            Added::TooMany => {
                let (step, reason) = (CandidateStep::Skipped, Some("one too many".to_owned()));
                self.record(Event::RemoteCandidate { step, candidate: Some(candidate), reason });
                return false;
            }
        }
        if Note::is_carried_by(&candidate) {
            let in_standby = self.detour.is_some() && self.attempt.via == Via::Registry;
            match Note::from_candidate(&candidate).filter(|_| in_standby) {
                Some(Note::Fresh(_)) => self.on_fresh_asked(),
                Some(Note::Next(room, join_code)) => self.join_next(room, join_code),
                None => {}
            }
            return true;
        }
        let (step, found) = (CandidateStep::Received, Some(candidate.clone()));
        self.record(Event::RemoteCandidate { step, candidate: found, reason: None });
        self.apply_or_keep(candidate);
        true
    }

    fn apply_or_keep(&mut self, candidate: IceCandidate) {
        if self.attempt.inbox.open {
            self.rtc(RtcAction::AddCandidate(candidate));
        } else {
            self.attempt.inbox.waiting.push(candidate);
        }
    }

    /// The remote description is applied: what has waited for it goes in.
    pub(super) fn open_inbox(&mut self) {
        self.attempt.inbox.open = true;
        for candidate in std::mem::take(&mut self.attempt.inbox.waiting) {
            self.rtc(RtcAction::AddCandidate(candidate));
        }
    }

    pub(super) fn on_candidate_added(&mut self, candidate: IceCandidate, result: Result<(), String>) {
        let step = if result.is_ok() { CandidateStep::Applied } else { CandidateStep::Failed };
        self.record(Event::RemoteCandidate { step, candidate: Some(candidate), reason: result.err() });
    }
}

/// More candidates than this of one side are more than it can have.
const MOST_CANDIDATES: usize = 256;

#[derive(PartialEq, Eq)]
enum Added {
    New,
    Known,
    TooMany,
}

/// Adds a candidate to the known ones. They are few: to look at each is quick.
fn add(known: &mut Vec<IceCandidate>, candidate: &IceCandidate) -> Added {
    if known.contains(candidate) {
        return Added::Known;
    }
    if known.len() == MOST_CANDIDATES {
        return Added::TooMany;
    }
    known.push(candidate.clone());
    Added::New
}

/// Takes out the candidate whose turn it is.
fn take_first(queue: &mut Vec<IceCandidate>) -> Option<IceCandidate> {
    if queue.is_empty() { None } else { Some(queue.remove(0)) }
}

fn is_usable(item: &CandidateItem) -> bool {
    matches!(item, CandidateItem::Candidate(candidate) if !candidate.candidate.is_empty())
}
