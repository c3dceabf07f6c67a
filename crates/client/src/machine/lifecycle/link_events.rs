//! What the peer connection and the data channel report. Specification: *Phase 4: Connection-State Monitoring*.

use super::Machine;
use super::recovering::Loss;
use crate::error::WebRtcError;
use crate::event::Event;
use crate::interfaces::webrtc::{ChannelEvent, DataChannelState, PeerConnectionState};
use crate::machine::handshake::Handshake;
use crate::machine::recovery::Step;
use crate::types::state::ConnectionState;

impl Machine {
    pub(super) fn on_connection_state(&mut self, state: PeerConnectionState) {
        self.link.on_connection_state(&mut self.cx, state);
        match (self.state, state) {
            (ConnectionState::Connecting, PeerConnectionState::Failed) => {
                // Before a restart is answered, that is about the path that was lost.
                let about_old_path =
                    |handshake: &Handshake| handshake.restarts() && !handshake.knows_peer_description();
                if !self.handshake.as_ref().is_some_and(about_old_path) {
                    self.fail(WebRtcError::IceFailed);
                }
            }
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
                } else if self.recovery.is_active() && self.may_come_back() {
                    self.ping();
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_channel(&mut self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open => self.on_channel_open(),
            ChannelEvent::Close => self.on_channel_close(),
            ChannelEvent::Error(reason) => self.cx.record(Event::DataChannelError { reason }),
            ChannelEvent::Message(text) => {
                self.on_channel_open();
                self.delivery.on_message(&mut self.cx, text, self.link.peer());
            }
            ChannelEvent::Binary(part) => {
                self.on_channel_open();
                self.delivery.on_part(&mut self.cx, &part, self.link.peer());
            }
            ChannelEvent::BufferedAmountLow => self.delivery.on_channel_drained(),
        }
    }

    /// The channel is open: the handshake is over. A message may show that before the channel reports it.
    fn on_channel_open(&mut self) {
        let is_new = self.link.set_channel(&mut self.cx, DataChannelState::Open);
        if is_new && self.is_connecting() {
            self.link.await_greeting(&mut self.cx);
            // After a loss messages can be sent only when the peer has said what it has received.
            if !self.delivery.awaits_greeting() {
                self.connected();
            }
        }
    }

    fn on_channel_close(&mut self) {
        if !self.link.set_channel(&mut self.cx, DataChannelState::Closed) {
            return;
        }
        match self.state {
            ConnectionState::Connecting => {
                if self.recovery.is_active() {
                    self.drop_link();
                }
                self.fail(WebRtcError::ChannelClosed);
            }
            ConnectionState::Connected | ConnectionState::Disconnected => self.lost(Loss::Channel),
            _ => {}
        }
    }

    /// Asks which pair of candidates carries the connection.
    pub(super) fn find_pair(&mut self) {
        if self.is_connected() {
            self.link.find_pair(&mut self.cx);
        }
    }

    /// Whether this side looks for the peer elsewhere. Then it does not answer here, so that the peer comes too. While it has
    /// applied nothing there it still asks; an answer tells it that it need not have gone.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.recovery.is_elsewhere() && !self.restart_is_done() && !self.may_come_back()
    }

    /// The peer was heard, or ICE is well again: perhaps the connection is back.
    pub(super) fn look_whether_back(&mut self) {
        let Some(step) = self.recovery.step() else { return };
        let back = match step {
            Step::Heal => true,
            // Before the offer is there, nothing has begun that would have to be completed.
            Step::Restart => self.restart_is_done() || !self.is_over_control(),
            Step::Pause | Step::Meet => self.restart_is_done() || self.may_come_back(),
        };
        if back && self.link.is_connected() && self.link.is_open() {
            if self.recovery.is_elsewhere() && !self.restart_is_done() {
                // What was begun elsewhere must not go on there.
                self.abandon_attempt();
            }
            self.connected();
        }
    }
}
