//! From the events of one peer to its bars, and to the moments at which one phase of the handshake follows another.

use std::rc::Rc;

use registry_client::event::DescriptionStep::{Applied, Created, Posted, Received, Set};
use registry_client::interfaces::webrtc::{DataChannelState, IceConnectionState as Ice, PeerConnectionState as Peer};
use registry_client::{ConnectionState as State, Event, Role, TraceEvent};

use super::bars::Bars;
use super::gathering::Gathering;
use super::marks::Marks;
use super::{Bar, Kind, Row};
use crate::calls::{Call, Calls, Outcome, RoomNews, Said};

const GUEST_JOINS: &str = "until a guest joins";
const GUEST_ANSWERS: &str = "until the guest answers";

/// Takes the events of one peer.
pub(super) struct Recorder {
    role: Role,
    calls: Calls,
    bars: Bars,
    gathering: Gathering,
    marks: Marks,
}

impl Recorder {
    pub(super) fn new(role: Role, servers: Vec<String>) -> Self {
        let (bars, gathering) = (Bars::new(role), Gathering::new(servers));
        Self { role, calls: Calls::default(), bars, gathering, marks: Marks::new(role) }
    }

    pub(super) fn role(&self) -> Role {
        self.role
    }

    pub(super) fn take(&mut self, at_ms: f64, entry: &Rc<TraceEvent>) {
        self.marks.begin(at_ms);
        let event = &entry.event;
        if let Some(Said::More) = self.calls.take(at_ms, entry) {
            self.learn(at_ms);
        }
        if let Some(server) = self.gathering.take(&mut self.bars, at_ms, event) {
            self.marks.answered(server);
        }
        self.marks.take(at_ms, event);
        match event {
            Event::State { from, to, .. } => self.state(*from, *to, at_ms),
            Event::Offer { .. } | Event::Answer { .. } => self.description(event, at_ms),
            event => self.connection(event, at_ms),
        }
    }

    /// A snapshot may have said that the guest is there.
    fn learn(&mut self, at_ms: f64) {
        let joined = self.calls.list.iter().any(|call| call.news == Some(RoomNews::Joined));
        if joined && self.marks.joined(at_ms) {
            self.bars.end(Kind::Person, at_ms, false);
            if self.marks.waits_for_answer() {
                self.bars.begin(Kind::Peer, GUEST_ANSWERS, at_ms);
            }
        }
    }

    fn state(&mut self, from: State, to: State, at_ms: f64) {
        match to {
            State::Created | State::Joined => self.bars.begin(Kind::Person, "until start is pressed", at_ms),
            State::Connecting => {
                self.bars.end(Kind::Person, at_ms, false);
                match self.role {
                    Role::Host => self.bars.begin(Kind::Description, "create and set the offer", at_ms),
                    Role::Guest if from == State::Joined => self.bars.begin(Kind::Peer, "until the host offers", at_ms),
                    Role::Guest => {}
                }
            }
            State::Connected => {
                for kind in [Kind::Reconnect, Kind::Person, Kind::Peer] {
                    self.bars.end(kind, at_ms, false);
                }
            }
            State::Disconnected if from == State::Connected => {
                self.bars.begin(Kind::Reconnect, "connection lost", at_ms);
            }
            State::Error | State::Idle => self.bars.end_all(at_ms, to == State::Error),
            _ => {}
        }
    }

    fn description(&mut self, event: &Event, at_ms: f64) {
        let (of, step) = match event {
            Event::Offer { step, .. } => (Role::Host, *step),
            Event::Answer { step, .. } => (Role::Guest, *step),
            _ => return,
        };
        let bars = &mut self.bars;
        match (of == self.role, step) {
            (true, Created | Applied) => {}
            (true, Set) => bars.end(Kind::Description, at_ms, false),
            (true, Posted) if of == Role::Guest => {}
            (true, Posted) if self.marks.has_joined() => bars.begin(Kind::Peer, GUEST_ANSWERS, at_ms),
            (true, Posted) => bars.begin(Kind::Person, GUEST_JOINS, at_ms),
            (false, Received) => {
                if !self.marks.has_joined() {
                    bars.rename((Kind::Person, GUEST_JOINS), (Kind::Peer, GUEST_ANSWERS));
                }
                bars.end(Kind::Peer, at_ms, false);
                bars.end(Kind::Person, at_ms, false);
                let words = if of == Role::Host { "apply the offer" } else { "apply the answer" };
                bars.begin(Kind::Description, words, at_ms);
            }
            (false, Applied) => {
                bars.end(Kind::Description, at_ms, false);
                if of == Role::Host {
                    bars.begin(Kind::Description, "create and set the answer", at_ms);
                }
            }
            _ => {}
        }
    }

    fn connection(&mut self, event: &Event, at_ms: f64) {
        let bars = &mut self.bars;
        match event {
            Event::IceConnectionState(Ice::Checking) => bars.begin(Kind::Checks, "connectivity checks", at_ms),
            Event::IceConnectionState(Ice::Connected | Ice::Completed) => {
                bars.end(Kind::Checks, at_ms, false);
                if self.marks.is_before_dtls() {
                    bars.begin(Kind::Dtls, "DTLS handshake", at_ms);
                }
            }
            Event::IceConnectionState(Ice::Failed | Ice::Closed) => bars.end(Kind::Checks, at_ms, true),
            Event::ConnectionState(Peer::Connected) => {
                bars.end(Kind::Checks, at_ms, false);
                bars.end(Kind::Dtls, at_ms, false);
                if self.marks.is_before_channel() {
                    bars.begin(Kind::Channel, "data channel", at_ms);
                }
            }
            Event::ConnectionState(Peer::Failed) => {
                for kind in [Kind::Checks, Kind::Dtls, Kind::Channel] {
                    bars.end(kind, at_ms, true);
                }
            }
            Event::DataChannel(DataChannelState::Open) => {
                for kind in [Kind::Checks, Kind::Dtls, Kind::Channel, Kind::Peer, Kind::Person] {
                    bars.end(kind, at_ms, false);
                }
            }
            Event::ReconnectFailed { .. } => {
                for kind in [Kind::Checks, Kind::Dtls, Kind::Channel, Kind::Peer, Kind::Description] {
                    bars.end(kind, at_ms, true);
                }
            }
            _ => {}
        }
    }

    /// The rows, and the moments.
    pub(super) fn finish(mut self, now_ms: f64) -> (Vec<Row>, Marks) {
        self.gathering.close(&mut self.bars, None);
        for call in &self.calls.list {
            let kind = if call.waits && call.sent.is_empty() { Kind::Wait } else { Kind::Request };
            self.bars.add(kind, call.words(), None, bar_of(call));
            if let (Some(from_ms), Some(again_ms)) = (call.to_ms, call.again_ms) {
                let to_ms = Some(from_ms + again_ms).filter(|to| *to <= now_ms);
                let pause = Bar { from_ms, to_ms, bad: false, count: 1, outcome: None };
                self.bars.add(Kind::BackOff, "back-off", None, pause);
            }
        }
        (self.bars.finish(), self.marks)
    }
}

fn bar_of(call: &Call) -> Bar {
    let outcome = match &call.outcome {
        Outcome::Pending => None,
        Outcome::Answered { status, .. } => Some(status.to_string()),
        Outcome::Failed(_) => Some("no answer".to_owned()),
        Outcome::Aborted => Some("aborted".to_owned()),
    };
    Bar { from_ms: call.from_ms, to_ms: call.to_ms, bad: call.is_bad(), count: 1, outcome }
}
