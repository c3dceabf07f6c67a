//! Names and details of events, for whoever cannot match on them: JavaScript, an exported trace.

use registry_protocol::UserName;
use serde_json::Value;

use super::Timer;
use super::{DescriptionStep, DropReason, Event, PollKind, TraceEvent};
use crate::describe::{self, Describe, Member, Members};
use crate::json::Json;
use crate::types::operation::Operation;
use crate::types::rtc::DataChannelState;

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
            Self::IceServerAnswered { .. } => "ice:server:answered",
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
            Self::Closing { .. } => "closing",
            Self::CleanupStarted => "cleanup:started",
            Self::CleanupComplete => "cleanup:complete",
            Self::Failure(_) => "error",
        }
    }

    /// The event's details as JSON, without any secret.
    pub fn details(&self) -> Value {
        describe::to_value(self)
    }
}

impl Describe for Event {
    /// The event's details, without any secret.
    fn describe(&self, to: &mut dyn Members) {
        match self {
            Self::State { from, to: state, reason } => {
                to.text("oldState", Some(from.as_str()));
                to.text("newState", Some(state.as_str()));
                to.text("reason", reason.as_deref());
            }
            Self::Room { code, role, host_user_name, expires_at } => {
                to.text("code", Some(code.as_str()));
                to.text("role", Some(role.as_str()));
                to.text("hostUserName", host_user_name.as_ref().map(UserName::as_str));
                to.count("expiresAt", expires_at.0);
            }
            Self::Request { id, operation, bytes } => {
                call(to, *id, *operation);
                to.count("bytes", *bytes as u64);
            }
            Self::Response { id, operation, status, duration_ms, bytes, code } => {
                call(to, *id, *operation);
                to.count("status", u64::from(*status));
                to.number("durationMs", *duration_ms);
                to.count("bytes", *bytes as u64);
                to.text("code", code.as_deref());
            }
            Self::RequestFailed { id, operation, duration_ms, reason } => {
                call(to, *id, *operation);
                to.number("durationMs", *duration_ms);
                to.text("reason", Some(reason));
            }
            Self::RequestAborted { id, operation, duration_ms } => {
                call(to, *id, *operation);
                to.number("durationMs", *duration_ms);
            }
            Self::Retry { operation, failures, delay_ms, reason } => {
                to.text("operation", Some(operation.as_str()));
                to.count("failures", u64::from(*failures));
                to.number("delayMs", *delay_ms);
                to.text("reason", Some(reason));
            }
            Self::Polling { interval_ms, .. } => to.number("intervalMs", *interval_ms),
            Self::Waiting { wait_ms } => to.number("waitMs", *wait_ms),
            Self::Snapshot { status, offer, answer, expires_at } => {
                to.text("status", Some(status));
                to.flag("offer", *offer);
                to.flag("answer", *answer);
                to.count("expiresAt", expires_at.0);
            }
            Self::Offer { bytes, .. } | Self::Answer { bytes, .. } => to.count("bytes", *bytes as u64),
            Self::LocalCandidate { step, candidate, reason } | Self::RemoteCandidate { step, candidate, reason } => {
                to.text("step", Some(step.as_str()));
                to.say("candidate", candidate.as_ref().map_or(Member::Null, |candidate| Member::Thing(candidate)));
                to.text("reason", reason.as_deref());
            }
            Self::IceCandidateError { url, code, text } => {
                to.text("url", Some(url));
                to.count("code", u64::from(*code));
                to.text("text", Some(text));
            }
            Self::IceServerAnswered { url } => to.text("url", Some(url)),
            Self::ConnectionState(state) => to.text("state", Some(state.as_str())),
            Self::IceConnectionState(state) => to.text("state", Some(state.as_str())),
            Self::IceGatheringState(state) => to.text("state", Some(state.as_str())),
            Self::SignalingState(state) => to.text("state", Some(state.as_str())),
            Self::DataChannel(state) => to.text("state", Some(state.as_str())),
            Self::DataChannelError { reason } => to.text("reason", Some(reason)),
            Self::SelectedPair(pair) => {
                to.say("pair", Member::Thing(pair));
                to.flag("relayed", pair.relayed());
            }
            Self::Message { data, bytes } => {
                to.say("data", Member::Json(data));
                to.count("bytes", *bytes as u64);
            }
            Self::MessageSent { id, data, bytes, buffered } => {
                message(to, *id, data);
                to.count("bytes", *bytes as u64);
                to.flag("buffered", *buffered);
            }
            Self::MessageBuffered { id, data, bytes } => {
                message(to, *id, data);
                to.count("bytes", *bytes as u64);
            }
            Self::MessageReplayed { id, data } => message(to, *id, data),
            Self::MessagesDelivered { ids } => to.say("ids", Member::Numbers(ids)),
            Self::MessageDropped { id, data, reason } => {
                message(to, *id, data);
                to.text("reason", Some(reason.as_str()));
            }
            Self::Standby { step, expires_at } => {
                to.text("step", Some(step.as_str()));
                to.say("expiresAt", expires_at.map_or(Member::Null, |at| Member::Number(at.0 as f64)));
            }
            Self::RoundTrip { ms } => to.number("ms", *ms),
            Self::ReconnectScheduled { attempt, delay_ms, max_attempts } => {
                to.count("attempt", u64::from(*attempt));
                to.number("delay", *delay_ms);
                to.count("maxAttempts", u64::from(*max_attempts));
            }
            Self::ReconnectAttempting { attempt } => to.count("attempt", u64::from(*attempt)),
            Self::ReconnectSuccess { attempts, lost_ms } => {
                to.count("attempts", u64::from(*attempts));
                to.number("lostMs", *lost_ms);
            }
            Self::ReconnectFailed { attempt, error } => {
                to.count("attempt", u64::from(*attempt));
                to.text("code", Some(error.kind.code()));
                to.text("message", Some(&error.to_string()));
            }
            Self::ReconnectExhausted { attempts } => to.count("attempts", u64::from(*attempts)),
            Self::Timer(timer) => to.text("timer", Some(timer.as_str())),
            Self::Closing { messages } => to.count("messages", *messages as u64),
            Self::Stale { what, attempt } => {
                to.text("what", Some(what));
                to.count("attempt", u64::from(*attempt));
            }
            Self::Failure(error) => {
                to.text("kind", Some(error.kind.name()));
                to.text("code", Some(error.kind.code()));
                to.text("message", Some(&error.to_string()));
                to.flag("retryable", error.kind.retryable());
                to.say("diagnostics", Member::Thing(&error.diagnostics));
            }
            Self::AnswerDuplicate
            | Self::PollingStopped { .. }
            | Self::PeerKind { .. }
            | Self::IceRestart
            | Self::CleanupStarted
            | Self::CleanupComplete => {}
        }
    }
}

/// What every event about a request says.
fn call(to: &mut dyn Members, id: u64, operation: Operation) {
    to.count("id", id);
    to.text("operation", Some(operation.as_str()));
    to.text("method", Some(operation.method()));
    to.text("path", Some(operation.path_template()));
}

/// What every event about an own message says.
fn message(to: &mut dyn Members, id: u64, data: &Json) {
    to.count("id", id);
    to.say("data", Member::Json(data));
}

impl Describe for TraceEvent {
    /// `{seq, atMs, epochMs, name, details}`: a line of an exported trace.
    fn describe(&self, to: &mut dyn Members) {
        to.count("seq", self.seq);
        to.number("atMs", self.at_ms);
        to.number("epochMs", self.epoch_ms);
        to.text("name", Some(self.event.name()));
        to.say("details", Member::Thing(&self.event));
    }
}
