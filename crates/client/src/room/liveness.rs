//! What the peer connection and the data channel say. Specification: *Phase 4: Connection-State Monitoring*.

use serde_json::Value;

use super::effect::RtcAction;
use super::machine::Machine;
use super::timers::Timer;
use crate::error::{TimeoutError, WebRtcError};
use crate::event::Event;
use crate::state::ConnectionState;
use crate::webrtc::{
    CandidatePair, ChannelEvent, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState,
    RtcDiagnostic,
};

impl Machine {
    pub(super) fn on_connection_state(&mut self, state: PeerConnectionState) {
        self.attempt.rtc.connection_state = Some(state);
        self.record(Event::ConnectionState(state));
        match (self.state, state) {
            (ConnectionState::Connecting, PeerConnectionState::Failed) => self.fail(WebRtcError::IceFailed),
            (ConnectionState::Connected | ConnectionState::Disconnected, PeerConnectionState::Failed) => {
                self.fail(WebRtcError::PeerLost);
            }
            (ConnectionState::Connected, PeerConnectionState::Disconnected) => {
                self.enter(ConnectionState::Disconnected, Some("the network path is interrupted".to_owned()));
                self.after(Timer::DisconnectedGrace, self.settings.disconnected_grace);
            }
            (ConnectionState::Disconnected, PeerConnectionState::Connected) => self.on_healed(),
            _ => {}
        }
    }

    fn on_healed(&mut self) {
        if self.attempt.rtc.data_channel_state == Some(DataChannelState::Open) {
            self.timers.cancel(Timer::DisconnectedGrace);
            self.enter(ConnectionState::Connected, Some("the network path is back".to_owned()));
        }
    }

    /// ICE has not healed within the grace period. It may still, as long as the peer connection has not failed.
    pub(super) fn on_grace_over(&mut self) {
        self.record(Event::Timer(Timer::DisconnectedGrace));
        let error = self.error(WebRtcError::Interrupted(self.settings.disconnected_grace));
        self.record(Event::Failure(error));
    }

    pub(super) fn on_connection_due(&mut self) {
        self.record(Event::Timer(Timer::Connection));
        self.fail(TimeoutError::Connection { after: self.settings.connection_timeout });
    }

    pub(super) fn on_diagnostic(&mut self, diagnostic: RtcDiagnostic) {
        match diagnostic {
            RtcDiagnostic::IceConnectionState(state) => {
                self.attempt.rtc.ice_connection_state = Some(state);
                self.record(Event::IceConnectionState(state));
                if state == IceConnectionState::Completed && self.state == ConnectionState::Connected {
                    self.rtc(RtcAction::FindPair);
                }
            }
            RtcDiagnostic::IceGatheringState(state) => {
                self.attempt.rtc.ice_gathering_state = Some(state);
                if state == IceGatheringState::Complete {
                    self.timers.cancel(Timer::Gathering);
                }
                self.record(Event::IceGatheringState(state));
            }
            RtcDiagnostic::SignalingState(state) => {
                self.attempt.rtc.signaling_state = Some(state);
                self.record(Event::SignalingState(state));
            }
            RtcDiagnostic::IceCandidateError { url, code, text } => {
                self.record(Event::IceCandidateError { url, code, text });
            }
        }
    }

    /// The first channel that the host makes is the application's; a peer that makes more is tolerated.
    pub(super) fn on_channel_announced(&mut self) {
        if self.attempt.rtc.data_channel_state.is_none() {
            self.set_channel(DataChannelState::Connecting);
            self.rtc(RtcAction::AdoptChannel);
        }
    }

    fn set_channel(&mut self, state: DataChannelState) {
        self.attempt.rtc.data_channel_state = Some(state);
        self.record(Event::DataChannel(state));
    }

    pub(super) fn on_channel(&mut self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open => self.on_channel_open(),
            ChannelEvent::Close => self.on_channel_close(),
            ChannelEvent::Error(reason) => self.record(Event::DataChannelError { reason }),
            ChannelEvent::Message(text) => {
                self.on_channel_open();
                let bytes = text.len();
                let data = serde_json::from_str(&text).unwrap_or(Value::String(text));
                self.record(Event::Message { data, bytes });
            }
            ChannelEvent::Binary(bytes) => {
                let reason = format!("a binary message of {bytes} bytes was left out: messages are JSON");
                self.record(Event::DataChannelError { reason });
            }
        }
    }

    /// The channel is open: the handshake is over. A message may say so before the channel does.
    fn on_channel_open(&mut self) {
        if self.attempt.rtc.data_channel_state == Some(DataChannelState::Open) {
            return;
        }
        self.set_channel(DataChannelState::Open);
        if self.state == ConnectionState::Connecting {
            self.stop_polls();
            self.timers.cancel_all();
            self.enter(ConnectionState::Connected, None);
            let starting = self.starting.take();
            self.settle(starting, Ok(()));
            self.rtc(RtcAction::FindPair);
        }
    }

    fn on_channel_close(&mut self) {
        if self.attempt.rtc.data_channel_state == Some(DataChannelState::Closed) {
            return;
        }
        self.set_channel(DataChannelState::Closed);
        match self.state {
            ConnectionState::Connecting => self.fail(WebRtcError::ChannelClosed),
            ConnectionState::Connected | ConnectionState::Disconnected => self.on_peer_lost(),
            _ => {}
        }
    }

    /// The channel is closed for good: the room is used up, and nothing is left to heal.
    fn on_peer_lost(&mut self) {
        let error = self.error(WebRtcError::PeerLost);
        self.give_up_room();
        if self.state == ConnectionState::Connected {
            self.enter(ConnectionState::Disconnected, Some("the data channel closed".to_owned()));
        }
        self.release(error.clone());
        self.record(Event::Failure(error));
    }

    pub(super) fn on_pair(&mut self, pair: Option<CandidatePair>) {
        if let Some(pair) = pair {
            self.record(Event::SelectedPair(pair));
        }
    }
}
