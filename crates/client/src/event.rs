//! What can happen: the typed events of the trace.
//!
//! tidy: long because it is one list of events with their fields

mod abridged;
mod shape;
mod steps;
mod timer;
mod written;

use std::borrow::Cow;

use registry_protocol::{EpochMs, IceCandidate, RoomCode, UserName};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::IntoStaticStr;

use crate::error::Error;
use crate::json::Json;
use crate::types::environment::Environment;
use crate::types::fault::InjectedFault;
use crate::types::operation::Operation;
use crate::types::pair::{CandidatePair, CheckedPair};
use crate::types::probe::RegistryProbe;
use crate::types::rtc::{DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, SignalingState};
use crate::types::sdp::Sdp;
use crate::types::state::{ConnectionState, Role};

pub use steps::{CandidateStep, DescriptionStep, DropReason, PageStep, PollKind, StandbyStep};
pub use timer::Timer;

/// An [`Event`] with its sequence number and time.
///
/// In JSON it is an object with `seq`, `atMs`, `epochMs`, and the event as `name` and `details`.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEvent {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// Monotonic time in milliseconds since the clock's origin ([`Now::monotonic`](crate::interfaces::clock::Now)).
    pub at_ms: f64,
    /// Wall-clock time in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
    /// What happened.
    pub event: Event,
}

/// What happened. Contains no secrets: no token, no join code, no TURN credential; the SDP of a description hides its ICE
/// passwords.
///
/// The variant's fields are the event's details in JSON and JavaScript ([`details_json`](Self::details_json)), and its `strum`
/// and `serde` attributes are its name there.
#[derive(Clone, Debug, PartialEq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Event {
    /// The state changed.
    #[strum(serialize = "state:changed")]
    #[serde(rename = "state:changed")]
    State {
        /// The previous state.
        #[serde(rename = "oldState")]
        from: ConnectionState,
        /// The new state.
        #[serde(rename = "newState")]
        to: ConnectionState,
        /// The reason, if there is more to say.
        reason: Option<String>,
    },
    /// A room was created or joined.
    #[strum(serialize = "room")]
    #[serde(rename = "room")]
    Room {
        /// The room code.
        code: RoomCode,
        /// The client's role.
        role: Role,
        /// The host's user name, if known.
        host_user_name: Option<UserName>,
        /// When the room expires, by the Registry's clock.
        expires_at: EpochMs,
    },
    /// The host's room has another join code.
    #[strum(serialize = "room:join-code:replaced")]
    #[serde(rename = "room:join-code:replaced")]
    JoinCodeReplaced {
        /// When the room expires, by the Registry's clock.
        expires_at: EpochMs,
    },
    /// A request was sent.
    #[strum(serialize = "request")]
    #[serde(rename = "request")]
    Request {
        /// Counts requests from 1.
        id: u64,
        /// The call.
        #[serde(flatten, with = "shape::call")]
        operation: Operation,
        /// Size of the body in bytes.
        bytes: usize,
    },
    /// A response was received.
    #[strum(serialize = "response")]
    #[serde(rename = "response")]
    Response {
        /// The number of the request.
        id: u64,
        /// The call.
        #[serde(flatten, with = "shape::call")]
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// Time from sending the request to receiving the complete response, in milliseconds.
        duration_ms: f64,
        /// Size of the response body in bytes.
        bytes: usize,
        /// The error code, if it is an error response.
        code: Option<String>,
    },
    /// A request failed without a response.
    #[strum(serialize = "request:failed")]
    #[serde(rename = "request:failed")]
    RequestFailed {
        /// The number of the request.
        id: u64,
        /// The call.
        #[serde(flatten, with = "shape::call")]
        operation: Operation,
        /// Time from sending to the failure, in milliseconds.
        duration_ms: f64,
        /// Why.
        reason: String,
    },
    /// A request was aborted because its response is no longer needed.
    #[strum(serialize = "request:aborted")]
    #[serde(rename = "request:aborted")]
    RequestAborted {
        /// The number of the request.
        id: u64,
        /// The call.
        #[serde(flatten, with = "shape::call")]
        operation: Operation,
        /// Time from sending to aborting it, in milliseconds.
        duration_ms: f64,
    },
    /// A failed call will be retried.
    #[strum(serialize = "retry:scheduled")]
    #[serde(rename = "retry:scheduled")]
    Retry {
        /// The call.
        operation: Operation,
        /// Number of consecutive failures so far.
        failures: u32,
        /// The delay before it, in milliseconds.
        delay_ms: f64,
        /// Why it failed.
        reason: String,
    },
    /// Polling started, or its interval changed.
    #[strum(serialize = "room:polling:started")]
    #[serde(rename = "room:polling:started")]
    Polling {
        /// What is polled.
        #[serde(skip_serializing)]
        kind: PollKind,
        /// The interval between requests, in milliseconds.
        interval_ms: f64,
    },
    /// The Registry supports long polls: from now on one pending request replaces all polling.
    #[strum(serialize = "room:waiting")]
    #[serde(rename = "room:waiting")]
    Waiting {
        /// Long-poll timeout, in milliseconds.
        wait_ms: f64,
    },
    /// Polling stopped.
    #[strum(serialize = "room:polling:stopped")]
    #[serde(rename = "room:polling:stopped")]
    PollingStopped {
        /// What is polled.
        #[serde(skip_serializing)]
        kind: PollKind,
    },
    /// The room's snapshot changed.
    #[strum(serialize = "room:snapshot")]
    #[serde(rename = "room:snapshot")]
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
    /// A step in the life of the offer (RFC 8829).
    #[strum(serialize = "offer:created")]
    #[serde(rename = "offer:created")]
    Offer {
        /// The step.
        #[serde(skip_serializing)]
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
        /// The SDP; written without its ICE passwords.
        sdp: Sdp,
    },
    /// A step in the life of the answer (RFC 8829).
    #[strum(serialize = "answer:created")]
    #[serde(rename = "answer:created")]
    Answer {
        /// The step.
        #[serde(skip_serializing)]
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
        /// The SDP; written without its ICE passwords.
        sdp: Sdp,
    },
    /// The same answer appeared again and was ignored.
    #[strum(serialize = "answer:duplicate")]
    #[serde(rename = "answer:duplicate")]
    #[serde(with = "shape::nothing")]
    AnswerDuplicate,
    /// A step in the life of a local candidate (RFC 8838).
    #[strum(serialize = "ice:candidate:local")]
    #[serde(rename = "ice:candidate:local")]
    LocalCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` at the end of candidates.
        candidate: Option<IceCandidate>,
        /// The reason, if the step failed.
        reason: Option<String>,
    },
    /// A step in the life of a remote candidate (RFC 8838).
    #[strum(serialize = "ice:candidate:remote")]
    #[serde(rename = "ice:candidate:remote")]
    RemoteCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` for a malformed one.
        candidate: Option<IceCandidate>,
        /// The reason, if the step failed.
        reason: Option<String>,
    },
    /// A STUN or TURN server could not be used (`icecandidateerror`).
    #[strum(serialize = "ice:candidate:error")]
    #[serde(rename = "ice:candidate:error")]
    IceCandidateError {
        /// The URL of the server.
        url: String,
        /// STUN error code (RFC 8489, section 14.8), or 701 if the server could not be reached.
        code: u16,
        /// The browser's message.
        text: String,
    },
    /// A STUN or TURN server works: it provided a local candidate.
    #[strum(serialize = "ice:server:answered")]
    #[serde(rename = "ice:server:answered")]
    IceServerAnswered {
        /// The URL of the server.
        url: String,
        /// The candidate (`candidate-attribute`, RFC 8839, section 5.1), if known.
        candidate: Option<String>,
        /// How the browser reaches the TURN server: `udp`, `tcp` or `tls`.
        relay_protocol: Option<String>,
    },
    /// `connectionState` changed.
    #[strum(serialize = "connection:state")]
    #[serde(rename = "connection:state")]
    #[serde(with = "shape::state")]
    ConnectionState(PeerConnectionState),
    /// `iceConnectionState` changed.
    #[strum(serialize = "ice:connection:state")]
    #[serde(rename = "ice:connection:state")]
    #[serde(with = "shape::state")]
    IceConnectionState(IceConnectionState),
    /// `iceGatheringState` changed.
    #[strum(serialize = "ice:gathering:state")]
    #[serde(rename = "ice:gathering:state")]
    #[serde(with = "shape::state")]
    IceGatheringState(IceGatheringState),
    /// `signalingState` changed.
    #[strum(serialize = "signaling:state")]
    #[serde(rename = "signaling:state")]
    #[serde(with = "shape::state")]
    SignalingState(SignalingState),
    /// The data channel's `readyState` changed.
    #[strum(serialize = "datachannel:state")]
    #[serde(rename = "datachannel:state")]
    #[serde(with = "shape::state")]
    DataChannel(DataChannelState),
    /// The data channel failed.
    #[strum(serialize = "datachannel:error")]
    #[serde(rename = "datachannel:error")]
    DataChannelError {
        /// The browser's message.
        reason: String,
    },
    /// ICE selected a candidate pair, or another one.
    #[strum(serialize = "ice:selected-pair")]
    #[serde(rename = "ice:selected-pair")]
    #[serde(with = "shape::pair")]
    SelectedPair(CandidatePair),
    /// A message was received.
    #[strum(serialize = "message")]
    #[serde(rename = "message")]
    Message {
        /// The JSON value; a message that is not JSON is a string.
        data: Json,
        /// Size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel, for the first time.
    #[strum(serialize = "message:sent")]
    #[serde(rename = "message:sent")]
    MessageSent {
        /// Counts this client's messages from 1.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Size on the wire in bytes.
        bytes: usize,
        /// Whether it had been buffered.
        buffered: bool,
    },
    /// A message was accepted and buffered until the data channel or the connection is available.
    #[strum(serialize = "message:buffered")]
    #[serde(rename = "message:buffered")]
    MessageBuffered {
        /// Counts this client's messages from 1.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel again after a reconnect.
    #[strum(serialize = "message:replayed")]
    #[serde(rename = "message:replayed")]
    MessageReplayed {
        /// The number of the message.
        id: u64,
        /// The JSON value.
        data: Json,
    },
    /// The peer acknowledged messages.
    #[strum(serialize = "message:delivered")]
    #[serde(rename = "message:delivered")]
    MessagesDelivered {
        /// Their numbers, ascending.
        ids: Vec<u64>,
    },
    /// A message was dropped and will not be delivered; if the peer has lost its state, it may have been delivered already.
    #[strum(serialize = "message:undelivered")]
    #[serde(rename = "message:undelivered")]
    MessageDropped {
        /// The number of the message.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Why.
        reason: DropReason,
    },
    /// It is known whether the peer supports durable connections.
    #[strum(serialize = "peer:plain")]
    #[serde(rename = "peer:plain")]
    PeerKind {
        /// Whether it acknowledges messages and can reconnect.
        #[serde(skip_serializing)]
        durable: bool,
    },
    /// The peer speaks another version of the control channel's protocol than this client.
    #[strum(serialize = "peer:version")]
    #[serde(rename = "peer:version")]
    PeerVersion {
        /// The version it speaks.
        version: u32,
    },
    /// A step in the life of the fallback room, in which the peers meet if their connection is lost.
    #[strum(serialize = "standby")]
    #[serde(rename = "standby")]
    Standby {
        /// The step.
        step: StandbyStep,
        /// When the room expires, by the Registry's clock, if known.
        expires_at: Option<EpochMs>,
    },
    /// The peer responded to a ping.
    #[strum(serialize = "peer:answered")]
    #[serde(rename = "peer:answered")]
    RoundTrip {
        /// Round-trip time, in milliseconds.
        ms: f64,
    },
    /// ICE is being restarted (RFC 8445, section 9) while the connection is, or may be, still alive.
    #[strum(serialize = "ice:restart")]
    #[serde(rename = "ice:restart")]
    #[serde(with = "shape::nothing")]
    IceRestart,
    /// The next attempt to reconnect is scheduled.
    #[strum(serialize = "reconnect:scheduled")]
    #[serde(rename = "reconnect:scheduled")]
    ReconnectScheduled {
        /// Counts the attempts from 1.
        attempt: u32,
        /// The delay before it, in milliseconds.
        #[serde(rename = "delay")]
        delay_ms: f64,
        /// Maximum number of attempts; 0 for no limit.
        max_attempts: u32,
    },
    /// An attempt to reconnect starts.
    #[strum(serialize = "reconnect:attempting")]
    #[serde(rename = "reconnect:attempting")]
    ReconnectAttempting {
        /// Counts the attempts from 1.
        attempt: u32,
    },
    /// The connection is restored: the data channel is open and the peer responds.
    #[strum(serialize = "reconnect:success")]
    #[serde(rename = "reconnect:success")]
    ReconnectSuccess {
        /// Number of attempts it took; 0 if it recovered by itself.
        attempts: u32,
        /// How long the connection was lost, in milliseconds.
        lost_ms: f64,
    },
    /// An attempt to reconnect failed.
    #[strum(serialize = "reconnect:failed")]
    #[serde(rename = "reconnect:failed")]
    ReconnectFailed {
        /// Counts the attempts from 1.
        attempt: u32,
        /// Why.
        #[serde(flatten, with = "shape::cause")]
        error: Error,
    },
    /// All attempts to reconnect have failed.
    #[strum(serialize = "reconnect:exhausted")]
    #[serde(rename = "reconnect:exhausted")]
    ReconnectExhausted {
        /// Number of attempts.
        attempts: u32,
    },
    /// A deadline passed.
    #[strum(serialize = "timer")]
    #[serde(rename = "timer")]
    #[serde(with = "shape::timer")]
    Timer(Timer),
    /// Something belonging to an earlier attempt arrived late and was dropped.
    #[strum(serialize = "stale")]
    #[serde(rename = "stale")]
    Stale {
        /// What it was.
        what: Cow<'static, str>,
        /// The attempt it belongs to.
        attempt: u32,
    },
    /// The room will be closed once the accepted messages are delivered.
    #[strum(serialize = "closing")]
    #[serde(rename = "closing")]
    Closing {
        /// Number of messages still to be delivered.
        messages: usize,
    },
    /// Cleanup started.
    #[strum(serialize = "cleanup:started")]
    #[serde(rename = "cleanup:started")]
    #[serde(with = "shape::nothing")]
    CleanupStarted,
    /// Cleanup is complete: no peer connection, timer, listener or task is left.
    #[strum(serialize = "cleanup:complete")]
    #[serde(rename = "cleanup:complete")]
    #[serde(with = "shape::nothing")]
    CleanupComplete,
    /// Where the client runs, and how it is configured.
    #[strum(serialize = "environment")]
    #[serde(rename = "environment")]
    Environment(Box<Environment>),
    /// The page was hidden or shown, slept, or lost its network.
    #[strum(serialize = "page")]
    #[serde(rename = "page")]
    Page {
        /// What happened.
        step: PageStep,
        /// How long the page did not run, in milliseconds, after it has slept.
        gap_ms: Option<f64>,
    },
    /// The Registry's clock differs from the device's, or by another amount than before.
    #[strum(serialize = "registry:clock")]
    #[serde(rename = "registry:clock")]
    RegistryClock {
        /// By how much the Registry's clock is ahead, in milliseconds; negative if it is behind.
        ahead_ms: f64,
    },
    /// The Registry was probed, to find out why requests to it fail.
    #[strum(serialize = "registry:probe")]
    #[serde(rename = "registry:probe")]
    Probe(RegistryProbe),
    /// The pairs of candidates have changed: there are others, or their states.
    #[strum(serialize = "ice:pairs")]
    #[serde(rename = "ice:pairs")]
    Pairs {
        /// All of them.
        pairs: Vec<CheckedPair>,
    },
    /// A fault was injected on purpose.
    #[strum(serialize = "fault:injected")]
    #[serde(rename = "fault:injected")]
    Fault(InjectedFault),
    /// An error occurred; the state tells whether it was fatal.
    #[strum(serialize = "error")]
    #[serde(rename = "error")]
    Failure(Error),
}

impl Event {
    /// The event's name: the specification's, where it has one. It depends on what happened for those events of which the
    /// specification has several.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Polling { kind: PollKind::Candidates, .. } => "ice:polling:started",
            Self::PollingStopped { kind: PollKind::Candidates } => "ice:polling:stopped",
            Self::Offer { step: DescriptionStep::Set, .. } => "offer:set",
            Self::Offer { step: DescriptionStep::Posted, .. } => "offer:posted",
            Self::Offer { step: DescriptionStep::Received, .. } => "offer:received",
            Self::Offer { step: DescriptionStep::Applied, .. } => "offer:applied",
            Self::Answer { step: DescriptionStep::Set, .. } => "answer:set",
            Self::Answer { step: DescriptionStep::Posted, .. } => "answer:posted",
            Self::Answer { step: DescriptionStep::Received, .. } => "answer:received",
            Self::Answer { step: DescriptionStep::Applied, .. } => "answer:processed",
            Self::DataChannel(DataChannelState::Open) => "datachannel:open",
            Self::DataChannel(DataChannelState::Closed) => "datachannel:close",
            Self::MessageDropped { reason: DropReason::Overflow, .. } => "message:buffer:overflow",
            Self::MessageDropped { reason: DropReason::Expired, .. } => "message:buffer:expired",
            Self::PeerKind { durable: true } => "peer:durable",
            Self::Timer(Timer::Connection) => "connection:timeout",
            Self::Timer(Timer::Gathering) => "ice:gathering:timeout",
            event => event.into(),
        }
    }

    /// A step in the life of the description of this role: the host's offer or the guest's answer.
    pub(crate) fn description(role: Role, step: DescriptionStep, sdp: Sdp) -> Self {
        let bytes = sdp.bytes();
        match role {
            Role::Host => Self::Offer { step, bytes, sdp },
            Role::Guest => Self::Answer { step, bytes, sdp },
        }
    }

    /// The event's fields as JSON, without any secret.
    pub fn details(&self) -> Value {
        self.details_json().value()
    }
}
