use registry_client::interfaces::webrtc::{DataChannelState, IceConnectionState, IceGatheringState};
use registry_client::interfaces::webrtc::{PeerConnectionState, SignalingState};
use registry_client::json::Json;
use registry_client::types::sdp::Sdp;

use super::*;

fn after(events: &[Event]) -> Facts {
    let mut facts = Facts::default();
    events.iter().for_each(|event| facts.apply(event));
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
    let waiting = [retry.clone(), response(Operation::GetRoom, 200), response(operation, 503), retry];
    assert_eq!(after(&waiting).retries.last().map(|retry| (retry.operation, retry.delay_ms)), Some((operation, 500.0)));
    assert_eq!(after(&[&waiting[..], &[response(operation, 204)]].concat()).retries.last(), None);
}

#[test]
fn a_malformed_response_is_counted_as_such() {
    let response = Event::Response {
        id: 1,
        operation: Operation::GetRoom,
        status: 204,
        duration_ms: 1.0,
        bytes: 0,
        code: Some("malformed_answer".into()),
    };
    let requests = after(&[request(Operation::GetRoom), response]).requests;
    assert_eq!((requests.answered, requests.refused, requests.malformed), (1, 0, 1));
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
fn a_long_poll_is_not_slow_and_an_abort_is_not_a_failure() {
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
    facts.apply(&Event::RequestAborted { id: 3, operation: Operation::GetRoom, duration_ms: 5.0 });
    facts.apply(&Event::PollingStopped { kind: PollKind::Room });
    assert_eq!((facts.requests.in_flight(), facts.requests.failed, facts.room_poll.wait_ms), (0, 0, None));
}

#[test]
fn a_description_is_in_the_room_once_either_side_has_seen_it_there() {
    let offer = |step| Event::Offer { step, bytes: 900, sdp: Sdp::default() };
    let created = after(&[offer(DescriptionStep::Created)]);
    assert_eq!((created.offer.in_room, created.offer.bytes), (false, 900));
    assert!(after(&[offer(DescriptionStep::Created), offer(DescriptionStep::Posted)]).offer.in_room);
    let snapshot =
        Event::Snapshot { status: "paired".into(), offer: true, answer: true, expires_at: Default::default() };
    let seen = after(&[snapshot, Event::Answer { step: DescriptionStep::Applied, bytes: 800, sdp: Sdp::default() }]);
    assert_eq!((seen.room_status.as_deref(), seen.offer.in_room, seen.offer.step), (Some("paired"), true, None));
    assert_eq!(seen.answer.step, Some(DescriptionStep::Applied));
}

#[test]
fn webrtc_states_are_kept() {
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
fn messages_are_counted_each_way() {
    let data = Json::from_text("null");
    let facts = after(&[
        Event::Message { data: data.clone(), bytes: 4 },
        Event::MessageSent { id: 1, data: data.clone(), bytes: 5, buffered: false },
        Event::Message { data, bytes: 6 },
    ]);
    assert_eq!((facts.received, facts.sent), (Traffic { count: 2, bytes: 10 }, Traffic { count: 1, bytes: 5 }));
}
