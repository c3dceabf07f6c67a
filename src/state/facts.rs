//! What is known of the present attempt: room, negotiation, polls, requests and path.

use std::rc::Rc;

use registry_client::Event;
use registry_client::event::{DescriptionStep, PollKind, StandbyStep};
use registry_client::registry::Operation;
use registry_client::webrtc::{CandidatePair, RtcStates};

use super::candidates::CandidateTable;
use super::counts::{Requests, Traffic};

/// What is known of the present attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The room's status in the last snapshot.
    pub room_status: Option<String>,
    /// How far the offer has come.
    pub offer: Description,
    /// How far the answer has come.
    pub answer: Description,
    /// What the peer connection said last.
    pub rtc: RtcStates,
    /// The poll for the room.
    pub room_poll: Poll,
    /// The poll for candidates.
    pub candidate_poll: Poll,
    /// The requests to the Registry.
    pub requests: Requests,
    /// The call that failed last and will be repeated, with the pause before it in milliseconds.
    pub retry: Option<(Operation, f64)>,
    /// The pair that ICE has chosen.
    pub pair: Option<CandidatePair>,
    /// STUN and TURN servers that could not be used: address, code, the browser's words.
    pub server_errors: Vec<(String, u16, String)>,
    /// This side's candidates.
    pub local: Rc<CandidateTable>,
    /// The other side's candidates.
    pub remote: Rc<CandidateTable>,
    /// Whether the other side acknowledges messages and can reconnect, once that is known.
    pub durable: Option<bool>,
    /// How far the standby room is, in which the two meet when the connection is lost.
    pub standby: Option<StandbyStep>,
    /// How long the other side took to answer last, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Messages sent.
    pub sent: Traffic,
    /// Messages received.
    pub received: Traffic,
}

/// How far a description has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The last step on this side; `None` while it is not known here.
    pub step: Option<DescriptionStep>,
    /// Whether the room holds it, by the last snapshot.
    pub in_room: bool,
    /// Size of its SDP in bytes.
    pub bytes: usize,
}

impl Description {
    fn note(&mut self, step: DescriptionStep, bytes: usize) {
        *self = Self { step: Some(step), in_room: self.in_room || step != DescriptionStep::Created, bytes };
    }
}

/// One of the two polls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Poll {
    /// The pause to the next request in milliseconds; `None` while it does not run.
    pub interval_ms: Option<f64>,
    /// How long a request waits for news at most, in milliseconds; `None` where the Registry cannot wait.
    pub wait_ms: Option<f64>,
    /// How many requests it has made.
    pub count: u32,
}

impl Facts {
    /// Takes in one event.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Request { .. }
            | Event::Response { .. }
            | Event::RequestFailed { .. }
            | Event::RequestAborted { .. }
            | Event::Retry { .. } => {
                self.note_request(event);
            }
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
            Event::Offer { step, bytes } => self.offer.note(*step, *bytes),
            Event::Answer { step, bytes } => self.answer.note(*step, *bytes),
            Event::LocalCandidate { step, candidate, reason } => {
                Rc::make_mut(&mut self.local).note(*step, candidate.as_ref(), reason.as_ref());
            }
            Event::RemoteCandidate { step, candidate, reason } => {
                Rc::make_mut(&mut self.remote).note(*step, candidate.as_ref(), reason.as_ref());
            }
            Event::IceCandidateError { url, code, text } => self.note_server_error(url, *code, text),
            Event::SelectedPair(pair) => self.pair = Some(pair.clone()),
            Event::PeerKind { durable } => self.durable = Some(*durable),
            Event::Standby { step, .. } => self.standby = Some(*step),
            Event::RoundTrip { ms } => self.round_trip_ms = Some(*ms),
            Event::Message { bytes, .. } => self.received.add(*bytes),
            Event::MessageSent { bytes, .. } => self.sent.add(*bytes),
            event => self.note_rtc(event),
        }
    }

    fn note_rtc(&mut self, event: &Event) {
        match event {
            Event::ConnectionState(state) => self.rtc.connection_state = Some(*state),
            Event::IceConnectionState(state) => self.rtc.ice_connection_state = Some(*state),
            Event::IceGatheringState(state) => self.rtc.ice_gathering_state = Some(*state),
            Event::SignalingState(state) => self.rtc.signaling_state = Some(*state),
            Event::DataChannel(state) => self.rtc.data_channel_state = Some(*state),
            _ => {}
        }
    }

    fn note_request(&mut self, event: &Event) {
        let requests = &mut self.requests;
        match event {
            Event::Request { operation, bytes, .. } => {
                requests.sent += 1;
                requests.bytes_out += bytes;
                match operation {
                    Operation::GetRoom => self.room_poll.count += 1,
                    Operation::GetCandidates => self.candidate_poll.count += 1,
                    _ => {}
                }
            }
            Event::Response { operation, status, duration_ms, bytes, .. } => {
                requests.answered += 1;
                requests.refused += u32::from(*status >= 400);
                requests.bytes_in += bytes;
                if *operation != Operation::GetRoom || self.room_poll.wait_ms.is_none() {
                    requests.prompt += 1;
                    requests.total_ms += duration_ms;
                }
                if *status < 400 && self.retry.is_some_and(|(waiting, _)| waiting == *operation) {
                    self.retry = None;
                }
            }
            Event::RequestFailed { .. } => requests.failed += 1,
            Event::RequestAborted { .. } => requests.aborted += 1,
            Event::Retry { operation, delay_ms, .. } => self.retry = Some((*operation, *delay_ms)),
            _ => {}
        }
    }

    fn note_server_error(&mut self, url: &str, code: u16, text: &str) {
        if !self.server_errors.iter().any(|(known, ..)| known == url) {
            self.server_errors.push((url.into(), code, text.into()));
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
mod tests {
    use registry_client::webrtc::{DataChannelState, IceConnectionState, IceGatheringState};
    use registry_client::webrtc::{PeerConnectionState, SignalingState};

    use super::*;

    fn after(events: &[Event]) -> Facts {
        let mut facts = Facts::default();
        events.iter().for_each(|event| facts.note(event));
        facts
    }

    fn request(operation: Operation) -> Event {
        Event::Request { id: 1, operation, bytes: 10 }
    }

    fn response(operation: Operation, status: u16) -> Event {
        Event::Response { id: 1, operation, status, duration_ms: 8.0, bytes: 100, code: None }
    }

    #[test]
    fn requests_are_counted_by_their_outcome() {
        let facts = after(&[
            request(Operation::CreateRoom),
            response(Operation::CreateRoom, 201),
            request(Operation::GetRoom),
            response(Operation::GetRoom, 429),
            request(Operation::GetCandidates),
            Event::RequestFailed { id: 3, operation: Operation::GetCandidates, duration_ms: 1.0, reason: "x".into() },
            request(Operation::GetRoom),
        ]);
        let Requests { sent, answered, refused, failed, bytes_out, bytes_in, .. } = facts.requests;
        assert_eq!((sent, answered, refused, failed, bytes_out, bytes_in), (4, 2, 1, 1, 40, 200));
        assert_eq!((facts.requests.in_flight(), facts.requests.mean_ms()), (1, Some(8.0)));
        assert_eq!((facts.room_poll.count, facts.candidate_poll.count), (2, 1));
        assert_eq!(Requests::default().mean_ms(), None);
    }

    #[test]
    fn a_retry_is_shown_until_its_call_succeeds() {
        let operation = Operation::PostOffer;
        let retry = Event::Retry { operation, failures: 1, delay_ms: 500.0, reason: "503".into() };
        let waiting = [retry, response(Operation::GetRoom, 200), response(operation, 503)];
        assert_eq!(after(&waiting).retry, Some((operation, 500.0)));
        assert_eq!(after(&[&waiting[..], &[response(operation, 200)]].concat()).retry, None);
    }

    #[test]
    fn polls_run_and_stop_by_kind() {
        let facts = after(&[
            Event::Polling { kind: PollKind::Room, interval_ms: 250.0 },
            Event::Polling { kind: PollKind::Candidates, interval_ms: 500.0 },
            Event::Polling { kind: PollKind::Room, interval_ms: 1000.0 },
            Event::PollingStopped { kind: PollKind::Candidates },
        ]);
        assert_eq!((facts.room_poll.interval_ms, facts.candidate_poll.interval_ms), (Some(1000.0), None));
    }

    #[test]
    fn waiting_is_no_slow_answer_and_giving_up_no_failure() {
        let mut facts = after(&[
            request(Operation::GetRoom),
            response(Operation::GetRoom, 200),
            Event::Waiting { wait_ms: 20_000.0 },
            request(Operation::GetRoom),
            Event::Response {
                id: 2,
                operation: Operation::GetRoom,
                status: 200,
                duration_ms: 9000.0,
                bytes: 1,
                code: None,
            },
            request(Operation::GetRoom),
        ]);
        assert_eq!((facts.room_poll.wait_ms, facts.requests.mean_ms()), (Some(20_000.0), Some(8.0)));
        facts.note(&Event::RequestAborted { id: 3, operation: Operation::GetRoom, duration_ms: 5.0 });
        facts.note(&Event::PollingStopped { kind: PollKind::Room });
        assert_eq!((facts.requests.in_flight(), facts.requests.failed, facts.room_poll.wait_ms), (0, 0, None));
    }

    #[test]
    fn a_description_is_in_the_room_once_anybody_has_seen_it_there() {
        let offer = |step| Event::Offer { step, bytes: 900 };
        let created = after(&[offer(DescriptionStep::Created)]);
        assert_eq!((created.offer.in_room, created.offer.bytes), (false, 900));
        assert!(after(&[offer(DescriptionStep::Created), offer(DescriptionStep::Posted)]).offer.in_room);
        let snapshot =
            Event::Snapshot { status: "paired".into(), offer: true, answer: true, expires_at: Default::default() };
        let seen = after(&[snapshot, Event::Answer { step: DescriptionStep::Applied, bytes: 800 }]);
        assert_eq!((seen.room_status.as_deref(), seen.offer.in_room, seen.offer.step), (Some("paired"), true, None));
        assert_eq!(seen.answer.step, Some(DescriptionStep::Applied));
    }

    #[test]
    fn each_webrtc_state_has_its_place() {
        let facts = after(&[
            Event::ConnectionState(PeerConnectionState::Connecting),
            Event::IceConnectionState(IceConnectionState::Checking),
            Event::IceGatheringState(IceGatheringState::Gathering),
            Event::SignalingState(SignalingState::HaveLocalOffer),
            Event::DataChannel(DataChannelState::Connecting),
        ]);
        assert_eq!(facts.rtc.connection_state, Some(PeerConnectionState::Connecting));
        assert_eq!(facts.rtc.ice_connection_state, Some(IceConnectionState::Checking));
        assert_eq!(facts.rtc.ice_gathering_state, Some(IceGatheringState::Gathering));
        assert_eq!(facts.rtc.signaling_state, Some(SignalingState::HaveLocalOffer));
        assert_eq!(facts.rtc.data_channel_state, Some(DataChannelState::Connecting));
    }

    #[test]
    fn a_server_that_fails_often_is_named_once() {
        let error = Event::IceCandidateError { url: "stun:x".into(), code: 701, text: "no".into() };
        assert_eq!(after(&[error.clone(), error]).server_errors.len(), 1);
    }

    #[test]
    fn messages_are_counted_each_way() {
        let data = serde_json::Value::Null;
        let facts = after(&[
            Event::Message { data: data.clone(), bytes: 4 },
            Event::MessageSent { id: 1, data: data.clone(), bytes: 5, buffered: false },
            Event::Message { data, bytes: 6 },
        ]);
        assert_eq!((facts.received, facts.sent), (Traffic { count: 2, bytes: 10 }, Traffic { count: 1, bytes: 5 }));
    }
}
