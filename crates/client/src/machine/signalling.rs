//! One place where two peers exchange descriptions and candidates: a room of a Registry, with everything that is read from
//! it and still to be written to it. Specification: *Phase 2* and *Phase 3* of *WebRTC Connection Establishment Flow*.
//!
//! The application's room and a fallback room are two values of [`Signalling`], each with its own limits and its own
//! number: an answer goes to the value that asked, and to nobody when its exchange is over. The control channel is another
//! such place, [`ControlExchange`], without requests.

mod attempts;
mod candidate_set;
mod control_exchange;
mod description;
mod exchange;
mod expiry;
mod info;
mod outbox;
mod polls;
mod queue;
mod share;
mod snapshot;

use std::rc::Rc;
use std::time::Duration;

use registry_protocol::{CandidateList, ErrorCode, IceCandidate, RoomSnapshot, RoomStatus, SessionDescription};

use super::context::Context;
use super::control::Note;
use super::effect::{Effect, Request, RoomCall};
use super::input::RoomAnswer;
use super::timers::Timer;
use crate::error::{ApiError, RequestError};
use crate::event::PollKind;
use crate::types::state::{Role, RoomInfo};

use super::backoff::Backoff;
pub(super) use candidate_set::{Added, CandidateSet};
pub(super) use control_exchange::ControlExchange;
use description::OwnDescription;
use outbox::Outbox;
use polls::Polls;

/// The longest pause before a failed call is repeated while the connection is lost. A network that is away comes back
/// unannounced, and then somebody waits.
const LONGEST_PAUSE_IN_FALLBACK: Duration = Duration::from_secs(2);

/// What a room is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The application's first handshake.
    Application,
    /// Meeting again after the connection was lost.
    Fallback,
}

/// What is learned from the room.
#[derive(Debug)]
pub(super) enum Signal {
    /// The Registry has this side's description.
    Published,
    /// The room holds another description of this side than the one that was to be posted.
    Superseded,
    /// The peer's description.
    Description(SessionDescription),
    /// The peer has replaced its offer.
    OfferReplaced(SessionDescription),
    /// The host has replaced its offer while this side has answered it, and the handshake is over.
    AnsweredReplacedOffer,
    /// The offer that was read was answered by this side in an earlier attempt.
    AnsweredBefore,
    /// The peer has posted a second answer that differs from the first.
    ConflictingAnswer,
    /// A candidate of the peer.
    Candidate(IceCandidate),
    /// A note of the peer.
    Note(Note),
    /// A note of this side is posted.
    NotePosted(Note),
    /// The Registry does not know the room any more (404), or it is closed.
    Gone(ApiError),
    /// A call has failed for good.
    Failed(RequestError),
}

/// One room through which two peers negotiate.
#[derive(Debug)]
pub(super) struct Signalling {
    kind: Kind,
    info: RoomInfo,
    /// What was read last.
    last: Option<Rc<RoomSnapshot>>,
    /// The latest version of it that an exchange has returned.
    version: Option<u64>,
    /// The newest attempt that the room has been seen to hold.
    newest_attempt: u64,
    /// The attempt that this side's exchange belongs to.
    attempt: u64,
    /// Closed or expired: it cannot be used any more.
    gone: bool,
    /// A handshake has begun in it; it cannot serve another.
    used: bool,
    polls: Polls,

    // The exchange of the current handshake.
    /// By which its answers are known.
    number: u32,
    /// Whether it is going on: only then anything is read or written.
    active: bool,
    description: OwnDescription,
    /// The peer's description, once it is taken.
    peer_description: Option<SessionDescription>,
    /// Which offer of the host that is, by its number in the room; `None` if the room does not number them.
    answers: Option<u64>,
    outbox: Outbox,
    /// What has been read of the peer's candidates.
    seen: CandidateSet,
    malformed: usize,
    retry: Backoff,
}

impl Signalling {
    /// The application's room, which was just made or joined.
    pub(super) fn of_application(cx: &Context, info: RoomInfo) -> Self {
        Self::new(cx, Kind::Application, info)
    }

    /// A fallback room, in which this side and its peer are.
    pub(super) fn of_fallback(cx: &Context, info: RoomInfo) -> Self {
        Self::new(cx, Kind::Fallback, info)
    }

    fn new(cx: &Context, kind: Kind, info: RoomInfo) -> Self {
        Self {
            kind,
            outbox: Outbox::of(info.role),
            info,
            last: None,
            version: None,
            newest_attempt: 0,
            attempt: 0,
            gone: false,
            used: false,
            polls: Polls::default(),
            number: if kind == Kind::Application { cx.attempt() } else { 0 },
            active: false,
            description: OwnDescription::default(),
            peer_description: None,
            answers: None,
            seen: CandidateSet::default(),
            malformed: 0,
            retry: Backoff::default(),
        }
    }

    pub(super) fn info(&self) -> &RoomInfo {
        &self.info
    }

    pub(super) fn role(&self) -> Role {
        self.info.role
    }

    /// The room's status, as it was read last.
    pub(super) fn status(&self) -> Option<&RoomStatus> {
        self.last.as_ref().map(|last| &last.status)
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// The room cannot serve another handshake. Returns whether that is new.
    pub(super) fn use_up(&mut self) -> bool {
        !std::mem::replace(&mut self.used, true)
    }

    /// Whether the peers can meet in the room as often as they like.
    pub(super) fn is_lasting(&self) -> bool {
        self.kind == Kind::Fallback && self.exchanges()
    }

    pub(super) fn set_gone(&mut self) {
        self.gone = true;
    }

    /// Whether a guest is known to be in the room.
    fn guest_is_there(&self) -> bool {
        self.info.role == Role::Guest || self.status().is_some_and(|status| *status != RoomStatus::Open)
    }

    /// Whether a guest can still join, as far as this side knows.
    pub(super) fn admits_guest(&self) -> bool {
        self.info.role == Role::Host && !self.guest_is_there() && !self.gone
    }

    /// Begins the exchange of a new handshake: that of the current attempt.
    pub(super) fn begin(&mut self, cx: &Context) {
        self.number = cx.attempt();
        self.active = true;
        self.description = OwnDescription::default();
        (self.peer_description, self.answers) = (None, None);
        self.outbox = Outbox::of(self.info.role);
        self.seen = CandidateSet::default();
        self.malformed = 0;
        self.retry.reset();
        (self.polls.room.in_flight, self.polls.candidates.in_flight) = (false, false);
        self.begin_attempt();
    }

    /// Pauses the exchange; [`publish_again`](Self::publish_again) continues it.
    pub(super) fn pause(&mut self, cx: &mut Context) {
        self.stop_polls(cx);
        self.active = false;
        for timer in [Timer::PostDescription, Timer::PostCandidate, Timer::RoomPoll, Timer::CandidatePoll] {
            cx.cancel(timer);
        }
    }

    /// Ends the exchange. What comes of its requests later is stale.
    pub(super) fn end(&mut self, cx: &mut Context) {
        self.pause(cx);
        self.number = 0;
    }

    /// Whether an answer with this number is for the current exchange.
    pub(super) fn awaits(&self, number: u32) -> bool {
        self.number != 0 && self.number == number
    }

    /// The peer's description is taken: it is not asked for any more.
    pub(super) fn take_peer_description(&mut self, description: SessionDescription) {
        self.peer_description = Some(description);
        let numbered = self.last.as_ref().map(|last| last.offers).filter(|number| *number > 0);
        self.answers = numbered.filter(|_| self.info.role == Role::Guest);
        self.attempt = self.newest_attempt.max(self.attempt);
    }

    /// Makes a call on behalf of the current exchange.
    pub(super) fn call(&self, cx: &mut Context, call: RoomCall) {
        let (room, token) = (self.info.code.clone(), self.info.token.clone());
        cx.push(Effect::Request(self.number, Request::OfRoom { room, token, call }));
    }

    /// How long a failed call is put off at the longest.
    fn longest_pause(&self, cx: &Context) -> Duration {
        match self.kind {
            Kind::Application => cx.settings.retry_backoff_max,
            Kind::Fallback => cx.settings.retry_backoff_max.min(LONGEST_PAUSE_IN_FALLBACK),
        }
    }

    /// A call has its answer.
    pub(super) fn on_answer(&mut self, cx: &mut Context, answer: RoomAnswer) -> Vec<Signal> {
        match answer {
            RoomAnswer::DescriptionPosted(result) => self.on_description_posted(cx, result),
            RoomAnswer::CandidatePosted(candidate, result) => self.on_candidate_posted(cx, candidate, result),
            RoomAnswer::Read(result) | RoomAnswer::LongPolled(result) => self.on_room(cx, result),
            RoomAnswer::Posted(posting, result) => self.on_posted(cx, posting, result),
            RoomAnswer::Candidates(result) => self.on_candidates(cx, result),
        }
    }

    fn on_candidates(&mut self, cx: &mut Context, result: Result<CandidateList, RequestError>) -> Vec<Signal> {
        self.polls.candidates.in_flight = false;
        match result {
            Ok(list) => {
                let mut signals = Vec::new();
                let any_new = self.read_candidates(cx, list, &mut signals);
                let posts = self.seen.len() + usize::from(self.peer_description.is_some());
                self.outbox.see_peer(cx, posts);
                self.on_polled(cx, PollKind::Candidates, any_new);
                signals
            }
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => vec![Signal::Gone(error)],
            Err(error) if error.retryable() => {
                self.on_poll_failed(cx, PollKind::Candidates, &error);
                Vec::new()
            }
            Err(error) => vec![Signal::Failed(error)],
        }
    }
}

#[cfg(test)]
mod tests;
