//! What the room says: its status, the peer's description, and candidates where they come with it.

use std::rc::Rc;

use registry_protocol::{CandidateItem, CandidateList, ErrorCode, RoomSnapshot, RoomStatus, SessionDescription};

use super::{Added, Kind, Signal, Signalling};
use crate::error::{ApiError, ROOM_CLOSED, RequestError};
use crate::event::{CandidateStep, Event, PollKind};
use crate::machine::context::Context;
use crate::machine::control::Note;
use crate::types::operation::Operation;
use crate::types::state::Role;

/// What a snapshot is the response to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A poll: a plain read, or an exchange that waits.
    Poll,
    /// An exchange that has posted something.
    Post,
}

impl Signalling {
    /// The room was polled.
    pub(super) fn on_room(&mut self, cx: &mut Context, result: Result<RoomSnapshot, RequestError>) -> Vec<Signal> {
        self.polls.room.in_flight = false;
        match result {
            Ok(snapshot) => self.on_snapshot(cx, snapshot, Source::Poll),
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => vec![Signal::Gone(error)],
            Err(error) if error.retryable() => {
                self.on_not_confirmed(cx, &error);
                self.on_poll_failed(cx, PollKind::Room, &error);
                Vec::new()
            }
            Err(error) => vec![Signal::Failed(error)],
        }
    }

    pub(super) fn on_snapshot(&mut self, cx: &mut Context, mut snapshot: RoomSnapshot, source: Source) -> Vec<Signal> {
        let belongs = self.follow_attempt(&snapshot);
        let version = snapshot.version.take();
        // Responses may overtake each other: what a later one has shown stays shown. What is read before a handshake begins
        // is not taken.
        if self.active || self.peer_description_in(&snapshot).is_none() {
            self.version = self.version.max(version);
        }
        let candidates = snapshot.candidates.take();
        let snapshot = Rc::new(snapshot);
        let changed = self.last.replace(Rc::clone(&snapshot)).is_none_or(|last| last != snapshot);
        self.on_expiry(cx, snapshot.expires_at);
        // The application's room is shown; what happens in a fallback room is shown by the steps of the handshake.
        if changed && self.kind == Kind::Application {
            cx.record(snapshot_event(&snapshot));
        }
        if snapshot.status == RoomStatus::Closed {
            return vec![Signal::Gone(closed_room())];
        }
        let mut signals = Vec::new();
        if self.active {
            if self.description.confirming {
                signals.push(self.confirm_description(cx, &snapshot));
            }
            signals.extend(self.superseded_by(&snapshot));
            signals.extend(belongs.then(|| self.read_peer_description(cx, &snapshot)).flatten());
        }
        // Those of an attempt that this side has answered before are of no use, and with another offer all is read anew.
        let elsewhere = matches!(signals[..], [Signal::AnsweredBefore | Signal::OfferReplaced(_)]) && self.is_lasting();
        let candidates = candidates.filter(|_| belongs && !elsewhere);
        let any_new = candidates.is_some_and(|list| self.read_candidates(cx, list, &mut signals));
        if source == Source::Poll {
            self.on_room_polled(cx, changed, any_new);
        }
        signals
    }

    /// What the snapshot says about the peer's description, if that is new.
    fn read_peer_description(&self, cx: &mut Context, snapshot: &RoomSnapshot) -> Option<Signal> {
        match self.info.role {
            Role::Host => self.read_answer(cx, snapshot),
            Role::Guest => self.read_offer(snapshot),
        }
    }

    /// The peer's description in a snapshot.
    pub(super) fn peer_description_in<'a>(&self, snapshot: &'a RoomSnapshot) -> Option<&'a SessionDescription> {
        match self.info.role {
            Role::Host => snapshot.answer.as_ref(),
            Role::Guest => snapshot.offer.as_ref(),
        }
    }

    fn read_answer(&self, cx: &mut Context, snapshot: &RoomSnapshot) -> Option<Signal> {
        let answer = self.peer_description_in(snapshot)?;
        match &self.peer_description {
            None => self.description.posted.then(|| Signal::Description(answer.clone())),
            Some(known) if known != answer => Some(Signal::ConflictingAnswer),
            // A long poll that has waited for candidates brings the descriptions again.
            Some(_) if self.exchanges() => None,
            Some(_) => {
                cx.record(Event::AnswerDuplicate);
                None
            }
        }
    }

    fn read_offer(&self, snapshot: &RoomSnapshot) -> Option<Signal> {
        let offer = self.peer_description_in(snapshot)?;
        let fallback = self.kind == Kind::Fallback;
        let answered = snapshot.status == RoomStatus::Paired;
        match &self.peer_description {
            None if fallback && answered => Some(Signal::AnsweredBefore),
            None => Some(Signal::Description(offer.clone())),
            Some(_) if self.is_lasting() => {
                (snapshot.attempt > self.attempt).then(|| Signal::OfferReplaced(offer.clone()))
            }
            // The host has replaced its offer before this side's answer was there.
            Some(known) if fallback && !answered && !self.description.posted && known != offer => {
                Some(Signal::OfferReplaced(offer.clone()))
            }
            Some(_) => None,
        }
    }

    /// Reads what is new in the list; returns whether anything is. Full and delta lists are treated alike.
    pub(super) fn read_candidates(&mut self, cx: &mut Context, list: CandidateList, signals: &mut Vec<Signal>) -> bool {
        let mut malformed = 0;
        let mut any_new = false;
        for item in list.items {
            let candidate = match item {
                CandidateItem::Candidate(candidate) if !candidate.candidate.is_empty() => candidate,
                _ => {
                    malformed += 1;
                    continue;
                }
            };
            match self.seen.add(&candidate) {
                Added::New => {}
                Added::Known => continue,
                Added::TooMany => {
                    let reason = Some("too many candidates".to_owned());
                    let step = CandidateStep::Skipped;
                    cx.record(Event::RemoteCandidate { step, candidate: Some(candidate), reason });
                    continue;
                }
            }
            any_new = true;
            if Note::is_carried_by(&candidate) {
                signals.extend(Note::from_candidate(&candidate).map(Signal::Note));
            } else {
                signals.push(Signal::Candidate(candidate));
            }
        }
        self.skip_malformed(cx, malformed);
        any_new
    }

    fn skip_malformed(&mut self, cx: &mut Context, count: usize) {
        for _ in self.malformed..count {
            let reason = Some("not a candidate".to_owned());
            cx.record(Event::RemoteCandidate { step: CandidateStep::Skipped, candidate: None, reason });
        }
        self.malformed = count.max(self.malformed);
    }

    /// The room that is still shown was closed by this side.
    pub(in crate::machine) fn on_closed(&mut self, cx: &mut Context) {
        let Some(last) = self.last.take_if(|last| last.status != RoomStatus::Closed) else { return };
        let closed = RoomSnapshot {
            offer: last.offer.clone(),
            answer: last.answer.clone(),
            ..RoomSnapshot::new(RoomStatus::Closed, last.updated_at, last.expires_at)
        };
        cx.record(snapshot_event(&closed));
        self.last = Some(Rc::new(closed));
    }
}

fn snapshot_event(snapshot: &RoomSnapshot) -> Event {
    Event::Snapshot {
        status: snapshot.status.as_str().to_owned(),
        offer: snapshot.offer.is_some(),
        answer: snapshot.answer.is_some(),
        expires_at: snapshot.expires_at,
    }
}

fn closed_room() -> ApiError {
    ApiError {
        operation: Operation::GetRoom,
        status: 200,
        code: ErrorCode::Other(ROOM_CLOSED.to_owned()),
        message: String::new(),
        retryable: false,
        retry_after: None,
    }
}
