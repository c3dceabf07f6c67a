use std::time::Duration;

use registry_protocol::{IceCandidate, JoinCode, RoomCode, SessionDescription, Token, UserName};

use super::control::ControlMessage;
use super::input::CommandId;
use crate::error::Error;
use crate::event::Event;
use crate::types::state::{ConnectionState, RoomInfo};

/// A call to be made to the Registry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    CreateRoom {
        host_user_name: UserName,
    },
    GetPublicRoomInfo {
        room: RoomCode,
    },
    JoinRoom {
        room: RoomCode,
        join_code: JoinCode,
        guest_user_name: UserName,
    },
    /// Of a room through which the peers negotiate.
    OfRoom {
        room: RoomCode,
        token: Token,
        call: RoomCall,
    },
    /// Exchange nothing in a room that both peers may need again, so that it lives on.
    RenewRoom {
        room: RoomCode,
        token: Token,
    },
    CloseRoom {
        room: RoomCode,
        token: Token,
        keepalive: bool,
        command: Option<CommandId>,
    },
    ReplaceJoinCode {
        room: RoomCode,
        token: Token,
    },
    MakeFallback {
        host_user_name: UserName,
    },
    JoinFallback {
        room: RoomCode,
        join_code: JoinCode,
        guest_user_name: UserName,
    },
}

/// What is asked of a room through which the peers negotiate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RoomCall {
    PostOffer(SessionDescription),
    PostAnswer(SessionDescription),
    PostCandidate(IceCandidate),
    Read,
    ReadCandidates,
    /// Post this and get what is newer than `since`, in one exchange.
    Post {
        posting: Posting,
        since: Option<u64>,
    },
    /// Wait until there is something newer than `since`, for at most `wait`.
    LongPoll {
        since: Option<u64>,
        wait: Duration,
    },
}

/// What one side posts in one exchange.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Posting {
    /// The attempt that it belongs to, by its number in the room.
    pub(crate) attempt: u64,
    /// Which offer of the host a guest's answer and candidates belong to, by its number in the room.
    pub(crate) answers: Option<u64>,
    pub(crate) description: Option<SessionDescription>,
    pub(crate) candidates: Vec<IceCandidate>,
}

/// Something to be done with the peer connection or the data channel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RtcAction {
    /// Make the peer connection and attach all handlers.
    CreatePeer,
    /// Make the control channel.
    CreateControl,
    /// Make the application's data channel.
    CreateChannel,
    /// Let the next offer restart ICE.
    RestartIce,
    /// Take the data channel that was announced last as the application's.
    AdoptChannel,
    /// Make an offer.
    CreateOffer,
    /// Apply this offer and make the answer.
    CreateAnswer(SessionDescription),
    /// Apply this side's description.
    SetLocal(SessionDescription),
    /// Apply the other side's answer.
    SetRemote(SessionDescription),
    /// Apply a candidate of the other side.
    AddCandidate(IceCandidate),
    /// Find out which candidate pair was selected.
    FindPair,
    /// Find out how large a message the other side takes.
    FindMessageLimit,
}

/// Something to be done, in the order in which the machine says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Make a call; its result comes back as an input with this attempt's number.
    Request(u32, Request),
    /// Do something with the peer connection; what comes of it carries this attempt's number.
    Rtc(u32, RtcAction),
    /// Abort the long poll.
    AbortLongPoll,
    /// Store and announce the state.
    SetState {
        /// Before.
        from: ConnectionState,
        /// Now.
        to: ConnectionState,
        /// Why, where there is more to say.
        reason: Option<String>,
    },
    /// Store the room.
    SetRoom(Box<RoomInfo>),
    /// Drop every pending request and step but those that make, join or close rooms; the peer connection stays.
    Abandon,
    /// Close the peer connection and its channels.
    CloseConnection,
    /// Send a message on the control channel; it is lost if that is not open.
    Send(ControlMessage),
    /// Close the peer connection and the channels, and drop every pending request and step but those that make or close
    /// rooms.
    Release,
    /// Like `Release`, but first say goodbye on the control channel and give it a moment to arrive; that it is over
    /// comes back as an input.
    Part {
        /// What asked for it.
        command: Option<CommandId>,
        /// Whether the other side hears it.
        durable: bool,
        /// How long what the browser has not sent yet may take to go out, if the other side does not acknowledge.
        drain: Duration,
    },
    /// Forget room and state.
    Reset,
    /// Add to the trace.
    Record(Event),
    /// A command has its outcome.
    Settle(CommandId, Result<(), Error>),
}
