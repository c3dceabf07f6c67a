//! What the peer connection and the data channel say. Specification: *Phase 4: Connection-State Monitoring*.

use std::time::Duration;

use super::effect::RtcAction;
use super::lifecycle::Machine;
use super::reconnect::Loss;
use super::timers::Timer;
use crate::durable::Greeting;
use crate::error::{TimeoutError, WebRtcError};
use crate::event::Event;
use crate::interfaces::state::ConnectionState;
use crate::interfaces::webrtc::{
    CandidatePair, ChannelEvent, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState,
    RtcDiagnostic,
};

/// How long a selected pair is taken for the one that carries the connection, where nobody says when there is another.
const NEXT_LOOK_AT_PAIR: Duration = Duration::from_secs(5);

impl Machine {
    pub(super) fn on_connection_state(&mut self, state: PeerConnectionState) {
        self.link.rtc.connection_state = Some(state);
        self.record(Event::ConnectionState(state));
        match (self.state, state) {
            // Before a restart is answered, that is said of the path that was lost.
            (ConnectionState::Connecting, PeerConnectionState::Failed)
                if self.attempt.restarts && !self.attempt.negotiation.knows_remote() => {}
            (ConnectionState::Connecting, PeerConnectionState::Failed) => self.fail(WebRtcError::IceFailed),
            (ConnectionState::Connected | ConnectionState::Disconnected, PeerConnectionState::Failed) => {
                self.lost(Loss::Path);
            }
            (ConnectionState::Connected, PeerConnectionState::Disconnected) => {
                self.interrupted("the network path is interrupted".to_owned());
            }
            (_, PeerConnectionState::Connected) => {
                self.after_restart_step();
                if self.state == ConnectionState::Disconnected {
                    self.look_whether_back();
                } else if self.ladder.is_some() && self.may_come_back() {
                    self.ask_now();
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_connection_due(&mut self) {
        self.record(Event::Timer(Timer::Connection));
        self.fail(TimeoutError::Connection { after: self.handshake_timeout() });
    }

    pub(super) fn on_diagnostic(&mut self, diagnostic: RtcDiagnostic) {
        match diagnostic {
            RtcDiagnostic::IceConnectionState(state) => {
                self.link.rtc.ice_connection_state = Some(state);
                self.record(Event::IceConnectionState(state));
                if state == IceConnectionState::Completed {
                    self.find_pair();
                }
            }
            RtcDiagnostic::IceGatheringState(state) => {
                self.link.rtc.ice_gathering_state = Some(state);
                if state == IceGatheringState::Complete {
                    self.timers.cancel(Timer::Gathering);
                }
                self.record(Event::IceGatheringState(state));
            }
            RtcDiagnostic::SignalingState(state) => {
                self.link.rtc.signaling_state = Some(state);
                self.record(Event::SignalingState(state));
            }
            RtcDiagnostic::SelectedPairChanged => self.find_pair(),
            RtcDiagnostic::IceCandidateError { url, code, text } => {
                self.record(Event::IceCandidateError { url, code, text });
            }
            RtcDiagnostic::IceServerAnswered { url } => self.record(Event::IceServerAnswered { url }),
        }
    }

    /// The first channel that the host makes is the application's; a peer that makes more is tolerated.
    pub(super) fn on_channel_announced(&mut self) {
        if self.link.rtc.data_channel_state.is_none() {
            self.set_channel(DataChannelState::Connecting);
            self.rtc(RtcAction::AdoptChannel);
        }
    }

    fn set_channel(&mut self, state: DataChannelState) {
        self.link.rtc.data_channel_state = Some(state);
        self.record(Event::DataChannel(state));
    }

    pub(super) fn on_channel(&mut self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open => self.on_channel_open(),
            ChannelEvent::Close => self.on_channel_close(),
            ChannelEvent::Error(reason) => self.record(Event::DataChannelError { reason }),
            ChannelEvent::Message(text) => {
                self.on_channel_open();
                self.on_message(text);
            }
            ChannelEvent::Binary(part) => {
                self.on_channel_open();
                self.on_part(&part);
            }
            ChannelEvent::BufferedAmountLow => self.link.refuses = false,
        }
    }

    pub(super) fn on_control(&mut self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open if !self.link.control_open => self.on_control_open(),
            ChannelEvent::Message(text) => self.on_control_text(&text),
            ChannelEvent::Close => self.link.control_open = false,
            _ => {}
        }
    }

    /// The channel is open: the handshake is over. A message may say so before the channel does.
    fn on_channel_open(&mut self) {
        if self.link.rtc.data_channel_state == Some(DataChannelState::Open) {
            return;
        }
        self.set_channel(DataChannelState::Open);
        if self.state == ConnectionState::Connecting {
            if self.link.greeting == Greeting::Awaited {
                self.after(Timer::Greeting, self.settings.greeting_timeout);
            }
            // After a loss messages can go out only when the other side has said what it has.
            if !self.session.awaits_greeting() {
                self.connected();
            }
        }
    }

    fn on_channel_close(&mut self) {
        if self.link.rtc.data_channel_state == Some(DataChannelState::Closed) {
            return;
        }
        self.set_channel(DataChannelState::Closed);
        match self.state {
            ConnectionState::Connecting if self.ladder.is_some() => {
                self.drop_link();
                self.fail(WebRtcError::ChannelClosed);
            }
            ConnectionState::Connecting => self.fail(WebRtcError::ChannelClosed),
            ConnectionState::Connected | ConnectionState::Disconnected => self.lost(Loss::Channel),
            _ => {}
        }
    }

    /// The channel goes with its peer connection.
    pub(super) fn close_channel(&mut self) {
        if self.link.rtc.data_channel_state.is_some_and(|state| state != DataChannelState::Closed) {
            self.record(Event::DataChannel(DataChannelState::Closed));
        }
    }

    /// Asks which pair of candidates carries the connection: now, and again and again where nobody says when that changes.
    pub(super) fn find_pair(&mut self) {
        if self.state == ConnectionState::Connected {
            self.rtc(RtcAction::FindPair);
            self.after(Timer::SelectedPair, NEXT_LOOK_AT_PAIR);
        }
    }

    pub(super) fn on_pair(&mut self, pair: Option<CandidatePair>, announced: bool) {
        if announced {
            self.timers.cancel(Timer::SelectedPair);
        }
        if let Some(pair) = pair.filter(|pair| self.link.pair.as_ref() != Some(pair)) {
            self.link.pair = Some(pair.clone());
            self.record(Event::SelectedPair(pair));
        }
    }
}
