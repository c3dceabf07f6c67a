//! One peer connection: what it and its channels have said, and whether the peer is still there.

mod heartbeat;

use std::time::Duration;

use super::context::Context;
use super::effect::{Effect, RtcAction};
use super::timers::Timer;
use crate::event::Event;
use crate::interfaces::webrtc::{
    CandidatePair, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState, RtcDiagnostic,
    RtcStates,
};

/// How long a selected pair is taken for the one that carries the connection, where a browser does not announce changes.
const NEXT_LOOK_AT_PAIR: Duration = Duration::from_secs(5);

/// What is known of the peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum PeerKind {
    /// It has not greeted yet; it may.
    #[default]
    Unknown,
    /// It knows the specification and no more.
    Plain,
    /// It has greeted on the control channel.
    Durable,
}

/// The application's data channel, as far as messages are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    /// Whether messages can be handed to it.
    pub(super) is_open: bool,
    /// Whether the peer is known to join messages that come in parts.
    pub(super) joins_parts: bool,
}

/// Permission to make a peer connection. Only [`Link::close`] and [`Link::vacancy`] give it, so that there is never a
/// second one beside the first.
#[derive(Debug)]
pub(super) struct Vacancy(());

/// One peer connection with its channels; or none. An ICE restart keeps it; rebuilding makes another.
#[derive(Debug, Default)]
pub(super) struct Link {
    /// The attempt that made it, by which its events are known; `None` without a peer connection.
    number: Option<u32>,
    rtc: RtcStates,
    peer: PeerKind,
    /// Whether the peer is known to have received this side's greeting: it has sent what goes only to durable peers.
    greeted_back: bool,
    pair: Option<CandidatePair>,
    control_open: bool,
    /// Identifies the peer's peer connection, by its SDP.
    remote_origin: Option<String>,
    /// When the peer was last heard on the control channel.
    heard: Option<Duration>,
    /// When the unanswered ping was sent.
    pinged: Option<Duration>,
    /// When the next heartbeat is due.
    heartbeat_at: Duration,
}

impl Link {
    /// Permission to make a peer connection, if there is none.
    pub(super) fn vacancy(&self) -> Option<Vacancy> {
        self.number.is_none().then_some(Vacancy(()))
    }

    /// Makes a peer connection with its control channel, for the current attempt.
    pub(super) fn open(&mut self, cx: &mut Context, _: Vacancy) {
        *self = Self { number: Some(cx.attempt()), ..Self::default() };
        cx.rtc(RtcAction::CreatePeer);
        cx.rtc(RtcAction::CreateControl);
    }

    /// Closes the peer connection, if there is one.
    pub(super) fn close(&mut self, cx: &mut Context) -> Vacancy {
        for timer in [Timer::Greeting, Timer::Heartbeat, Timer::Acknowledge, Timer::SelectedPair] {
            cx.cancel(timer);
        }
        if self.number.is_some() {
            self.record_closed(cx);
            cx.push(Effect::CloseConnection);
        }
        *self = Self::default();
        Vacancy(())
    }

    /// The peer connection is being closed together with everything else.
    pub(super) fn release(&mut self, cx: &mut Context) {
        self.record_closed(cx);
        *self = Self::default();
    }

    /// The channel closes with its peer connection.
    pub(super) fn record_closed(&self, cx: &mut Context) {
        if self.rtc.data_channel_state.is_some_and(|state| state != DataChannelState::Closed) {
            cx.record(Event::DataChannel(DataChannelState::Closed));
        }
    }

    /// Whether what carries this attempt's number belongs to this peer connection.
    pub(super) fn is(&self, number: u32) -> bool {
        self.number == Some(number)
    }

    pub(super) fn exists(&self) -> bool {
        self.number.is_some()
    }

    /// What the peer connection has said about itself.
    pub(super) fn rtc(&self) -> RtcStates {
        self.rtc
    }

    pub(super) fn peer(&self) -> PeerKind {
        self.peer
    }

    /// Whether the peer has greeted on this connection.
    pub(super) fn is_durable(&self) -> bool {
        self.peer == PeerKind::Durable
    }

    pub(super) fn has_control(&self) -> bool {
        self.control_open
    }

    /// Whether there is a peer connection whose data channel is open.
    pub(super) fn is_open(&self) -> bool {
        self.exists() && self.rtc.data_channel_state == Some(DataChannelState::Open)
    }

    /// Whether the browser says that the path works.
    pub(super) fn is_connected(&self) -> bool {
        self.rtc.connection_state.is_none_or(|state| state == PeerConnectionState::Connected)
    }

    /// The data channel, as far as messages are concerned.
    pub(super) fn channel(&self) -> Channel {
        Channel { is_open: self.is_open(), joins_parts: self.is_durable() && self.greeted_back }
    }

    /// Identifies the peer's peer connection, by its SDP.
    pub(super) fn remote_origin(&self) -> Option<String> {
        self.remote_origin.clone()
    }

    /// The peer's description is about to be applied.
    pub(super) fn set_remote_origin(&mut self, origin: Option<String>) {
        self.remote_origin = origin;
    }

    /// `connectionState` has changed.
    pub(super) fn on_connection_state(&mut self, cx: &mut Context, state: PeerConnectionState) {
        self.rtc.connection_state = Some(state);
        cx.record(Event::ConnectionState(state));
    }

    /// Something that does not drive the handshake. Returns whether another pair of candidates may have been selected.
    pub(super) fn on_diagnostic(&mut self, cx: &mut Context, diagnostic: RtcDiagnostic) -> bool {
        match diagnostic {
            RtcDiagnostic::IceConnectionState(state) => {
                self.rtc.ice_connection_state = Some(state);
                cx.record(Event::IceConnectionState(state));
                return state == IceConnectionState::Completed;
            }
            RtcDiagnostic::IceGatheringState(state) => {
                self.rtc.ice_gathering_state = Some(state);
                if state == IceGatheringState::Complete {
                    cx.cancel(Timer::Gathering);
                }
                cx.record(Event::IceGatheringState(state));
            }
            RtcDiagnostic::SignalingState(state) => {
                self.rtc.signaling_state = Some(state);
                cx.record(Event::SignalingState(state));
            }
            RtcDiagnostic::SelectedPairChanged => return true,
            RtcDiagnostic::IceCandidateError { url, code, text } => {
                cx.record(Event::IceCandidateError { url, code, text });
            }
            RtcDiagnostic::IceServerAnswered { url, candidate, relay_protocol } => {
                cx.record(Event::IceServerAnswered { url, candidate, relay_protocol });
            }
        }
        false
    }

    /// The peer has opened a data channel. The first is the application's; any other is ignored.
    pub(super) fn on_channel_announced(&mut self, cx: &mut Context) {
        if self.rtc.data_channel_state.is_none() {
            self.set_channel(cx, DataChannelState::Connecting);
            cx.rtc(RtcAction::AdoptChannel);
        }
    }

    /// The data channel is in this state. Returns whether that is new.
    pub(super) fn set_channel(&mut self, cx: &mut Context, state: DataChannelState) -> bool {
        let is_new = self.rtc.data_channel_state.replace(state) != Some(state);
        if is_new {
            cx.record(Event::DataChannel(state));
        }
        is_new
    }

    /// The control channel is open. Returns whether that is new.
    pub(super) fn on_control_open(&mut self) -> bool {
        !std::mem::replace(&mut self.control_open, true)
    }

    pub(super) fn on_control_closed(&mut self) {
        self.control_open = false;
    }

    /// Asks which pair of candidates carries the connection: now, and again where a browser does not announce changes.
    pub(super) fn find_pair(&self, cx: &mut Context) {
        cx.rtc(RtcAction::FindPair);
        cx.after(Timer::SelectedPair, NEXT_LOOK_AT_PAIR);
    }

    /// This pair carries the connection; the browser announces changes if `announced`.
    pub(super) fn on_pair(&mut self, cx: &mut Context, pair: Option<CandidatePair>, announced: bool) {
        if announced {
            cx.cancel(Timer::SelectedPair);
        }
        if let Some(pair) = pair.filter(|pair| self.pair.as_ref() != Some(pair)) {
            self.pair = Some(pair.clone());
            cx.record(Event::SelectedPair(pair));
        }
    }
}

/// Identifies a peer connection: user name and session identifier in the `o=` line of its SDP (RFC 8866 §5.2).
pub(super) fn origin(sdp: &str) -> Option<String> {
    let mut words = sdp.split_ascii_whitespace().skip_while(|word| !word.starts_with("o="));
    Some([words.next()?, words.next()?].join(" "))
}

#[cfg(test)]
mod tests;
