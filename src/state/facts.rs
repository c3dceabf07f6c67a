//! The facts about the current attempt: room, negotiation, polls, requests and path.

use std::rc::Rc;

use registry_analysis::paths::Servers;
use registry_client::Event;
use registry_client::event::{DescriptionStep, PollKind, StandbyStep};
use registry_client::interfaces::registry::Operation;
use registry_client::interfaces::webrtc::{CandidatePair, RtcStates};

use super::candidates::CandidateTable;
use super::counts::{Requests, Traffic};
use super::retries::Retries;

/// The facts about the current attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The room's status in the last snapshot.
    pub room_status: Option<String>,
    /// The offer.
    pub offer: Description,
    /// The answer.
    pub answer: Description,
    /// The states of the peer connection.
    pub rtc: RtcStates,
    /// The poll for the room.
    pub room_poll: Poll,
    /// The poll for candidates.
    pub candidate_poll: Poll,
    /// The requests to the Registry.
    pub requests: Requests,
    /// The requests that have failed and will be retried.
    pub retries: Retries,
    /// The candidate pair that ICE has selected.
    pub pair: Option<CandidatePair>,
    /// STUN and TURN servers that could not be used.
    pub servers: Servers,
    /// This side's candidates.
    pub local: Rc<CandidateTable>,
    /// The peer's candidates.
    pub remote: Rc<CandidateTable>,
    /// Whether the peer acknowledges messages and can reconnect, once that is known.
    pub durable: Option<bool>,
    /// The status of the fallback room, where the peers meet again when the connection is lost.
    pub standby: Option<StandbyStep>,
    /// The last round-trip time, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Messages sent.
    pub sent: Traffic,
    /// Messages received.
    pub received: Traffic,
}

/// The status of a description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The last step on this side, if any.
    pub step: Option<DescriptionStep>,
    /// Whether the room holds it, according to the last snapshot.
    pub in_room: bool,
    /// Size of its SDP in bytes.
    pub bytes: usize,
}

impl Description {
    fn record(&mut self, step: DescriptionStep, bytes: usize) {
        *self = Self { step: Some(step), in_room: self.in_room || !step.is_only_here(), bytes };
    }
}

/// One of the two polls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Poll {
    /// The polling interval in milliseconds; `None` while it is stopped.
    pub interval_ms: Option<f64>,
    /// The long-poll timeout in milliseconds; `None` if the Registry does not support long polling.
    pub wait_ms: Option<f64>,
    /// How many requests it has sent.
    pub count: u32,
}

impl Facts {
    /// Updates the facts with an event.
    pub fn apply(&mut self, event: &Event) {
        self.retries.apply(event);
        self.servers.apply(event);
        match event {
            Event::Request { .. }
            | Event::Response { .. }
            | Event::RequestFailed { .. }
            | Event::RequestAborted { .. } => self.apply_request(event),
            Event::Polling { kind, interval_ms } => self.poll(*kind).interval_ms = Some(*interval_ms),
            Event::Waiting { wait_ms } => self.room_poll.wait_ms = Some(*wait_ms),
            Event::PollingStopped { kind } => {
                let poll = self.poll(*kind);
                (poll.interval_ms, poll.wait_ms) = (None, None);
            }
            Event::Snapshot { status, offer, answer, .. } => {
                self.room_status = Some(status.clone());
                self.offer.in_room |= offer;
                self.answer.in_room |= answer;
            }
            Event::Offer { step, bytes, .. } => self.offer.record(*step, *bytes),
            Event::Answer { step, bytes, .. } => self.answer.record(*step, *bytes),
            Event::LocalCandidate { step, candidate, reason } => {
                Rc::make_mut(&mut self.local).record(*step, candidate.as_ref(), reason.as_ref());
            }
            Event::RemoteCandidate { step, candidate, reason } => {
                Rc::make_mut(&mut self.remote).record(*step, candidate.as_ref(), reason.as_ref());
            }
            Event::SelectedPair(pair) => self.pair = Some(pair.clone()),
            Event::PeerKind { durable } => self.durable = Some(*durable),
            Event::Standby { step, .. } => self.standby = Some(*step),
            Event::RoundTrip { ms } => self.round_trip_ms = Some(*ms),
            Event::Message { bytes, .. } => self.received.add(*bytes),
            Event::MessageSent { bytes, .. } => self.sent.add(*bytes),
            event => self.apply_rtc(event),
        }
    }

    fn apply_rtc(&mut self, event: &Event) {
        match event {
            Event::ConnectionState(state) => self.rtc.connection_state = Some(*state),
            Event::IceConnectionState(state) => self.rtc.ice_connection_state = Some(*state),
            Event::IceGatheringState(state) => self.rtc.ice_gathering_state = Some(*state),
            Event::SignalingState(state) => self.rtc.signaling_state = Some(*state),
            Event::DataChannel(state) => self.rtc.data_channel_state = Some(*state),
            _ => {}
        }
    }

    fn apply_request(&mut self, event: &Event) {
        let requests = &mut self.requests;
        match event {
            Event::Request { operation, bytes, .. } => {
                requests.sent += 1;
                requests.bytes_out += bytes;
                match operation {
                    Operation::GetRoom | Operation::Exchange => self.room_poll.count += 1,
                    Operation::GetCandidates => self.candidate_poll.count += 1,
                    _ => {}
                }
            }
            Event::Response { operation, status, duration_ms, bytes, code, .. } => {
                requests.answered += 1;
                if *status >= 400 {
                    requests.refused += 1;
                } else {
                    requests.malformed += u32::from(code.is_some());
                }
                requests.bytes_in += bytes;
                // Those that wait say nothing about how long the Registry takes.
                let may_wait = matches!(operation, Operation::GetRoom | Operation::Exchange);
                if !may_wait || self.room_poll.wait_ms.is_none() {
                    requests.prompt += 1;
                    requests.total_ms += duration_ms;
                }
            }
            Event::RequestFailed { .. } => requests.failed += 1,
            Event::RequestAborted { .. } => requests.aborted += 1,
            _ => {}
        }
    }

    fn poll(&mut self, kind: PollKind) -> &mut Poll {
        match kind {
            PollKind::Room => &mut self.room_poll,
            PollKind::Candidates => &mut self.candidate_poll,
        }
    }
}

#[cfg(test)]
mod tests;
