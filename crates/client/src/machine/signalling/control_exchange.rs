use std::collections::VecDeque;

use registry_protocol::{IceCandidate, SessionDescription};

use super::{Added, CandidateSet};
use crate::event::{DescriptionStep, Event};
use crate::machine::context::Context;
use crate::machine::control::ControlMessage;
use crate::types::sdp::Sdp;
use crate::types::state::Role;

/// The exchange of an ICE restart over the control channel. Nothing is polled: what is sent arrives.
#[derive(Debug)]
pub(in crate::machine) struct ControlExchange {
    /// The host's number of the attempt, which both sides' messages carry.
    attempt: u32,
    role: Role,
    published: bool,
    queue: VecDeque<IceCandidate>,
    received: CandidateSet,
}

impl ControlExchange {
    /// The exchange of the host's attempt with this number.
    pub(in crate::machine) fn new(attempt: u32, role: Role) -> Self {
        Self { attempt, role, published: false, queue: VecDeque::new(), received: CandidateSet::default() }
    }

    /// Whether this number is that of this exchange.
    pub(in crate::machine) fn is(&self, attempt: u32) -> bool {
        self.attempt == attempt
    }

    /// Whether this side's description has been sent.
    pub(in crate::machine) fn is_published(&self) -> bool {
        self.published
    }

    /// Sends this side's description, and the candidates that waited for it.
    pub(in crate::machine) fn publish(&mut self, cx: &mut Context, description: SessionDescription) {
        let (attempt, posted) = (self.attempt, DescriptionStep::Posted);
        let event = Event::description(self.role, posted, Sdp::of(&description));
        cx.send(match self.role {
            Role::Host => ControlMessage::Offer { attempt, description },
            Role::Guest => ControlMessage::Answer { attempt, description },
        });
        cx.record(event);
        self.published = true;
        for candidate in std::mem::take(&mut self.queue) {
            self.publish_candidate(cx, candidate);
        }
    }

    /// Sends a candidate, after this side's description.
    pub(in crate::machine) fn publish_candidate(&mut self, cx: &mut Context, candidate: IceCandidate) {
        if self.published {
            cx.send(ControlMessage::Candidate { attempt: self.attempt, candidate });
        } else {
            self.queue.push_back(candidate);
        }
    }

    /// Takes a candidate of the peer. Returns whether it is to be applied: it is new, and there are not too many.
    pub(in crate::machine) fn takes(&mut self, candidate: &IceCandidate) -> bool {
        self.received.add(candidate) == Added::New
    }
}
