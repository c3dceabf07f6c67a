//! What can happen: the typed events of the trace.

use registry_protocol::{EpochMs, IceCandidate, RoomCode, SessionDescription, UserName};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::registry::Operation;
use crate::room::Timer;
use crate::state::{ConnectionState, Role};
use crate::webrtc::{
    CandidatePair, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, SignalingState,
};

/// An [`Event`] with its place in the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEvent {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// Monotonic time in milliseconds since the clock's origin.
    pub at_ms: f64,
    /// Wall-clock time in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
    /// What happened.
    pub event: Event,
}

/// Which of the two polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PollKind {
    /// The room's snapshot.
    Room,
    /// The other side's candidates.
    Candidates,
}

/// A step in the life of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CandidateStep {
    /// Found by this side's ICE.
    Gathered,
    /// Accepted by the Registry.
    Posted,
    /// Refused by the Registry for good.
    Refused,
    /// Read from the Registry.
    Received,
    /// Given to this side's ICE.
    Applied,
    /// Not taken by this side's ICE.
    Failed,
    /// Left out: malformed, empty, or one too many.
    Skipped,
}

/// A step in the life of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DescriptionStep {
    /// Made by this side.
    Created,
    /// Accepted by the Registry.
    Posted,
    /// Read from the Registry.
    Received,
    /// Given to this side's peer connection.
    Applied,
}

/// What happened. Nothing in it is a secret: no token, no join code, no TURN credential, no SDP text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The state changed.
    State {
        /// Before.
        from: ConnectionState,
        /// Now.
        to: ConnectionState,
        /// Why, where there is more to say.
        reason: Option<String>,
    },
    /// A room was made or joined.
    Room {
        /// Its code.
        code: RoomCode,
        /// This side's role.
        role: Role,
        /// The host's name, where known.
        host_user_name: Option<UserName>,
        /// When it expires, by the Registry's clock.
        expires_at: EpochMs,
    },
    /// A request went out.
    Request {
        /// Counts requests from 1.
        id: u64,
        /// The call.
        operation: Operation,
        /// Size of the body in bytes.
        bytes: usize,
    },
    /// A request was answered.
    Response {
        /// Of the request.
        id: u64,
        /// The call.
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// From sending to the whole answer, in milliseconds.
        duration_ms: f64,
        /// Size of the answer's body in bytes.
        bytes: usize,
        /// The Registry's code, if it refused.
        code: Option<String>,
    },
    /// A request has no answer.
    RequestFailed {
        /// Of the request.
        id: u64,
        /// The call.
        operation: Operation,
        /// From sending to giving up, in milliseconds.
        duration_ms: f64,
        /// Why.
        reason: String,
    },
    /// A call that failed will be repeated.
    Retry {
        /// The call.
        operation: Operation,
        /// Failures in a row so far.
        failures: u32,
        /// The pause before it, in milliseconds.
        delay_ms: f64,
        /// Why it failed.
        reason: String,
    },
    /// A poll began, slowed down, or sped up.
    Polling {
        /// Which.
        kind: PollKind,
        /// The pause to the next request, in milliseconds.
        interval_ms: f64,
    },
    /// A poll came to its end.
    PollingStopped {
        /// Which.
        kind: PollKind,
    },
    /// The room's snapshot differs from the one before.
    Snapshot {
        /// The room's status.
        status: String,
        /// Whether there is an offer.
        offer: bool,
        /// Whether there is an answer.
        answer: bool,
        /// When the room expires, by the Registry's clock.
        expires_at: EpochMs,
    },
    /// A step in the life of the offer.
    Offer {
        /// The step.
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
    },
    /// A step in the life of the answer.
    Answer {
        /// The step.
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
    },
    /// The same answer was seen again, and ignored.
    AnswerDuplicate,
    /// A step in the life of a candidate of this side.
    LocalCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` at the end of candidates.
        candidate: Option<IceCandidate>,
        /// Why, where it did not go well.
        reason: Option<String>,
    },
    /// A step in the life of a candidate of the other side.
    RemoteCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` for a malformed one.
        candidate: Option<IceCandidate>,
        /// Why, where it did not go well.
        reason: Option<String>,
    },
    /// A STUN or TURN server could not be used.
    IceCandidateError {
        /// The server.
        url: String,
        /// STUN error code, or 701 when the server could not be reached.
        code: u16,
        /// The browser's words.
        text: String,
    },
    /// `connectionState` changed.
    ConnectionState(PeerConnectionState),
    /// `iceConnectionState` changed.
    IceConnectionState(IceConnectionState),
    /// `iceGatheringState` changed.
    IceGatheringState(IceGatheringState),
    /// `signalingState` changed.
    SignalingState(SignalingState),
    /// The data channel's `readyState` changed.
    DataChannel(DataChannelState),
    /// The data channel failed.
    DataChannelError {
        /// The browser's words.
        reason: String,
    },
    /// ICE has chosen.
    SelectedPair(CandidatePair),
    /// A message came.
    Message {
        /// The JSON value; for a message that is not JSON, its text.
        data: Value,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A message went out.
    MessageSent {
        /// The JSON value.
        data: Value,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A deadline passed.
    Timer(Timer),
    /// Something that belongs to an earlier attempt came late, and was dropped.
    Stale {
        /// What it was.
        what: &'static str,
        /// The attempt it belongs to.
        attempt: u32,
    },
    /// The release of everything began.
    CleanupStarted,
    /// Nothing is left: no peer connection, timer, listener or task.
    CleanupComplete,
    /// Something failed; the state says whether it was fatal.
    Failure(Error),
}

/// Size of a description, for the events about it.
pub(crate) fn sdp_bytes(description: &SessionDescription) -> usize {
    description.sdp.len()
}

impl Event {
    /// The event's name: the seed's event map where it has one.
    pub fn name(&self) -> &'static str {
        match self {
            Self::State { .. } => "state:changed",
            Self::Room { .. } => "room",
            Self::Request { .. } => "request",
            Self::Response { .. } => "response",
            Self::RequestFailed { .. } => "request:failed",
            Self::Retry { .. } => "retry:scheduled",
            Self::Polling { kind: PollKind::Candidates, .. } => "ice:polling:started",
            Self::PollingStopped { kind: PollKind::Candidates } => "ice:polling:stopped",
            Self::Polling { kind: PollKind::Room, .. } => "room:polling:started",
            Self::PollingStopped { kind: PollKind::Room } => "room:polling:stopped",
            Self::Snapshot { .. } => "room:snapshot",
            Self::Offer { step, .. } => match step {
                DescriptionStep::Created => "offer:created",
                DescriptionStep::Posted => "offer:posted",
                DescriptionStep::Received => "offer:received",
                DescriptionStep::Applied => "offer:applied",
            },
            Self::Answer { step, .. } => match step {
                DescriptionStep::Created => "answer:created",
                DescriptionStep::Posted => "answer:posted",
                DescriptionStep::Received => "answer:received",
                DescriptionStep::Applied => "answer:processed",
            },
            Self::AnswerDuplicate => "answer:duplicate",
            Self::LocalCandidate { .. } => "ice:candidate:local",
            Self::RemoteCandidate { .. } => "ice:candidate:remote",
            Self::IceCandidateError { .. } => "ice:candidate:error",
            Self::ConnectionState(_) => "connection:state",
            Self::IceConnectionState(_) => "ice:connection:state",
            Self::IceGatheringState(_) => "ice:gathering:state",
            Self::SignalingState(_) => "signaling:state",
            Self::DataChannel(DataChannelState::Open) => "datachannel:open",
            Self::DataChannel(DataChannelState::Closed) => "datachannel:close",
            Self::DataChannel(_) => "datachannel:state",
            Self::DataChannelError { .. } => "datachannel:error",
            Self::SelectedPair(_) => "ice:selected-pair",
            Self::Message { .. } => "message",
            Self::MessageSent { .. } => "message:sent",
            Self::Timer(Timer::Connection) => "connection:timeout",
            Self::Timer(Timer::Gathering) => "ice:gathering:timeout",
            Self::Timer(_) => "timer",
            Self::Stale { .. } => "stale",
            Self::CleanupStarted => "cleanup:started",
            Self::CleanupComplete => "cleanup:complete",
            Self::Failure(_) => "error",
        }
    }

    /// The event's details as JSON, without any secret.
    pub fn details(&self) -> Value {
        match self {
            Self::State { from, to, reason } => json!({"oldState": from, "newState": to, "reason": reason}),
            Self::Room { code, role, host_user_name, expires_at } => {
                json!({"code": code, "role": role, "hostUserName": host_user_name, "expiresAt": expires_at})
            }
            Self::Request { id, operation, bytes } => {
                json!({"id": id, "operation": operation, "method": operation.method(),
                       "path": operation.path_template(), "bytes": bytes})
            }
            Self::Response { id, operation, status, duration_ms, bytes, code } => {
                json!({"id": id, "operation": operation, "method": operation.method(),
                       "path": operation.path_template(), "status": status, "durationMs": duration_ms,
                       "bytes": bytes, "code": code})
            }
            Self::RequestFailed { id, operation, duration_ms, reason } => {
                json!({"id": id, "operation": operation, "method": operation.method(),
                       "path": operation.path_template(), "durationMs": duration_ms, "reason": reason})
            }
            Self::Retry { operation, failures, delay_ms, reason } => {
                json!({"operation": operation, "failures": failures, "delayMs": delay_ms, "reason": reason})
            }
            Self::Polling { interval_ms, .. } => json!({"intervalMs": interval_ms}),
            Self::Snapshot { status, offer, answer, expires_at } => {
                json!({"status": status, "offer": offer, "answer": answer, "expiresAt": expires_at})
            }
            Self::Offer { bytes, .. } | Self::Answer { bytes, .. } => json!({"bytes": bytes}),
            Self::LocalCandidate { step, candidate, reason } | Self::RemoteCandidate { step, candidate, reason } => {
                json!({"step": step, "candidate": candidate, "reason": reason})
            }
            Self::IceCandidateError { url, code, text } => json!({"url": url, "code": code, "text": text}),
            Self::ConnectionState(state) => json!({"state": state}),
            Self::IceConnectionState(state) => json!({"state": state}),
            Self::IceGatheringState(state) => json!({"state": state}),
            Self::SignalingState(state) => json!({"state": state}),
            Self::DataChannel(state) => json!({"state": state}),
            Self::DataChannelError { reason } => json!({"reason": reason}),
            Self::SelectedPair(pair) => json!({"pair": pair, "relayed": pair.relayed()}),
            Self::Message { data, bytes } | Self::MessageSent { data, bytes } => json!({"data": data, "bytes": bytes}),
            Self::Timer(timer) => json!({"timer": timer}),
            Self::Stale { what, attempt } => json!({"what": what, "attempt": attempt}),
            Self::Failure(error) => json!({"kind": error.kind.name(), "code": error.kind.code(),
                "message": error.to_string(), "retryable": error.kind.retryable(), "diagnostics": error.diagnostics}),
            Self::AnswerDuplicate | Self::PollingStopped { .. } | Self::CleanupStarted | Self::CleanupComplete => {
                json!({})
            }
        }
    }
}

impl Serialize for TraceEvent {
    /// `{seq, atMs, epochMs, name, details}`: a line of an exported trace.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut line = serializer.serialize_struct("TraceEvent", 5)?;
        line.serialize_field("seq", &self.seq)?;
        line.serialize_field("atMs", &self.at_ms)?;
        line.serialize_field("epochMs", &self.epoch_ms)?;
        line.serialize_field("name", self.event.name())?;
        line.serialize_field("details", &self.event.details())?;
        line.end()
    }
}
