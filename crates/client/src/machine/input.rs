use registry_protocol::{
    CandidateList, IceCandidate, JoinCode, JoinCodeResponse, PublicRoomInfo, RoomCode, RoomCreationResponse,
    RoomJoinResponse, RoomSnapshot, SessionDescription, UserName,
};

use super::effect::Posting;
use super::saved::Saved;
use crate::error::{RequestError, WebRtcError};
use crate::interfaces::webrtc::{CandidatePair, ChannelEvent, PeerConnectionState, RtcDiagnostic};

/// Tells the commands of one client apart.
pub(crate) type CommandId = u64;

/// What the application asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Make a room.
    Create(UserName),
    /// Join a room.
    Join {
        /// Which.
        room: RoomCode,
        /// What admits.
        join_code: JoinCode,
        /// What the guest calls itself.
        guest_user_name: UserName,
    },
    /// Replace the join code of the host's room.
    ReplaceJoinCode,
    /// Begin the handshake.
    Start,
    /// Go on where a reloaded page had to stop.
    Resume(Box<Saved>),
    /// End everything.
    Close,
}

/// What came of a [`Request`](super::Request).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    RoomCreated(Result<RoomCreationResponse, RequestError>),
    PublicRoomInfo(Result<PublicRoomInfo, RequestError>),
    RoomJoined(Result<RoomJoinResponse, RequestError>),
    /// Of a [`RoomCall`](super::effect::RoomCall) to the room whose exchange has the number.
    OfRoom(RoomAnswer),
    RoomRenewed(RoomCode, Result<RoomSnapshot, RequestError>),
    RoomClosed(RoomCode, Option<CommandId>, Result<(), RequestError>),
    JoinCodeReplaced(RoomCode, Result<JoinCodeResponse, RequestError>),
    FallbackMade(Result<RoomCreationResponse, RequestError>),
    FallbackJoined(RoomCode, Result<RoomJoinResponse, RequestError>),
}

/// What came of a [`RoomCall`](super::effect::RoomCall).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RoomAnswer {
    DescriptionPosted(Result<(), RequestError>),
    CandidatePosted(IceCandidate, Result<(), RequestError>),
    Read(Result<RoomSnapshot, RequestError>),
    Candidates(Result<CandidateList, RequestError>),
    Posted(Posting, Result<RoomSnapshot, RequestError>),
    LongPolled(Result<RoomSnapshot, RequestError>),
}

/// What came of an [`RtcAction`](super::RtcAction); a text in the place of a result is the browser's words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RtcOutcome {
    PeerRefused(WebRtcError),
    ChannelRefused(String),
    RestartRefused,
    MessageLimit(usize),
    OfferCreated(Result<SessionDescription, String>),
    AnswerCreated(Result<SessionDescription, String>),
    LocalSet(SessionDescription, Result<(), String>),
    RemoteSet(Result<(), String>),
    CandidateAdded(IceCandidate, Result<(), String>),
    /// The selected pair, and whether it is said when there is another.
    Pair(Option<CandidatePair>, bool),
}

/// What the peer connection or the data channel says by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PeerEvent {
    /// A local candidate, or `None` at their end.
    LocalCandidate(Option<IceCandidate>),
    /// `connectionState` changed.
    ConnectionState(PeerConnectionState),
    /// Something that does not drive the handshake.
    Diagnostic(RtcDiagnostic),
    /// The other side made a data channel.
    ChannelAnnounced,
    /// The application's data channel says something.
    Channel(ChannelEvent),
    /// The control channel says something.
    Control(ChannelEvent),
}

/// Everything that can reach the machine. What belongs to an attempt carries its number.
#[derive(Debug)]
pub(crate) enum Input {
    /// The application asks for something.
    Command(CommandId, Command),
    /// A call has its result.
    Response(u32, Outcome),
    /// A step of the negotiation has its result.
    Rtc(u32, RtcOutcome),
    /// The peer connection or the data channel says something.
    Peer(u32, PeerEvent),
    /// Time has passed: look at the deadlines.
    Timeout,
    /// The page is visible again.
    Wake,
    /// The network has changed, or is back.
    NetworkChanged,
    /// The connection is to break, for trying out what happens then.
    Cut,
    /// The page is going away for good.
    Leave,
    /// The page is going away, and what its next life needs is saved.
    Suspend,
    /// The peer connection to which goodbye was said is closed.
    Parted(Option<CommandId>),
}
