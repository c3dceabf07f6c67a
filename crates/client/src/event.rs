//! What can happen: the typed events of the trace.
//!
//! tidy: long because it is one list of events with their fields

mod abridged;
mod describe;
mod steps;
mod timer;

use registry_protocol::{EpochMs, IceCandidate, RoomCode, SessionDescription, UserName};

use crate::error::Error;
use crate::json::Json;
use crate::types::operation::Operation;
use crate::types::pair::CandidatePair;
use crate::types::rtc::{DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, SignalingState};
use crate::types::state::{ConnectionState, Role};

pub use steps::{CandidateStep, DescriptionStep, DropReason, PollKind, StandbyStep};
pub use timer::Timer;

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
    /// A request was given up before it had an answer, as none is needed any more.
    RequestAborted {
        /// Its [`Event::Request`].
        id: u64,
        /// The call.
        operation: Operation,
        /// Time it was under way, in milliseconds.
        duration_ms: f64,
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
    /// The Registry can wait for news: from now on one request in flight takes the place of all polls.
    Waiting {
        /// How long the Registry may wait, in milliseconds.
        wait_ms: f64,
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
    /// A STUN or TURN server can be used: a candidate came from it.
    IceServerAnswered {
        /// The server.
        url: String,
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
        /// The JSON value; a message that is no JSON stands for itself.
        data: Json,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel, for the first time.
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
    MessageBuffered {
        /// Counts the messages of this client from 1.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Its size on the wire in bytes.
        bytes: usize,
    },
    /// A message was handed to the data channel again, after a reconnect.
    MessageReplayed {
        /// Of the message.
        id: u64,
        /// The JSON value.
        data: Json,
    },
    /// Messages have been delivered: the peer says so.
    MessagesDelivered {
        /// Their numbers, in order.
        ids: Vec<u64>,
    },
    /// A message was given up, and will not be delivered; or, if the peer has lost its memory, perhaps was.
    MessageDropped {
        /// Of the message.
        id: u64,
        /// The JSON value.
        data: Json,
        /// Why.
        reason: DropReason,
    },
    /// The other side has greeted, or will not.
    PeerKind {
        /// Whether it acknowledges messages and can reconnect.
        durable: bool,
    },
    /// What becomes of the standby room, in which the peers meet when their connection is lost.
    Standby {
        /// The step.
        step: StandbyStep,
        /// When the room expires, by the Registry's clock, where known.
        expires_at: Option<EpochMs>,
    },
    /// The peer was asked whether it is there, and has answered: the time between, in milliseconds.
    RoundTrip {
        /// The time.
        ms: f64,
    },
    /// ICE is restarted while the connection still lives, or may.
    IceRestart,
    /// The next attempt to reconnect is planned.
    ReconnectScheduled {
        /// Counts the attempts from 1.
        attempt: u32,
        /// The pause before it, in milliseconds.
        delay_ms: f64,
        /// How many attempts there may be; 0 for no limit.
        max_attempts: u32,
    },
    /// An attempt to reconnect begins.
    ReconnectAttempting {
        /// Counts the attempts from 1.
        attempt: u32,
    },
    /// The connection is back: the data channel is open, and the peer answers.
    ReconnectSuccess {
        /// How many attempts it took; 0 when it came back by itself.
        attempts: u32,
        /// How long it was lost, in milliseconds.
        lost_ms: f64,
    },
    /// An attempt to reconnect has failed.
    ReconnectFailed {
        /// Counts the attempts from 1.
        attempt: u32,
        /// Why.
        error: Error,
    },
    /// No attempt is left.
    ReconnectExhausted {
        /// How many there were.
        attempts: u32,
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
    /// The room is to be closed as soon as what was accepted is delivered.
    Closing {
        /// How many messages are still to be delivered.
        messages: usize,
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
