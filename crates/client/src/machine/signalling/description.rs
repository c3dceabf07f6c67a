//! This side's description on its way to the Registry. Specification: *Phase 2: Offer/Answer Negotiation*.

use registry_protocol::{ErrorCode, RoomSnapshot, SessionDescription};

use super::{Kind, Signal, Signalling};
use crate::error::{ApiError, RequestError};
use crate::event::{DescriptionStep, Event};
use crate::machine::context::{Context, ms};
use crate::machine::effect::RoomCall;
use crate::machine::timers::Timer;
use crate::types::operation::Operation;
use crate::types::sdp::Sdp;
use crate::types::state::Role;

/// What is known of this side's description.
#[derive(Debug, Default)]
pub(super) struct OwnDescription {
    content: Option<SessionDescription>,
    /// Whether posting it has begun; from then on the room cannot serve another attempt.
    pub(super) posting: bool,
    /// Whether the Registry has it.
    pub(super) posted: bool,
    /// Whether the room is read to find out if it has.
    pub(super) confirming: bool,
    /// Whether the next exchange is to post it.
    due: bool,
    /// Whether it has waited, or waits, for the first candidates.
    pub(super) waits: bool,
}

impl OwnDescription {
    /// The next exchange is to post it.
    pub(super) fn due(&mut self) {
        self.due = true;
    }

    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    /// What the next exchange is to post. With `until_posted` also if it is on its way already.
    pub(super) fn take_due(&mut self, until_posted: bool) -> Option<SessionDescription> {
        let due = std::mem::take(&mut self.due) || (until_posted && self.posting && !self.posted);
        self.content.clone().filter(|_| due)
    }
}

impl Signalling {
    /// Posts this side's description.
    pub(in crate::machine) fn publish(&mut self, cx: &mut Context, description: SessionDescription) {
        self.description.content = Some(description);
        self.post_description(cx);
    }

    /// Continues an exchange that was paused: posts the same description again, so that the room's life begins anew.
    pub(in crate::machine) fn publish_again(&mut self, cx: &mut Context) {
        self.active = true;
        self.post_description(cx);
    }

    /// Posts this side's description, for the first time or again.
    pub(in crate::machine) fn post_description(&mut self, cx: &mut Context) {
        let Some(description) = self.description.content.clone() else { return };
        self.description.posting = true;
        // A fallback room serves until an offer in it is answered.
        self.used |= self.kind == Kind::Application;
        if self.exchanges() {
            return self.post_described(cx);
        }
        self.call(
            cx,
            match self.info.role {
                Role::Host => RoomCall::PostOffer(description),
                Role::Guest => RoomCall::PostAnswer(description),
            },
        );
    }

    /// Whether this side's description can have arrived.
    pub(in crate::machine) fn has_begun(&self) -> bool {
        self.description.posting
    }

    /// Whether the Registry has this side's description: candidates may follow.
    pub(in crate::machine) fn is_published(&self) -> bool {
        self.description.posted
    }

    /// The call that posts this side's description.
    fn operation(&self) -> Operation {
        match self.info.role {
            _ if self.exchanges() => Operation::Exchange,
            Role::Host => Operation::PostOffer,
            Role::Guest => Operation::PostAnswer,
        }
    }

    pub(super) fn on_description_posted(&mut self, cx: &mut Context, result: Result<(), RequestError>) -> Vec<Signal> {
        self.outbox.count(cx, &result);
        match result {
            Ok(()) => vec![self.published(cx)],
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => vec![Signal::Gone(error)],
            // Perhaps an earlier post arrived though its answer did not: the room knows.
            Err(error) if error.code() == Some(&ErrorCode::AlreadyPaired) => {
                self.description.confirming = true;
                self.read_room_now(cx);
                Vec::new()
            }
            Err(error) if error.retryable() => {
                self.retry_description(cx, &error);
                Vec::new()
            }
            Err(error) => vec![Signal::Failed(error)],
        }
    }

    fn retry_description(&mut self, cx: &mut Context, error: &RequestError) {
        let longest = self.longest_pause(cx);
        let pause = self.retry.next(cx, error.retry_after(), longest);
        let (operation, failures) = (self.operation(), self.retry.failures());
        cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason: error.to_string() });
        cx.after(Timer::PostDescription, pause);
    }

    pub(super) fn published(&mut self, cx: &mut Context) -> Signal {
        self.retry.reset();
        self.description.posted = true;
        let sdp = self.description.content.as_ref().map(Sdp::of).unwrap_or_default();
        cx.record(Event::description(self.info.role, DescriptionStep::Posted, sdp));
        self.hurry_polls(cx);
        self.post_next_candidate(cx);
        Signal::Published
    }

    /// The room was read to find out whether it holds this side's description.
    pub(super) fn confirm_description(&mut self, cx: &mut Context, snapshot: &RoomSnapshot) -> Signal {
        self.description.confirming = false;
        let found = match self.info.role {
            Role::Host => &snapshot.offer,
            Role::Guest => &snapshot.answer,
        };
        if *found == self.description.content { self.published(cx) } else { Signal::Superseded }
    }

    /// The room could not be read. If that was to find out whether it holds this side's description, it is posted again.
    pub(super) fn on_not_confirmed(&mut self, cx: &mut Context, error: &RequestError) {
        if std::mem::take(&mut self.description.confirming) {
            self.retry_description(cx, error);
        }
    }

    /// Why an exchange fails whose room was answered before.
    pub(in crate::machine) fn already_paired(&self) -> ApiError {
        ApiError {
            operation: self.operation(),
            status: 409,
            code: ErrorCode::AlreadyPaired,
            message: String::new(),
            retryable: false,
            retry_after: None,
        }
    }

    /// Whether the Registry fails to answer.
    pub(super) fn is_failing(&self) -> bool {
        self.retry.failures() > 0 || self.outbox.failures() > 0 || self.room_poll_is_failing()
    }
}
