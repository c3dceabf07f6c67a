//! What can happen: the typed events of the trace.
//!
//! tidy: long because it is one list of events with their fields

mod abridged;
mod shape;
mod steps;
mod timer;

use registry_protocol::{EpochMs, IceCandidate, RoomCode, SessionDescription, UserName};
use serde::Serialize;
use serde_json::Value;
use strum::IntoStaticStr;

use crate::error::Error;
use crate::json::Json;
use crate::types::operation::Operation;
use crate::types::pair::CandidatePair;
use crate::types::rtc::{DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, SignalingState};
use crate::types::state::{ConnectionState, Role};

pub use steps::{CandidateStep, DescriptionStep, DropReason, PollKind, StandbyStep};
pub use timer::Timer;

/// An [`Event`] with its place in the trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceEvent {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// Monotonic time in milliseconds since the clock's origin.
    pub at_ms: f64,
    /// Wall-clock time in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
    /// What happened; serialized as `name` and `details`.
    #[serde(flatten, serialize_with = "shape::named")]
    pub event: Event,
}

/// What happened. Nothing in it is a secret: no token, no join code, no TURN credential, no SDP text.
#[derive(Clone, Debug, PartialEq, IntoStaticStr, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Event {
    /// The state changed.
    #[strum(serialize = "state:changed")]
    State {
        /// Before.
        #[serde(rename = "oldState")]
        from: ConnectionState,
        /// Now.
        #[serde(rename = "newState")]
        to: ConnectionState,
        /// Why, where there is more to say.
        reason: Option<String>,
    },
    /// A room was made or joined.
    #[strum(serialize = "room")]
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
    #[strum(serialize = "request")]
    Request {
        /// Counts requests from 1.
        id: u64,
        /// The call.
        #[serde(flatten, serialize_with = "shape::call")]
        operation: Operation,
        /// Size of the body in bytes.
        bytes: usize,
    },
    /// A request was answered.
    #[strum(serialize = "response")]
    Response {
        /// Of the request.
        id: u64,
        /// The call.
        #[serde(flatten, serialize_with = "shape::call")]
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
    #[strum(serialize = "request:failed")]
    RequestFailed {
        /// Of the request.
        id: u64,
        /// The call.
        #[serde(flatten, serialize_with = "shape::call")]
        operation: Operation,
        /// From sending to giving up, in milliseconds.
        duration_ms: f64,
        /// Why.
        reason: String,
    },
    /// A request was given up before it had an answer, as none is needed any more.
    #[strum(serialize = "request:aborted")]
    RequestAborted {
        /// Its [`Event::Request`].
        id: u64,
        /// The call.
        #[serde(flatten, serialize_with = "shape::call")]
        operation: Operation,
        /// Time it was under way, in milliseconds.
        duration_ms: f64,
    },
    /// A call that failed will be repeated.
    #[strum(serialize = "retry:scheduled")]
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
    #[strum(serialize = "room:polling:started")]
    Polling {
        /// Which.
        #[serde(skip)]
        kind: PollKind,
        /// The pause to the next request, in milliseconds.
        interval_ms: f64,
    },
    /// The Registry can wait for news: from now on one request in flight takes the place of all polls.
    #[strum(serialize = "room:waiting")]
    Waiting {
        /// How long the Registry may wait, in milliseconds.
        wait_ms: f64,
    },
    /// A poll came to its end.
    #[strum(serialize = "room:polling:stopped")]
    PollingStopped {
        /// Which.
        #[serde(skip)]
        kind: PollKind,
    },
    /// The room's snapshot differs from the one before.
    #[strum(serialize = "room:snapshot")]
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
    #[strum(serialize = "offer:created")]
    Offer {
        /// The step.
        #[serde(skip)]
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
    },
    /// A step in the life of the answer.
    #[strum(serialize = "answer:created")]
    Answer {
        /// The step.
        #[serde(skip)]
        step: DescriptionStep,
        /// Size of the SDP in bytes.
        bytes: usize,
    },
    /// The same answer was seen again, and ignored.
    #[strum(serialize = "answer:duplicate")]
    #[serde(serialize_with = "shape::nothing")]
    AnswerDuplicate,
    /// A step in the life of a candidate of this side.
    #[strum(serialize = "ice:candidate:local")]
    LocalCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` at the end of candidates.
        candidate: Option<IceCandidate>,
        /// Why, where it did not go well.
        reason: Option<String>,
    },
    /// A step in the life of a candidate of the other side.
    #[strum(serialize = "ice:candidate:remote")]
    RemoteCandidate {
        /// The step.
        step: CandidateStep,
        /// The candidate; `None` for a malformed one.
        candidate: Option<IceCandidate>,
        /// Why, where it did not go well.
        reason: Option<String>,
    },
    /// A STUN or TURN server could not be used.
    #[strum(serialize = "ice:candidate:error")]
    IceCandidateError {
        /// The server.
        url: String,
        /// STUN error code, or 701 when the server could not be reached.
        code: u16,
        /// The browser's words.
        text: String,
    },
    /// A STUN or TURN server can be used: a candidate came from it.
    #[strum(serialize = "ice:server:answered")]
    IceServerAnswered {
        /// The server.
        url: String,
    },
    /// `connectionState` changed.
    #[strum(serialize = "connection:state")]
    #[serde(serialize_with = "shape::state")]
    ConnectionState(PeerConnectionState),
    /// `iceConnectionState` changed.
    #[strum(serialize = "ice:connection:state")]
    #[serde(serialize_with = "shape::state")]
    IceConnectionState(IceConnectionState),
    /// `iceGatheringState` changed.
    #[strum(serialize = "ice:gathering:state")]
    #[serde(serialize_with = "shape::state")]
    IceGatheringState(IceGatheringState),
    /// `signalingState` changed.
    #[strum(serialize = "signaling:state")]
    #[serde(serialize_with = "shape::state")]
    SignalingState(SignalingState),
    /// The data channel's `readyState` changed.
    #[strum(serialize = "datachannel:state")]
    #[serde(serialize_with = "shape::state")]
    DataChannel(DataChannelState),
    /// The data channel failed.
    #[strum(serialize = "datachannel:error")]
    DataChannelError {
        /// The browser's words.
        reason: String,
    },
    /// ICE has chosen.
    #[strum(serialize = "ice:selected-pair")]
    #[serde(serialize_with = "shape::pair")]
    SelectedPair(CandidatePair),
    /// A message came.
    #[strum(serialize = "message")]
    Message {
        /// The JSON value; a message that is no JSON stands for itself.
        data: Json,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel, for the first time.
    #[strum(serialize = "message:sent")]
    MessageSent {
        /// Counts the messages of this client from 1.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Its size on the wire in bytes.
        bytes: usize,
        /// Whether it had to wait.
        buffered: bool,
    },
    /// A message was accepted and waits for the data channel, or for a connection.
    #[strum(serialize = "message:buffered")]
    MessageBuffered {
        /// Counts the messages of this client from 1.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel again, after a reconnect.
    #[strum(serialize = "message:replayed")]
    MessageReplayed {
        /// Of the message.
        id: u64,
        /// The JSON value.
        data: Json,
    },
    /// Messages have been delivered: the peer says so.
    #[strum(serialize = "message:delivered")]
    MessagesDelivered {
        /// Their numbers, in order.
        ids: Vec<u64>,
    },
    /// A message was given up, and will not be delivered; or, if the peer has lost its memory, perhaps was.
    #[strum(serialize = "message:undelivered")]
    MessageDropped {
        /// Of the message.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Why.
        reason: DropReason,
    },
    /// The other side has greeted, or will not.
    #[strum(serialize = "peer:plain")]
    PeerKind {
        /// Whether it acknowledges messages and can reconnect.
        #[serde(skip)]
        durable: bool,
    },
    /// What becomes of the standby room, in which the peers meet when their connection is lost.
    #[strum(serialize = "standby")]
    Standby {
        /// The step.
        step: StandbyStep,
        /// When the room expires, by the Registry's clock, where known.
        expires_at: Option<EpochMs>,
    },
    /// The peer was asked whether it is there, and has answered: the time between, in milliseconds.
    #[strum(serialize = "peer:answered")]
    RoundTrip {
        /// The time.
        ms: f64,
    },
    /// ICE is restarted while the connection still lives, or may.
    #[strum(serialize = "ice:restart")]
    #[serde(serialize_with = "shape::nothing")]
    IceRestart,
    /// The next attempt to reconnect is planned.
    #[strum(serialize = "reconnect:scheduled")]
    ReconnectScheduled {
        /// Counts the attempts from 1.
        attempt: u32,
        /// The pause before it, in milliseconds.
        #[serde(rename = "delay")]
        delay_ms: f64,
        /// How many attempts there may be; 0 for no limit.
        max_attempts: u32,
    },
    /// An attempt to reconnect begins.
    #[strum(serialize = "reconnect:attempting")]
    ReconnectAttempting {
        /// Counts the attempts from 1.
        attempt: u32,
    },
    /// The connection is back: the data channel is open, and the peer answers.
    #[strum(serialize = "reconnect:success")]
    ReconnectSuccess {
        /// How many attempts it took; 0 when it came back by itself.
        attempts: u32,
        /// How long it was lost, in milliseconds.
        lost_ms: f64,
    },
    /// An attempt to reconnect has failed.
    #[strum(serialize = "reconnect:failed")]
    ReconnectFailed {
        /// Counts the attempts from 1.
        attempt: u32,
        /// Why.
        #[serde(flatten, serialize_with = "shape::cause")]
        error: Error,
    },
    /// No attempt is left.
    #[strum(serialize = "reconnect:exhausted")]
    ReconnectExhausted {
        /// How many there were.
        attempts: u32,
    },
    /// A deadline passed.
    #[strum(serialize = "timer")]
    #[serde(serialize_with = "shape::timer")]
    Timer(Timer),
    /// Something that belongs to an earlier attempt came late, and was dropped.
    #[strum(serialize = "stale")]
    Stale {
        /// What it was.
        what: &'static str,
        /// The attempt it belongs to.
        attempt: u32,
    },
    /// The room is to be closed as soon as what was accepted is delivered.
    #[strum(serialize = "closing")]
    Closing {
        /// How many messages are still to be delivered.
        messages: usize,
    },
    /// The release of everything began.
    #[strum(serialize = "cleanup:started")]
    #[serde(serialize_with = "shape::nothing")]
    CleanupStarted,
    /// Nothing is left: no peer connection, timer, listener or task.
    #[strum(serialize = "cleanup:complete")]
    #[serde(serialize_with = "shape::nothing")]
    CleanupComplete,
    /// Something failed; the state says whether it was fatal.
    #[strum(serialize = "error")]
    Failure(Error),
}

impl Event {
    /// The event's name: the specification's, where it has one. It depends on what happened for those events of which the
    /// specification has several.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Polling { kind: PollKind::Candidates, .. } => "ice:polling:started",
            Self::PollingStopped { kind: PollKind::Candidates } => "ice:polling:stopped",
            Self::Offer { step: DescriptionStep::Posted, .. } => "offer:posted",
            Self::Offer { step: DescriptionStep::Received, .. } => "offer:received",
            Self::Offer { step: DescriptionStep::Applied, .. } => "offer:applied",
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

    /// The event's fields as JSON, without any secret.
    pub fn details(&self) -> Value {
        Json::of(self).value()
    }
}

/// Size of a description, for the events about it.
pub(crate) fn sdp_bytes(description: &SessionDescription) -> usize {
    description.sdp.len()
}
