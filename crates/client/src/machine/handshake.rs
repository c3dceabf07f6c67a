//! One attempt at a connection: offer and answer, and the candidates of both sides.
//! Specification: *Phase 2: Offer/Answer Negotiation*, *Phase 3: Trickle ICE Exchange*.

use registry_protocol::{IceCandidate, SessionDescription};

use super::context::Context;
use super::effect::RtcAction;
use super::signalling::{Added, CandidateSet, ControlExchange};
use super::timers::Timer;
use crate::event::{CandidateStep, DescriptionStep, Event};
use crate::types::sdp::Sdp;
use crate::types::state::Role;

/// Where a handshake exchanges descriptions and candidates.
#[derive(Debug, Default)]
pub(super) enum Place {
    /// In the application's room.
    #[default]
    Room,
    /// In a fallback room.
    Fallback,
    /// Over the control channel.
    Control(ControlExchange),
}

/// One attempt at a connection.
#[derive(Debug)]
pub(super) struct Handshake {
    role: Role,
    place: Place,
    /// It restarts ICE and keeps the peer connection.
    restarts: bool,
    gathered: CandidateSet,
    /// This side's description, from its creation until it is applied.
    own_description: Option<Sdp>,
    /// The peer's description, once it is known.
    peer_description: Option<Sdp>,
    /// The peer's description is applied, so candidates can be.
    takes_candidates: bool,
    /// The peer's candidates that wait for that.
    waiting: Vec<IceCandidate>,
    /// Both descriptions are applied on this side.
    settled: bool,
}

impl Handshake {
    /// A handshake in which nothing has happened yet.
    pub(super) fn new(role: Role, place: Place) -> Self {
        Self {
            role,
            place,
            restarts: false,
            gathered: CandidateSet::default(),
            own_description: None,
            peer_description: None,
            takes_candidates: false,
            waiting: Vec::new(),
            settled: false,
        }
    }

    /// Where descriptions and candidates are exchanged.
    pub(super) fn place(&mut self) -> &mut Place {
        &mut self.place
    }

    /// The exchange over the control channel, if that is the place.
    pub(super) fn control(&self) -> Option<&ControlExchange> {
        match &self.place {
            Place::Control(exchange) => Some(exchange),
            Place::Room | Place::Fallback => None,
        }
    }

    pub(super) fn is_over_control(&self) -> bool {
        self.control().is_some()
    }

    pub(super) fn is_in_fallback(&self) -> bool {
        matches!(self.place, Place::Fallback)
    }

    /// Whether it restarts ICE and keeps the peer connection.
    pub(super) fn restarts(&self) -> bool {
        self.restarts
    }

    pub(super) fn set_restarts(&mut self, restarts: bool) {
        self.restarts = restarts;
    }

    pub(super) fn knows_peer_description(&self) -> bool {
        self.peer_description.is_some()
    }

    /// Whether both descriptions are applied on this side.
    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    fn record_peer(&self, cx: &mut Context, step: DescriptionStep) {
        let sdp = self.peer_description.clone().unwrap_or_default();
        cx.record(Event::description(self.role.other(), step, sdp));
    }

    /// The browser has made this side's description.
    pub(super) fn on_created(&mut self, cx: &mut Context, description: SessionDescription) {
        if self.role == Role::Guest {
            // The answer is made when the offer is applied.
            self.on_peer_applied(cx);
        }
        let sdp = Sdp::of(&description);
        cx.record(Event::description(self.role, DescriptionStep::Created, sdp.clone()));
        self.own_description = Some(sdp);
        cx.rtc(RtcAction::SetLocal(description));
    }

    /// This side's description is applied, and candidates are being gathered.
    pub(super) fn on_local_set(&mut self, cx: &mut Context) {
        let sdp = self.own_description.take().unwrap_or_default();
        cx.record(Event::description(self.role, DescriptionStep::Set, sdp));
        cx.after(Timer::Gathering, cx.settings.ice_gathering_timeout);
    }

    /// The peer's description is known; applies it.
    pub(super) fn apply(&mut self, cx: &mut Context, description: SessionDescription) {
        self.peer_description = Some(Sdp::of(&description));
        self.record_peer(cx, DescriptionStep::Received);
        cx.rtc(match self.role {
            Role::Host => RtcAction::SetRemote(description),
            Role::Guest => RtcAction::CreateAnswer(description),
        });
    }

    /// The peer's description is applied: candidates that have waited for it follow.
    pub(super) fn on_peer_applied(&mut self, cx: &mut Context) {
        self.record_peer(cx, DescriptionStep::Applied);
        self.takes_candidates = true;
        for candidate in std::mem::take(&mut self.waiting) {
            cx.rtc(RtcAction::AddCandidate(candidate));
        }
    }

    /// Both descriptions are applied on this side.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// ICE has found a candidate of this side, or `None` at the end of candidates. Returns the candidate if it is to be sent
    /// to the peer.
    pub(super) fn on_gathered(&mut self, cx: &mut Context, candidate: Option<IceCandidate>) -> Option<IceCandidate> {
        // An empty one means the end of candidates (W3C WebRTC §4.8.1.3), like none.
        let candidate = candidate.filter(|candidate| !candidate.candidate.is_empty());
        let (step, reason) = (CandidateStep::Gathered, None);
        cx.record(Event::LocalCandidate { step, candidate: candidate.clone(), reason });
        let candidate = candidate?;
        if let Err(error) = candidate.check() {
            let (step, reason) = (CandidateStep::Skipped, Some(error.to_string()));
            cx.record(Event::LocalCandidate { step, candidate: Some(candidate), reason });
            return None;
        }
        (self.gathered.add(&candidate) == Added::New).then_some(candidate)
    }

    /// A candidate of the peer is known: it is applied, once its description is.
    pub(super) fn add(&mut self, cx: &mut Context, candidate: IceCandidate) {
        let (step, reason) = (CandidateStep::Received, None);
        cx.record(Event::RemoteCandidate { step, candidate: Some(candidate.clone()), reason });
        if self.takes_candidates {
            cx.rtc(RtcAction::AddCandidate(candidate));
        } else {
            self.waiting.push(candidate);
        }
    }

    /// The browser has taken a candidate of the peer, or refused it.
    pub(super) fn on_added(&self, cx: &mut Context, candidate: IceCandidate, result: Result<(), String>) {
        let step = if result.is_ok() { CandidateStep::Applied } else { CandidateStep::Failed };
        cx.record(Event::RemoteCandidate { step, candidate: Some(candidate), reason: result.err() });
    }
}

#[cfg(test)]
mod tests;
