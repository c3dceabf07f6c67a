//! Names and JSON of every event, as JavaScript and exported traces have them.
//!
//! tidy: long because it lists every event

use std::time::Duration;

use registry_client::error::{
    ApiError, NegotiationStep, NetworkError, RequestError, StateError, TimeoutError, WebRtcError,
};
use registry_client::event::{CandidateStep, DescriptionStep, DropReason, PageStep, PollKind, StandbyStep};
use registry_client::interfaces::registry::Operation;
use registry_client::interfaces::webrtc::{
    CandidateEnd, CandidatePair, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState,
    RtcStates, SignalingState,
};
use registry_client::json::Json;
use registry_client::protocol::{EpochMs, ErrorCode, IceCandidate, RoomCode, UserName};
use registry_client::types::environment::Environment;
use registry_client::types::fault::InjectedFault;
use registry_client::types::pair::CheckedPair;
use registry_client::types::probe::{NoAnswer, ProbeAnswer, RegistryProbe};
use registry_client::types::sdp::Sdp;
use registry_client::{ConnectionState, Diagnostics, Error, ErrorKind, Event, Role, Timer, TraceEvent};
use serde_json::{Value, json};

/// The types of all events for TypeScript.
const TYPES: &str = include_str!("../../js/js/events.d.ts");

fn details(event: Event, name: &str, expected: &Value) {
    assert_eq!((event.name(), &event.details()), (name, expected), "{event:?}");
    let entry = TraceEvent { seq: 7, at_ms: 1.5, epoch_ms: 2.5, event: event.clone() };
    let written = Json::of(&entry);
    let read: TraceEvent = written.read().unwrap_or_else(|malformed| panic!("{name}: {malformed}"));
    assert_eq!(Json::of(&read), written, "a trace is read as it was written");
    // An error is read as a recorded one, and a message that is not JSON as a string.
    if !matches!(event, Event::Failure(_) | Event::ReconnectFailed { .. } | Event::Message { .. }) {
        assert_eq!(read, entry);
    }
    let declared = [format!("\n  {name}: ["), format!("\n  \"{name}\": [")];
    assert!(declared.iter().any(|line| TYPES.contains(line)), "{name} has no type for JavaScript");
}

fn candidate() -> IceCandidate {
    IceCandidate { candidate: "candidate:1".into(), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) }
}

fn error(kind: impl Into<ErrorKind>) -> Error {
    Error::new(kind, Diagnostics::default())
}

#[test]
fn states_and_rooms() {
    let (from, to) = (ConnectionState::Idle, ConnectionState::Creating);
    let change = |reason| Event::State { from, to, reason };
    details(change(None), "state:changed", &json!({ "oldState": "idle", "newState": "creating", "reason": null }));
    details(
        change(Some("why".into())),
        "state:changed",
        &json!({ "oldState": "idle", "newState": "creating", "reason": "why" }),
    );
    let room = |host_user_name| Event::Room {
        code: RoomCode::parse("ACDE2345").unwrap(),
        role: Role::Host,
        host_user_name,
        expires_at: EpochMs(7),
    };
    details(room(None), "room", &json!({ "code": "ACDE2345", "role": "host", "hostUserName": null, "expiresAt": 7 }));
    details(
        room(UserName::parse("Ann").ok()),
        "room",
        &json!({ "code": "ACDE2345", "role": "host", "hostUserName": "Ann", "expiresAt": 7 }),
    );
    details(Event::JoinCodeReplaced { expires_at: EpochMs(9) }, "room:join-code:replaced", &json!({ "expiresAt": 9 }));
    details(
        Event::Snapshot { status: "joined".into(), offer: true, answer: false, expires_at: EpochMs(8) },
        "room:snapshot",
        &json!({ "status": "joined", "offer": true, "answer": false, "expiresAt": 8 }),
    );
    details(Event::Closing { messages: 2 }, "closing", &json!({ "messages": 2 }));
    details(Event::CleanupStarted, "cleanup:started", &json!({}));
    details(Event::CleanupComplete, "cleanup:complete", &json!({}));
}

#[test]
fn requests() {
    let (id, operation, duration_ms) = (3, Operation::PostOffer, 1.5);
    let call = json!({ "id": 3, "operation": "postOffer", "method": "POST", "path": "/rooms/:code/offer" });
    let with = |more: Value| {
        let mut all = call.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    details(Event::Request { id, operation, bytes: 9 }, "request", &with(json!({ "bytes": 9 })));
    let response = |code| Event::Response { id, operation, status: 429, duration_ms, bytes: 4, code };
    details(response(None), "response", &with(json!({ "status": 429, "durationMs": 1.5, "bytes": 4, "code": null })));
    details(
        response(Some("rate_limited".into())),
        "response",
        &with(json!({ "status": 429, "durationMs": 1.5, "bytes": 4, "code": "rate_limited" })),
    );
    details(
        Event::RequestFailed { id, operation, duration_ms, reason: "no".into() },
        "request:failed",
        &with(json!({ "durationMs": 1.5, "reason": "no" })),
    );
    details(
        Event::RequestAborted { id, operation, duration_ms },
        "request:aborted",
        &with(json!({ "durationMs": 1.5 })),
    );
    details(
        Event::Retry { operation, failures: 2, delay_ms: 0.5, reason: "no".into() },
        "retry:scheduled",
        &json!({ "operation": "postOffer", "failures": 2, "delayMs": 0.5, "reason": "no" }),
    );
}

#[test]
fn every_operation_has_its_word_method_and_path() {
    for (operation, word, method, path) in [
        (Operation::CreateRoom, "createRoom", "POST", "/rooms"),
        (Operation::GetPublicRoomInfo, "getPublicRoomInfo", "GET", "/rooms/:code/public"),
        (Operation::JoinRoom, "joinRoom", "POST", "/rooms/:code/join"),
        (Operation::ReplaceJoinCode, "replaceJoinCode", "POST", "/rooms/:code/join-code"),
        (Operation::PostOffer, "postOffer", "POST", "/rooms/:code/offer"),
        (Operation::PostAnswer, "postAnswer", "POST", "/rooms/:code/answer"),
        (Operation::PostCandidate, "postCandidate", "POST", "/rooms/:code/candidate"),
        (Operation::GetRoom, "getRoom", "GET", "/rooms/:code"),
        (Operation::GetCandidates, "getCandidates", "GET", "/rooms/:code/candidates"),
        (Operation::CloseRoom, "closeRoom", "POST", "/rooms/:code/close"),
    ] {
        details(
            Event::Request { id: 1, operation, bytes: 0 },
            "request",
            &json!({ "id": 1, "operation": word, "method": method, "path": path, "bytes": 0 }),
        );
    }
}

#[test]
fn polls() {
    for (kind, started, stopped) in [
        (PollKind::Room, "room:polling:started", "room:polling:stopped"),
        (PollKind::Candidates, "ice:polling:started", "ice:polling:stopped"),
    ] {
        details(Event::Polling { kind, interval_ms: 250.5 }, started, &json!({ "intervalMs": 250.5 }));
        details(Event::PollingStopped { kind }, stopped, &json!({}));
    }
    details(Event::Waiting { wait_ms: 0.5 }, "room:waiting", &json!({ "waitMs": 0.5 }));
}

#[test]
fn descriptions() {
    for (step, offer, answer) in [
        (DescriptionStep::Created, "offer:created", "answer:created"),
        (DescriptionStep::Set, "offer:set", "answer:set"),
        (DescriptionStep::Posted, "offer:posted", "answer:posted"),
        (DescriptionStep::Received, "offer:received", "answer:received"),
        (DescriptionStep::Applied, "offer:applied", "answer:processed"),
    ] {
        let sdp = || Sdp::new("v=0\r\n");
        details(Event::Offer { step, bytes: 5, sdp: sdp() }, offer, &json!({ "bytes": 5, "sdp": "v=0\r\n" }));
        details(Event::Answer { step, bytes: 5, sdp: sdp() }, answer, &json!({ "bytes": 5, "sdp": "v=0\r\n" }));
    }
    details(Event::AnswerDuplicate, "answer:duplicate", &json!({}));
}

#[test]
fn candidates() {
    for (step, word) in [
        (CandidateStep::Gathered, "gathered"),
        (CandidateStep::Posted, "posted"),
        (CandidateStep::Refused, "refused"),
        (CandidateStep::Received, "received"),
        (CandidateStep::Applied, "applied"),
        (CandidateStep::Failed, "failed"),
        (CandidateStep::Skipped, "skipped"),
    ] {
        let found = json!({ "candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0 });
        details(
            Event::LocalCandidate { step, candidate: Some(candidate()), reason: None },
            "ice:candidate:local",
            &json!({ "step": word, "candidate": found, "reason": null }),
        );
        details(
            Event::RemoteCandidate { step, candidate: None, reason: Some("why".into()) },
            "ice:candidate:remote",
            &json!({ "step": word, "candidate": null, "reason": "why" }),
        );
    }
    let bare = IceCandidate { candidate: "candidate:2".into(), sdp_mid: None, sdp_m_line_index: None };
    details(
        Event::RemoteCandidate { step: CandidateStep::Applied, candidate: Some(bare), reason: None },
        "ice:candidate:remote",
        &json!({ "step": "applied", "candidate": { "candidate": "candidate:2" }, "reason": null }),
    );
    details(
        Event::IceCandidateError { url: "stun:s".into(), code: 701, text: "no".into() },
        "ice:candidate:error",
        &json!({ "url": "stun:s", "code": 701, "text": "no" }),
    );
    details(
        Event::IceServerAnswered {
            url: "turn:s".into(),
            candidate: Some("candidate:1".into()),
            relay_protocol: Some("tcp".into()),
        },
        "ice:server:answered",
        &json!({ "url": "turn:s", "candidate": "candidate:1", "relayProtocol": "tcp" }),
    );
}

#[test]
fn states_of_webrtc() {
    use IceConnectionState as Ice;
    use PeerConnectionState as Peer;
    for (state, word) in [
        (Peer::New, "new"),
        (Peer::Connecting, "connecting"),
        (Peer::Connected, "connected"),
        (Peer::Disconnected, "disconnected"),
        (Peer::Failed, "failed"),
        (Peer::Closed, "closed"),
    ] {
        details(Event::ConnectionState(state), "connection:state", &json!({ "state": word }));
    }
    for (state, word) in [
        (Ice::New, "new"),
        (Ice::Checking, "checking"),
        (Ice::Connected, "connected"),
        (Ice::Completed, "completed"),
        (Ice::Disconnected, "disconnected"),
        (Ice::Failed, "failed"),
        (Ice::Closed, "closed"),
    ] {
        details(Event::IceConnectionState(state), "ice:connection:state", &json!({ "state": word }));
    }
    for (state, word) in [
        (IceGatheringState::New, "new"),
        (IceGatheringState::Gathering, "gathering"),
        (IceGatheringState::Complete, "complete"),
    ] {
        details(Event::IceGatheringState(state), "ice:gathering:state", &json!({ "state": word }));
    }
    for (state, word) in [
        (SignalingState::Stable, "stable"),
        (SignalingState::HaveLocalOffer, "have-local-offer"),
        (SignalingState::HaveRemoteOffer, "have-remote-offer"),
        (SignalingState::HaveLocalPranswer, "have-local-pranswer"),
        (SignalingState::HaveRemotePranswer, "have-remote-pranswer"),
        (SignalingState::Closed, "closed"),
    ] {
        details(Event::SignalingState(state), "signaling:state", &json!({ "state": word }));
    }
    for (state, name, word) in [
        (DataChannelState::Connecting, "datachannel:state", "connecting"),
        (DataChannelState::Open, "datachannel:open", "open"),
        (DataChannelState::Closing, "datachannel:state", "closing"),
        (DataChannelState::Closed, "datachannel:close", "closed"),
    ] {
        details(Event::DataChannel(state), name, &json!({ "state": word }));
    }
    details(Event::DataChannelError { reason: "no".into() }, "datachannel:error", &json!({ "reason": "no" }));
}

#[test]
fn the_selected_pair() {
    let end = |candidate_type: &str, port| CandidateEnd {
        candidate_type: candidate_type.into(),
        protocol: "udp".into(),
        address: "192.0.2.1".into(),
        port,
    };
    let json = |kind: &str, port: u16| json!({ "candidateType": kind, "protocol": "udp", "address": "192.0.2.1", "port": port });
    details(
        Event::SelectedPair(CandidatePair { local: end("host", 1), remote: end("relay", 2) }),
        "ice:selected-pair",
        &json!({ "pair": { "local": json("host", 1), "remote": json("relay", 2) }, "relayed": true }),
    );
}

#[test]
fn messages() {
    let data = Json::from(json!({ "a": [1.5, null] }));
    details(
        Event::Message { data: data.clone(), bytes: 4 },
        "message",
        &json!({ "data": { "a": [1.5, null] }, "bytes": 4 }),
    );
    details(
        Event::Message { data: Json::from_text("hello there"), bytes: 11 },
        "message",
        &json!({ "data": "hello there", "bytes": 11 }),
    );
    details(
        Event::MessageSent { id: 1, data: data.clone(), bytes: 4, buffered: true },
        "message:sent",
        &json!({ "id": 1, "data": { "a": [1.5, null] }, "bytes": 4, "buffered": true }),
    );
    details(
        Event::MessageBuffered { id: 1, data: data.clone(), bytes: 4 },
        "message:buffered",
        &json!({ "id": 1, "data": { "a": [1.5, null] }, "bytes": 4 }),
    );
    details(
        Event::MessageReplayed { id: 1, data },
        "message:replayed",
        &json!({ "id": 1, "data": { "a": [1.5, null] } }),
    );
    details(Event::MessagesDelivered { ids: vec![1, 2] }, "message:delivered", &json!({ "ids": [1, 2] }));
    for (reason, name, word) in [
        (DropReason::Overflow, "message:buffer:overflow", "overflow"),
        (DropReason::Expired, "message:buffer:expired", "expired"),
        (DropReason::TooLarge, "message:undelivered", "tooLarge"),
        (DropReason::Closed, "message:undelivered", "closed"),
        (DropReason::Unknown, "message:undelivered", "unknown"),
    ] {
        details(
            Event::MessageDropped { id: 1, data: Json::from(json!(7)), reason },
            name,
            &json!({ "id": 1, "data": 7, "reason": word }),
        );
    }
}

#[test]
fn reconnecting() {
    details(Event::PeerKind { durable: true }, "peer:durable", &json!({}));
    details(Event::PeerKind { durable: false }, "peer:plain", &json!({}));
    details(Event::PeerVersion { version: 2 }, "peer:version", &json!({ "version": 2 }));
    for (step, word) in [
        (StandbyStep::Made, "made"),
        (StandbyStep::Ready, "ready"),
        (StandbyStep::Used, "used"),
        (StandbyStep::Gone, "gone"),
    ] {
        details(Event::Standby { step, expires_at: None }, "standby", &json!({ "step": word, "expiresAt": null }));
        let expires_at = Some(EpochMs(1_763_800_000_000));
        details(
            Event::Standby { step, expires_at },
            "standby",
            &json!({ "step": word, "expiresAt": 1_763_800_000_000_u64 }),
        );
    }
    details(Event::RoundTrip { ms: 1.5 }, "peer:answered", &json!({ "ms": 1.5 }));
    details(Event::IceRestart, "ice:restart", &json!({}));
    details(
        Event::ReconnectScheduled { attempt: 1, delay_ms: 0.5, max_attempts: 5 },
        "reconnect:scheduled",
        &json!({ "attempt": 1, "delay": 0.5, "maxAttempts": 5 }),
    );
    details(Event::ReconnectAttempting { attempt: 1 }, "reconnect:attempting", &json!({ "attempt": 1 }));
    details(
        Event::ReconnectSuccess { attempts: 1, lost_ms: 0.5 },
        "reconnect:success",
        &json!({ "attempts": 1, "lostMs": 0.5 }),
    );
    let reason = error(WebRtcError::IceFailed);
    let message = reason.to_string();
    details(
        Event::ReconnectFailed { attempt: 1, error: reason },
        "reconnect:failed",
        &json!({ "attempt": 1, "code": "ice_failed", "message": message }),
    );
    details(Event::ReconnectExhausted { attempts: 5 }, "reconnect:exhausted", &json!({ "attempts": 5 }));
    details(Event::Stale { what: "offer".into(), attempt: 2 }, "stale", &json!({ "what": "offer", "attempt": 2 }));
}

#[test]
fn what_the_instrument_records() {
    let environment = Environment {
        version: "1".into(),
        user_agent: "browser".into(),
        page_origin: "https://page.example".into(),
        secure_context: true,
        has_web_rtc: true,
        online: true,
        registry_url: "https://registry.example".into(),
        ice_servers: vec!["stun:s".into()],
        relay_only: false,
    };
    details(
        Event::Environment(Box::new(environment)),
        "environment",
        &json!({
            "version": "1", "userAgent": "browser", "pageOrigin": "https://page.example", "secureContext": true,
            "hasWebRtc": true, "online": true, "registryUrl": "https://registry.example", "iceServers": ["stun:s"],
            "relayOnly": false,
        }),
    );
    for (step, word) in [
        (PageStep::Hidden, "hidden"),
        (PageStep::Visible, "visible"),
        (PageStep::Slept, "slept"),
        (PageStep::Online, "online"),
        (PageStep::Offline, "offline"),
    ] {
        details(Event::Page { step, gap_ms: Some(0.5) }, "page", &json!({ "step": word, "gapMs": 0.5 }));
    }
    details(Event::RegistryClock { ahead_ms: -0.5 }, "registry:clock", &json!({ "aheadMs": -0.5 }));
    details(
        Event::Probe(RegistryProbe {
            opaque: Ok(()),
            simple_cors: Ok(ProbeAnswer {
                status: 404,
                of_a_registry: true,
                date: None,
                received: EpochMs(5),
                took: Duration::from_millis(3),
            }),
            preflighted: Err(NoAnswer::Failed("no".into())),
            refused_headers: vec!["X-Access-Token".into()],
            mixed_content: false,
        }),
        "registry:probe",
        &json!({
            "opaque": { "answered": null },
            "simpleCors": {
                "answered": { "status": 404, "ofARegistry": true, "date": null, "received": 5, "tookMs": 3 },
            },
            "preflighted": { "failed": "no" },
            "refusedHeaders": ["X-Access-Token"],
            "mixedContent": false,
        }),
    );
    let end =
        || CandidateEnd { candidate_type: "host".into(), protocol: "udp".into(), address: "192.0.2.1".into(), port: 1 };
    let pair = CheckedPair {
        local: end(),
        remote: end(),
        state: "in-progress".into(),
        nominated: false,
        requests_sent: 3,
        requests_received: 2,
        responses_received: 1,
        round_trip_ms: None,
        bytes_sent: 0,
        bytes_received: 0,
    };
    let json = json!({ "candidateType": "host", "protocol": "udp", "address": "192.0.2.1", "port": 1 });
    details(
        Event::Pairs { pairs: vec![pair] },
        "ice:pairs",
        &json!({ "pairs": [{
            "local": json, "remote": json, "state": "in-progress", "nominated": false, "requestsSent": 3,
            "requestsReceived": 2, "responsesReceived": 1, "roundTripMs": null, "bytesSent": 0, "bytesReceived": 0,
        }] }),
    );
    details(
        Event::Fault(InjectedFault {
            action: "delayed".into(),
            target: "exchange".into(),
            delay_ms: Some(0.5),
            status: None,
            rule: Some("train".into()),
        }),
        "fault:injected",
        &json!({ "action": "delayed", "target": "exchange", "delayMs": 0.5, "status": null, "rule": "train" }),
    );
}

#[test]
fn an_event_that_cannot_be_read_is_refused_with_its_number_and_name() {
    for (name, details) in [("unheard:of", "{}"), ("message", "[]"), ("offer:posted", r#"{"bytes":"five"}"#)] {
        let text = format!(r#"{{"seq":3,"atMs":0,"epochMs":0,"name":"{name}","details":{details}}}"#);
        let refusal = serde_json::from_str::<TraceEvent>(&text).unwrap_err().to_string();
        assert!(refusal.starts_with(&format!("event 3 ({name})")), "{refusal}");
    }
}

#[test]
fn timers() {
    for (timer, name, word) in [
        (Timer::Admission, "timer", "admission"),
        (Timer::RoomExpiry, "timer", "roomExpiry"),
        (Timer::PostDescription, "timer", "postDescription"),
        (Timer::PostCandidate, "timer", "postCandidate"),
        (Timer::RoomPoll, "timer", "roomPoll"),
        (Timer::CandidatePoll, "timer", "candidatePoll"),
        (Timer::Connection, "connection:timeout", "connection"),
        (Timer::Gathering, "ice:gathering:timeout", "gathering"),
        (Timer::DisconnectedGrace, "timer", "disconnectedGrace"),
        (Timer::Restart, "timer", "restart"),
        (Timer::Reconnect, "timer", "reconnect"),
        (Timer::Attempt, "timer", "attempt"),
        (Timer::Greeting, "timer", "greeting"),
        (Timer::Heartbeat, "timer", "heartbeat"),
        (Timer::Acknowledge, "timer", "acknowledge"),
        (Timer::BufferExpiry, "timer", "bufferExpiry"),
        (Timer::Standby, "timer", "standby"),
        (Timer::Close, "timer", "close"),
        (Timer::SelectedPair, "timer", "selectedPair"),
    ] {
        details(Event::Timer(timer), name, &json!({ "timer": word }));
    }
}

#[test]
fn a_failure_has_its_diagnostics() {
    let diagnostics = Diagnostics {
        phase: ConnectionState::Connecting,
        phase_ms: 1.5,
        role: Some(Role::Guest),
        room_status: Some("paired".into()),
        rtc: RtcStates {
            connection_state: Some(PeerConnectionState::Failed),
            ice_connection_state: Some(IceConnectionState::Disconnected),
            ice_gathering_state: Some(IceGatheringState::Complete),
            signaling_state: Some(SignalingState::Stable),
            data_channel_state: Some(DataChannelState::Closed),
        },
    };
    let known = Error::new(WebRtcError::PeerLost, diagnostics);
    let message = known.to_string();
    details(
        Event::Failure(known),
        "error",
        &json!({
            "kind": "webrtc", "code": "peer_lost", "message": message, "retryable": false,
            "diagnostics": {
                "phase": "connecting", "phaseMs": 1.5, "role": "guest", "roomStatus": "paired",
                "connectionState": "failed", "iceConnectionState": "disconnected", "iceGatheringState": "complete",
                "signalingState": "stable", "dataChannelState": "closed",
            },
        }),
    );
    let nothing = error(StateError::Closed);
    let diagnostics = &Event::Failure(nothing).details()["diagnostics"];
    assert_eq!(
        diagnostics,
        &json!({
            "phase": "idle", "phaseMs": 0.0, "role": null, "roomStatus": null, "connectionState": null,
            "iceConnectionState": null, "iceGatheringState": null, "signalingState": null, "dataChannelState": null,
        })
    );
}

#[test]
fn every_error_has_its_kind_and_code() {
    let (operation, text, after) = (Operation::GetRoom, String::new, Duration::from_secs(1));
    let api = |code: ErrorCode| -> ErrorKind {
        ApiError { operation, status: 409, code, message: text(), retryable: false, retry_after: None }.into()
    };
    let (step, state) = (NegotiationStep::CreateOffer, ConnectionState::Idle);
    let malformed = RequestError::Malformed { operation, status: 200, reason: text() };
    let cases: Vec<(ErrorKind, &str, &str)> = vec![
        (api(ErrorCode::NotOpen), "api", "not_open"),
        (api(ErrorCode::Other("new_code".into())), "api", "new_code"),
        (malformed.into(), "api", "malformed_answer"),
        (WebRtcError::Unsupported(text()).into(), "webrtc", "webrtc_unsupported"),
        (WebRtcError::BadConfiguration(text()).into(), "webrtc", "bad_ice_servers"),
        (WebRtcError::NoIceServers(text()).into(), "webrtc", "no_ice_servers"),
        (WebRtcError::TooManyConnections(text()).into(), "webrtc", "too_many_connections"),
        (WebRtcError::NoPeerConnection(text()).into(), "webrtc", "no_peer_connection"),
        (WebRtcError::Negotiation { step, reason: text() }.into(), "webrtc", "negotiation_failed"),
        (WebRtcError::IceFailed.into(), "webrtc", "ice_failed"),
        (WebRtcError::PeerLeft.into(), "webrtc", "peer_left"),
        (WebRtcError::PeerSilent(after).into(), "webrtc", "peer_silent"),
        (WebRtcError::PeerLost.into(), "webrtc", "peer_lost"),
        (WebRtcError::Interrupted(after).into(), "webrtc", "interrupted"),
        (WebRtcError::ChannelClosed.into(), "webrtc", "channel_closed"),
        (WebRtcError::ConflictingAnswer.into(), "webrtc", "conflicting_answer"),
        (WebRtcError::OfferReplaced.into(), "webrtc", "offer_replaced"),
        (WebRtcError::BufferFull { messages: 1, bytes: 1 }.into(), "webrtc", "buffer_full"),
        (WebRtcError::MessageTooLarge { bytes: 1, limit: 1 }.into(), "webrtc", "message_too_large"),
        (WebRtcError::Overstated { delivered: 1, sent: 1 }.into(), "webrtc", "bad_acknowledgement"),
        (WebRtcError::SendFailed(text()).into(), "webrtc", "send_failed"),
        (StateError::InvalidTransition { from: state, to: state }.into(), "state", "invalid_transition"),
        (StateError::NotConnected(state).into(), "state", "not_connected"),
        (StateError::Closing.into(), "state", "closing"),
        (StateError::Closed.into(), "state", "closed"),
        (StateError::NotResumable.into(), "state", "not_resumable"),
        (StateError::NoRoom.into(), "state", "no_room"),
        (StateError::RoomGone.into(), "state", "room_gone"),
        (StateError::NoOpenRoom.into(), "state", "no_open_room"),
        (StateError::NotSupported.into(), "state", "not_supported"),
        (StateError::BadArgument(RoomCode::parse("").unwrap_err()).into(), "state", "bad_argument"),
        (NetworkError { operation, reason: text() }.into(), "network", "network_unreachable"),
        (TimeoutError::Request { operation, after }.into(), "timeout", "request_timeout"),
        (TimeoutError::Connection { after }.into(), "timeout", "connection_timeout"),
        (TimeoutError::Reconnect { after }.into(), "timeout", "reconnect_timeout"),
        (TimeoutError::RoomExpired { at: None }.into(), "timeout", "room_expired"),
    ];
    for (cause, kind, code) in cases {
        let details = Event::Failure(error(cause)).details();
        assert_eq!((&details["kind"], &details["code"]), (&json!(kind), &json!(code)), "{details}");
    }
}

#[test]
fn a_line_of_the_trace() {
    let entry = TraceEvent { seq: 1, at_ms: 0.5, epoch_ms: 1.5, event: Event::IceRestart };
    assert_eq!(
        serde_json::to_value(&entry).unwrap(),
        json!({ "seq": 1, "atMs": 0.5, "epochMs": 1.5, "name": "ice:restart", "details": {} })
    );
}
