//! The moments at which one phase of a handshake follows another, of one peer.

use registry_client::event::DescriptionStep::{Applied, Posted, Received, Set};
use registry_client::interfaces::webrtc::{DataChannelState, IceConnectionState as Ice, PeerConnectionState as Peer};
use registry_client::{ConnectionState as State, Event, Role};

use super::gathering::Server;
use super::path::{Phase, Segment};
use crate::moments::other;

/// Moments of one peer's first handshake.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    pub(super) role: Role,
    pub(super) began: Option<f64>,
    room: Option<f64>,
    started: Option<f64>,
    joined: Option<f64>,
    described: Option<f64>,
    posted: Option<f64>,
    received: Option<f64>,
    applied: Option<f64>,
    checking: Option<f64>,
    ice: Option<f64>,
    dtls: Option<f64>,
    open: Option<f64>,
    /// When it failed or was given up.
    pub(super) ended: Option<f64>,
    servers: Vec<Server>,
    selected: Option<String>,
}

impl Marks {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            began: None,
            room: None,
            started: None,
            joined: None,
            described: None,
            posted: None,
            received: None,
            applied: None,
            checking: None,
            ice: None,
            dtls: None,
            open: None,
            ended: None,
            servers: Vec::new(),
            selected: None,
        }
    }

    /// The session begins with its first event.
    pub(super) fn begin(&mut self, at_ms: f64) {
        self.began.get_or_insert(at_ms);
    }

    /// Takes an event. The channel's opening is the end: nothing later belongs to the handshake but the selected pair.
    pub(super) fn take(&mut self, at_ms: f64, event: &Event) {
        if let Event::SelectedPair(pair) = event {
            self.selected.get_or_insert_with(|| pair.local.candidate_type.clone());
        }
        if self.open.is_some() || self.ended.is_some() {
            return;
        }
        let own = |of| of == self.role;
        let mark = match event {
            Event::State { to: State::Created | State::Joined, .. } => &mut self.room,
            Event::State { to: State::Connecting, .. } => &mut self.started,
            Event::State { to: State::Error | State::Idle, .. } => &mut self.ended,
            Event::Offer { step: Set, .. } if own(Role::Host) => &mut self.described,
            Event::Answer { step: Set, .. } if own(Role::Guest) => &mut self.described,
            Event::Offer { step: Posted, .. } if own(Role::Host) => &mut self.posted,
            Event::Answer { step: Posted, .. } if own(Role::Guest) => &mut self.posted,
            Event::Offer { step: Received, .. } | Event::Answer { step: Received, .. } => &mut self.received,
            Event::Offer { step: Applied, .. } | Event::Answer { step: Applied, .. } => &mut self.applied,
            Event::IceConnectionState(Ice::Checking) => &mut self.checking,
            Event::IceConnectionState(Ice::Connected | Ice::Completed) => &mut self.ice,
            Event::ConnectionState(Peer::Connected) => &mut self.dtls,
            Event::DataChannel(DataChannelState::Open) => &mut self.open,
            _ => return,
        };
        mark.get_or_insert(at_ms);
    }

    /// A server has answered.
    pub(super) fn answered(&mut self, server: Server) {
        if self.open.is_none() {
            self.servers.push(server);
        }
    }

    /// The guest is known to be in the room. Returns whether that is new.
    pub(super) fn joined(&mut self, at_ms: f64) -> bool {
        let new = self.joined.is_none();
        self.joined.get_or_insert(at_ms);
        new
    }

    pub(super) fn has_joined(&self) -> bool {
        self.joined.is_some()
    }

    pub(super) fn waits_for_answer(&self) -> bool {
        self.posted.is_some() && self.received.is_none() && self.ended.is_none()
    }

    pub(super) fn is_before_dtls(&self) -> bool {
        self.dtls.is_none()
    }

    pub(super) fn is_before_channel(&self) -> bool {
        self.open.is_none()
    }

    /// The phases, without gaps, until the channel is open or the handshake has ended.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let Some(mut at) = self.began else { return Vec::new() };
        let (own, others) = (self.role, other(self.role));
        let end = self.open.or(self.ended);
        let mut segments = Vec::new();
        for (phase, mark) in self.steps(own, others) {
            match mark.filter(|mark| end.is_none_or(|end| *mark <= end)) {
                Some(mark) if mark > at => {
                    segments.push(Segment { phase, from_ms: at, to_ms: Some(mark) });
                    at = mark;
                }
                Some(_) => {}
                // What was not seen counts as what came after it, unless nothing did.
                None if self.is_past(&phase) => {}
                None => {
                    if end.is_none_or(|end| end > at) {
                        segments.push(Segment { phase, from_ms: at, to_ms: end });
                    }
                    break;
                }
            }
        }
        segments
    }

    fn steps(&self, own: Role, others: Role) -> Vec<(Phase, Option<f64>)> {
        let mut steps = vec![(Phase::Room(own), self.room), (Phase::Start(own), self.started)];
        let local = [(Phase::Describe(own), self.described), (Phase::Post(own), self.posted)];
        let remote = [(Phase::Await(others), self.received), (Phase::Apply(others), self.applied)];
        if own == Role::Host {
            steps.extend(local);
            steps.push((Phase::GuestJoins, self.joined));
            steps.extend(remote);
        } else {
            steps.extend(remote);
            steps.extend(local);
        }
        if let Some(server) = self.awaited_server() {
            steps.push((Phase::Server(server.url.clone()), Some(server.at_ms)));
        }
        steps.extend([
            (Phase::Candidates, self.checking),
            (Phase::Checks, self.ice),
            (Phase::Dtls, self.dtls),
            (Phase::Channel, self.open),
        ]);
        steps
    }

    /// The server without whose candidate there was no path: what was selected is of the kind that it gave.
    fn awaited_server(&self) -> Option<&Server> {
        let selected = self.selected.as_deref().filter(|kind| matches!(*kind, "relay" | "srflx"))?;
        self.servers.iter().find(|server| server.gave.as_deref() == Some(selected))
    }

    /// Whether a later moment than the end of this phase has come.
    fn is_past(&self, phase: &Phase) -> bool {
        let rest = [self.received, self.applied, self.checking, self.ice, self.dtls, self.open];
        let skip = match phase {
            Phase::Room(_) | Phase::Start(_) | Phase::Describe(_) | Phase::Post(_) | Phase::GuestJoins => 0,
            Phase::Await(_) | Phase::PassOn(_) => 1,
            Phase::Apply(_) | Phase::Server(_) => 2,
            Phase::Candidates => 3,
            Phase::Checks => 4,
            Phase::Dtls => 5,
            Phase::Channel => 6,
        };
        // The guest describes itself only after it has received.
        let skip = if self.role == Role::Guest && skip == 0 && self.started.is_some() { 2 } else { skip };
        let local =
            matches!(phase, Phase::Room(_) | Phase::Start(_)) && (self.described.is_some() || self.received.is_some());
        local || rest.into_iter().skip(skip).flatten().next().is_some()
    }
}
