//! tidy: long because it is one list of causes

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What can be wrong. Its name in kebab case is what programs and JSON have.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString, IntoStaticStr, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Cause {
    // The device and its browser.
    /// The device has no network.
    Offline,
    /// The browser has no `RTCPeerConnection`.
    NoWebRtc,
    /// The browser's limit of peer connections is reached.
    TooManyPeerConnections,
    /// The browser could not create a peer connection for another reason.
    NoPeerConnection,
    /// The page did not run for a while.
    PageSlept,
    /// The page is in the background while it has something to do.
    PageThrottled,
    /// Faults are being injected on purpose.
    FaultsInjected,

    // The Registry.
    /// An https page asks an http Registry.
    InsecureRegistry,
    /// A page of the internet asks a Registry of a private network.
    PrivateNetworkDenied,
    /// The Registry does not allow the page's origin (CORS).
    OriginRefused,
    /// The Registry's preflight does not allow the client's headers (CORS).
    HeadersRefused,
    /// A web server is there, but no Registry at this path.
    WrongAddress,
    /// What answers is no Registry.
    NotARegistry,
    /// A request had no response, though the Registry answers others.
    RequestLost,
    /// Packets to the Registry are lost, or it hangs.
    RegistrySilent,
    /// Nothing answers at the Registry's address.
    RegistryUnreachable,
    /// The Registry asks to slow down.
    RateLimited,
    /// The Registry is full, or overloaded.
    RegistryOverloaded,
    /// The Registry has an internal error.
    RegistryFailing,
    /// The Registry speaks another version of the protocol.
    RegistryVersion,
    /// The Registry does not accept the access token.
    AccessRefused,
    /// The Registry's clock and the device's differ.
    ClocksDiffer,

    // The room.
    /// There is no room of that code.
    RoomUnknown,
    /// Another guest has joined the room.
    RoomTaken,
    /// The join code is wrong.
    WrongJoinCode,
    /// Joining is locked for a while after wrong join codes.
    JoinLocked,
    /// The room's time was up before the peers had met.
    RoomExpired,
    /// The host has closed the room.
    ClosedByHost,
    /// The Registry does not know the host's room any more.
    RoomLost,
    /// The room holds the descriptions of another connection.
    RoomUsed,

    // Offer and answer.
    /// Nobody has joined the room.
    GuestNeverCame,
    /// The host is there but has not posted an offer.
    HostNeverOffered,
    /// The guest is there but has not posted an answer.
    GuestNeverAnswered,
    /// The description is larger than a Registry takes.
    DescriptionTooLarge,
    /// The Registry does not take the description.
    DescriptionRefused,
    /// The answer does not fit the offer.
    AnswerForAnotherOffer,
    /// The room has got a second answer.
    ConflictingAnswer,
    /// The browser does not take the peer's description.
    DescriptionRejected,
    /// The browser could not create or set its own description.
    NegotiationFailed,

    // Candidates of this side.
    /// The browser rejects the STUN and TURN settings.
    BadIceServers,
    /// Only relayed candidates may be used, and there is no TURN server.
    RelayOnlyWithoutTurn,
    /// A TURN server does not accept the credentials.
    TurnCredentials,
    /// A TURN server refuses for another reason.
    TurnRefused,
    /// The name of a STUN or TURN server is unknown.
    IceServerUnknown,
    /// A TURN server does not answer.
    TurnUnreachable,
    /// A STUN server does not answer.
    StunUnreachable,
    /// Only relayed candidates may be used, and there is none.
    NoRelay,
    /// The browser has found no candidate at all.
    NoCandidates,
    /// All candidates are of the device itself.
    OnlyLoopback,
    /// All candidates are names that only this local network resolves.
    OnlyMdns,

    // Candidates of the peer, and checks.
    /// More candidates than are posted or read.
    TooManyCandidates,
    /// The peer's candidates have not come.
    NoRemoteCandidates,
    /// The peer's candidates belong to another description.
    CandidatesOfAnotherDescription,
    /// The browser does not take the peer's candidates.
    RemoteCandidatesFailed,
    /// UDP gets out of neither this network to a server, nor to the peer.
    UdpBlocked,
    /// NATs that give each destination another port, and no relay.
    SymmetricNat,
    /// One side has only IPv4, and the other only IPv6.
    NoCommonFamily,
    /// Pairs of candidates were checked, and none works.
    ChecksFailed,

    // The channel.
    /// ICE works, but DTLS has failed.
    DtlsFailed,
    /// ICE works, but nothing else arrives.
    NothingArrives,
    /// DTLS works, but the data channel does not open.
    ChannelNeverOpened,
    /// The data channel has reported an error.
    ChannelFailed,

    // The peer.
    /// The peer is reachable but does not answer.
    PeerBusy,
    /// The peer has gone without a goodbye.
    PeerGone,
    /// The peer speaks another version of the control channel's protocol.
    PeerVersion,
    /// The peer acknowledges what it was not sent.
    PeerMisbehaves,
    /// The connection could not be resumed after a reload.
    NotResumable,
}

/// The signs of requests that bring no usable response, from the most general.
const NO_RESPONSE: &[Cause] =
    &[Cause::RegistryUnreachable, Cause::RegistrySilent, Cause::NotARegistry, Cause::WrongAddress];

/// What ICE reports when no pair works.
const NO_PATH: &[Cause] = &[Cause::ChecksFailed, Cause::NoCommonFamily, Cause::OnlyMdns, Cause::OnlyLoopback];

impl Cause {
    /// Its name, as in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it explains: its consequences, and what is only a more general way to say the same.
    pub(super) fn explains(self) -> &'static [Self] {
        match self {
            Self::Offline => &[
                Self::RegistryUnreachable,
                Self::RegistrySilent,
                Self::PrivateNetworkDenied,
                Self::StunUnreachable,
                Self::TurnUnreachable,
                Self::IceServerUnknown,
                Self::PeerGone,
                Self::UdpBlocked,
            ],
            Self::NoWebRtc => &[Self::NoPeerConnection],
            Self::PageSlept => &[Self::PageThrottled, Self::RegistrySilent],
            // These requests do not leave the device, whatever network it has.
            Self::InsecureRegistry => &[
                Self::RegistryUnreachable,
                Self::RegistrySilent,
                Self::NotARegistry,
                Self::WrongAddress,
                Self::Offline,
            ],
            Self::PrivateNetworkDenied | Self::OriginRefused | Self::HeadersRefused => NO_RESPONSE,
            Self::WrongAddress => {
                &[Self::NotARegistry, Self::RegistryUnreachable, Self::RegistrySilent, Self::RoomUnknown]
            }
            Self::NotARegistry => &[Self::RegistryUnreachable, Self::RegistryFailing, Self::RoomUnknown],
            Self::RegistrySilent => &[Self::RegistryUnreachable],
            Self::JoinLocked => &[Self::RateLimited, Self::WrongJoinCode],
            Self::RoomExpired => &[Self::GuestNeverCame, Self::HostNeverOffered, Self::GuestNeverAnswered],
            Self::ClosedByHost | Self::RoomLost => {
                &[Self::HostNeverOffered, Self::GuestNeverAnswered, Self::RegistryFailing, Self::RegistryUnreachable]
            }
            Self::DescriptionTooLarge => &[Self::DescriptionRefused],
            Self::AnswerForAnotherOffer => &[Self::DescriptionRejected],
            Self::DescriptionRejected => &[Self::NegotiationFailed],
            Self::RelayOnlyWithoutTurn => {
                &[Self::NoRelay, Self::NoCandidates, Self::ChecksFailed, Self::NoRemoteCandidates]
            }
            Self::TurnCredentials | Self::TurnRefused | Self::TurnUnreachable | Self::IceServerUnknown => {
                &[Self::NoRelay, Self::NoCandidates, Self::ChecksFailed]
            }
            Self::NoRelay => &[Self::NoCandidates, Self::ChecksFailed],
            Self::NoCandidates | Self::StunUnreachable => NO_PATH,
            Self::OnlyLoopback => &[Self::ChecksFailed, Self::NoCommonFamily],
            Self::TooManyCandidates | Self::NoCommonFamily | Self::OnlyMdns => &[Self::ChecksFailed],
            Self::NoRemoteCandidates => NO_PATH,
            Self::CandidatesOfAnotherDescription => {
                &[Self::ChecksFailed, Self::RemoteCandidatesFailed, Self::NoRemoteCandidates]
            }
            Self::RemoteCandidatesFailed => &[Self::ChecksFailed, Self::NoRemoteCandidates],
            Self::UdpBlocked => &[
                Self::StunUnreachable,
                Self::TurnUnreachable,
                Self::ChecksFailed,
                Self::OnlyMdns,
                Self::OnlyLoopback,
                Self::NoCommonFamily,
            ],
            Self::SymmetricNat => &[Self::ChecksFailed, Self::NoCommonFamily],
            Self::DtlsFailed => &[Self::NothingArrives, Self::ChannelNeverOpened, Self::ChannelFailed],
            Self::NothingArrives => &[Self::ChannelNeverOpened],
            Self::ChannelFailed => &[Self::ChannelNeverOpened],
            Self::PeerBusy => &[Self::PeerGone, Self::NothingArrives],
            Self::PeerGone => &[Self::NothingArrives, Self::ChannelFailed],
            _ => &[],
        }
    }
}
