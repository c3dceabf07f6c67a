//! Handles the peer connection and its data channels.

use std::rc::Rc;

use futures::FutureExt;

use super::Runner;
use crate::interfaces::webrtc::{ChannelEvent, DataChannel, DataChannelState, PeerConnection};
use crate::machine::{Input, PeerEvent, RtcAction, RtcOutcome, SAFE_MESSAGE_BYTES};

/// The label of the application's data channel.
const CHANNEL_LABEL: &str = "registry";

impl Runner {
    pub(super) fn perform(&self, number: u32, action: RtcAction) {
        let webrtc = &self.outside.webrtc;
        let outcome = match action {
            RtcAction::CreatePeer => return self.create_peer(number),
            RtcAction::CreateControl => return self.create_control(number),
            RtcAction::RestartIce => {
                if let Some(config) = self.servers.other_config() {
                    webrtc.set_configuration(&config);
                }
                if !webrtc.restart_ice() {
                    self.input(Input::Rtc(number, RtcOutcome::RestartRefused));
                }
                return;
            }
            RtcAction::CreateChannel => {
                return match webrtc.create_data_channel(CHANNEL_LABEL) {
                    Ok(channel) => self.adopt(number, channel),
                    Err(reason) => self.input(Input::Rtc(number, RtcOutcome::ChannelRefused(reason))),
                };
            }
            RtcAction::AdoptChannel => {
                if let Some(channel) = self.announced.take() {
                    self.adopt(number, channel);
                }
                return;
            }
            RtcAction::FindMessageLimit => {
                let connection = self.outside.state.get_peer_connection();
                let limit = connection.and_then(|connection| connection.max_message_size());
                let limit = limit.unwrap_or(SAFE_MESSAGE_BYTES);
                return self.input(Input::Rtc(number, RtcOutcome::MessageLimit(limit)));
            }
            RtcAction::CreateOffer => webrtc.create_offer().map(RtcOutcome::OfferCreated).boxed_local(),
            RtcAction::CreateAnswer(offer) => webrtc.create_answer(offer).map(RtcOutcome::AnswerCreated).boxed_local(),
            RtcAction::SetLocal(description) => {
                let set = webrtc.set_local_description(description.clone());
                set.map(|result| RtcOutcome::LocalSet(description, result)).boxed_local()
            }
            RtcAction::SetRemote(description) => {
                webrtc.set_remote_description(description).map(RtcOutcome::RemoteSet).boxed_local()
            }
            RtcAction::AddCandidate(candidate) => {
                let added = webrtc.add_ice_candidate(candidate.clone());
                added.map(|result| RtcOutcome::CandidateAdded(candidate, result)).boxed_local()
            }
            RtcAction::FindPair => {
                let announced = webrtc.announces_pairs();
                webrtc.selected_pair().map(move |pair| RtcOutcome::Pair(pair, announced)).boxed_local()
            }
        };
        self.feed_back(&self.attempt, outcome, move |outcome| Input::Rtc(number, outcome));
    }

    fn create_peer(&self, number: u32) {
        // Never one beside another.
        self.close_connection();
        let webrtc = &self.outside.webrtc;
        let connection: Rc<dyn PeerConnection> = match webrtc.create_peer_connection(&self.servers.config()) {
            Ok(connection) => connection,
            Err(error) => return self.input(Input::Rtc(number, RtcOutcome::PeerRefused(error))),
        };
        self.outside.state.set_peer_connection(connection);
        let peer = move |event: PeerEvent| Input::Peer(number, event);
        webrtc.on_ice_candidate(self.callback(move |candidate| peer(PeerEvent::LocalCandidate(candidate))));
        webrtc.on_connection_state_change(self.callback(move |state| peer(PeerEvent::ConnectionState(state))));
        webrtc.on_diagnostic(self.callback(move |diagnostic| peer(PeerEvent::Diagnostic(diagnostic))));
        let this = self.this.clone();
        webrtc.on_data_channel(Box::new(move |channel| {
            if let Some(inner) = this.upgrade() {
                inner.announced.replace(Some(channel));
                inner.input(peer(PeerEvent::ChannelAnnounced));
            }
        }));
    }

    /// Without one every peer is plain: nothing else is missing.
    fn create_control(&self, number: u32) {
        let Ok(Some(control)) = self.outside.webrtc.create_control_channel() else { return };
        control.on_event(self.callback(move |event| Input::Peer(number, PeerEvent::Control(event))));
        self.control.replace(Some(control));
    }

    fn adopt(&self, number: u32, channel: Rc<dyn DataChannel>) {
        let peer = move |event| Input::Peer(number, PeerEvent::Channel(event));
        channel.on_event(self.callback(peer));
        channel.set_buffered_amount_low(self.buffered_amount_low);
        let open = channel.ready_state() == DataChannelState::Open;
        self.outside.state.set_data_channel(channel);
        if open {
            self.input(peer(ChannelEvent::Open));
        }
    }

    fn callback<T: 'static>(&self, input: impl Fn(T) -> Input + 'static) -> Box<dyn Fn(T)> {
        let this = self.this.clone();
        Box::new(move |value| {
            if let Some(inner) = this.upgrade() {
                inner.input(input(value));
            }
        })
    }
}
