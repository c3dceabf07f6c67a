//! Names and details of events, for whoever cannot match on them: JavaScript, an exported trace.

use serde::Serialize;
use serde_json::{Value, json};

use super::{DescriptionStep, DropReason, Event, PollKind, TraceEvent};
use crate::room::Timer;
use crate::webrtc::DataChannelState;

impl Event {
    /// The event's name: the seed's event map where it has one.
    pub fn name(&self) -> &'static str {
        match self {
            Self::State { .. } => "state:changed",
            Self::Room { .. } => "room",
            Self::Request { .. } => "request",
            Self::Response { .. } => "response",
            Self::RequestFailed { .. } => "request:failed",
            Self::RequestAborted { .. } => "request:aborted",
            Self::Retry { .. } => "retry:scheduled",
            Self::Polling { kind: PollKind::Candidates, .. } => "ice:polling:started",
            Self::PollingStopped { kind: PollKind::Candidates } => "ice:polling:stopped",
            Self::Polling { kind: PollKind::Room, .. } => "room:polling:started",
            Self::PollingStopped { kind: PollKind::Room } => "room:polling:stopped",
            Self::Waiting { .. } => "room:waiting",
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
            Self::MessageBuffered { .. } => "message:buffered",
            Self::MessageReplayed { .. } => "message:replayed",
            Self::MessagesDelivered { .. } => "message:delivered",
            Self::MessageDropped { reason, .. } => match reason {
                DropReason::Overflow => "message:buffer:overflow",
                DropReason::Expired => "message:buffer:expired",
                DropReason::TooLarge | DropReason::Closed | DropReason::Unknown => "message:undelivered",
            },
            Self::PeerKind { durable: true } => "peer:durable",
            Self::PeerKind { durable: false } => "peer:plain",
            Self::Standby { .. } => "standby",
            Self::RoundTrip { .. } => "peer:answered",
            Self::IceRestart => "ice:restart",
            Self::ReconnectScheduled { .. } => "reconnect:scheduled",
            Self::ReconnectAttempting { .. } => "reconnect:attempting",
            Self::ReconnectSuccess { .. } => "reconnect:success",
            Self::ReconnectFailed { .. } => "reconnect:failed",
            Self::ReconnectExhausted { .. } => "reconnect:exhausted",
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
            Self::RequestAborted { id, operation, duration_ms } => {
                json!({"id": id, "operation": operation, "method": operation.method(),
                       "path": operation.path_template(), "durationMs": duration_ms})
            }
            Self::Retry { operation, failures, delay_ms, reason } => {
                json!({"operation": operation, "failures": failures, "delayMs": delay_ms, "reason": reason})
            }
            Self::Polling { interval_ms, .. } => json!({"intervalMs": interval_ms}),
            Self::Waiting { wait_ms } => json!({"waitMs": wait_ms}),
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
            Self::Message { data, bytes } => json!({"data": data, "bytes": bytes}),
            Self::MessageSent { id, data, bytes, buffered } => {
                json!({"id": id, "data": data, "bytes": bytes, "buffered": buffered})
            }
            Self::MessageBuffered { id, data, bytes } => json!({"id": id, "data": data, "bytes": bytes}),
            Self::MessageReplayed { id, data } => json!({"id": id, "data": data}),
            Self::MessagesDelivered { ids } => json!({"ids": ids}),
            Self::MessageDropped { id, data, reason } => json!({"id": id, "data": data, "reason": reason}),
            Self::Standby { step, expires_at } => json!({"step": step, "expiresAt": expires_at}),
            Self::RoundTrip { ms } => json!({"ms": ms}),
            Self::ReconnectScheduled { attempt, delay_ms, max_attempts } => {
                json!({"attempt": attempt, "delay": delay_ms, "maxAttempts": max_attempts})
            }
            Self::ReconnectAttempting { attempt } => json!({"attempt": attempt}),
            Self::ReconnectSuccess { attempts, lost_ms } => json!({"attempts": attempts, "lostMs": lost_ms}),
            Self::ReconnectFailed { attempt, error } => json!({"attempt": attempt, "code": error.kind.code(),
                "message": error.to_string()}),
            Self::ReconnectExhausted { attempts } => json!({"attempts": attempts}),
            Self::Timer(timer) => json!({"timer": timer}),
            Self::Stale { what, attempt } => json!({"what": what, "attempt": attempt}),
            Self::Failure(error) => json!({"kind": error.kind.name(), "code": error.kind.code(),
                "message": error.to_string(), "retryable": error.kind.retryable(), "diagnostics": error.diagnostics}),
            Self::AnswerDuplicate
            | Self::PollingStopped { .. }
            | Self::PeerKind { .. }
            | Self::IceRestart
            | Self::CleanupStarted
            | Self::CleanupComplete => json!({}),
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
