//! How the manager carries out requests and steps of the negotiation, and feeds their results back.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use super::delivery::SAFE_MESSAGE_BYTES;
use super::effect::{Request, RtcAction};
use super::input::{Input, Outcome, PeerEvent, RtcOutcome};
use super::manager::Inner;
use super::tasks::Scope;
use crate::webrtc::{ChannelEvent, DataChannel, DataChannelState, PeerConnection};

/// The label of the application's data channel.
const CHANNEL_LABEL: &str = "registry";

impl Inner {
    /// Awaits `future` in `scope` and feeds back what `input` makes of its result.
    fn feed_back<T: 'static>(
        &self,
        scope: &Scope,
        future: LocalBoxFuture<'static, T>,
        input: impl FnOnce(T) -> Input + 'static,
    ) {
        let this = self.this.clone();
        scope.spawn(Box::pin(future.map(move |result| {
            if let Some(inner) = this.upgrade() {
                inner.input(input(result));
            }
        })));
    }

    pub(super) fn send_request(&self, number: u32, request: Request) {
        let registry = &self.registry;
        macro_rules! call {
            ($future:expr, $outcome:expr) => {{
                let outcome = $outcome;
                self.feed_back(&self.attempt, $future, move |result| Input::Response(number, outcome(result)))
            }};
        }
        match request {
            Request::CreateRoom { host_user_name } => call!(registry.create_room(host_user_name), Outcome::RoomCreated),
            Request::GetPublicRoomInfo { room } => {
                call!(registry.get_public_room_info(room), Outcome::PublicRoomInfo)
            }
            Request::JoinRoom { room, join_code, guest_user_name } => {
                call!(registry.join_room(room, join_code, guest_user_name), Outcome::RoomJoined)
            }
            Request::PostOffer { room, token, offer } => {
                call!(registry.post_offer(room, token, offer), Outcome::OfferPosted)
            }
            Request::PostAnswer { room, token, answer } => {
                call!(registry.post_answer(room, token, answer), Outcome::AnswerPosted)
            }
            Request::PostCandidate { room, token, candidate } => {
                let posted = candidate.clone();
                call!(registry.post_candidate(room, token, candidate), |result| {
                    Outcome::CandidatePosted(posted, result)
                })
            }
            Request::GetRoom { room, token } => call!(registry.get_room(room, token), Outcome::Room),
            Request::WaitForRoom { room, token, since, wait } => {
                self.feed_back(&self.waiting, registry.wait_for_room(room, token, since, wait), move |result| {
                    Input::Response(number, Outcome::RoomNews(result))
                });
            }
            Request::GetCandidates { room, token } => {
                call!(registry.get_candidates(room, token), Outcome::Candidates)
            }
            Request::MakeStandby { host_user_name } => {
                // A room that comes too late must be closed all the same.
                self.feed_back(&self.farewells, registry.create_room(host_user_name), move |result| {
                    Input::Response(number, Outcome::StandbyMade(result))
                });
            }
            Request::JoinStandby { room, join_code, guest_user_name } => {
                let joined = registry.join_room(room.clone(), join_code, guest_user_name);
                self.feed_back(&self.standby, joined, move |result| {
                    Input::Response(number, Outcome::StandbyJoined(room, result))
                });
            }
            Request::CloseRoom { room, token, keepalive, command } => {
                let closed = registry.close_room(room, token, keepalive);
                self.feed_back(&self.farewells, closed, move |result| {
                    Input::Response(number, Outcome::RoomClosed(command, result))
                });
            }
        }
    }

    pub(super) fn act(&self, number: u32, action: RtcAction) {
        let webrtc = &self.outside.webrtc;
        macro_rules! step {
            ($future:expr, $outcome:expr) => {{
                let outcome = $outcome;
                self.feed_back(&self.attempt, $future, move |result| Input::Rtc(number, outcome(result)))
            }};
        }
        match action {
            RtcAction::CreatePeer => self.create_peer(number),
            RtcAction::CreateControl => self.create_control(number),
            RtcAction::RestartIce => {
                if !webrtc.restart_ice() {
                    self.input(Input::Rtc(number, RtcOutcome::RestartRefused));
                }
            }
            RtcAction::CreateChannel => match webrtc.create_data_channel(CHANNEL_LABEL) {
                Ok(channel) => self.adopt(number, channel),
                Err(reason) => self.input(Input::Rtc(number, RtcOutcome::ChannelRefused(reason))),
            },
            RtcAction::AdoptChannel => {
                if let Some(channel) = self.announced.take() {
                    self.adopt(number, channel);
                }
            }
            RtcAction::CreateOffer => step!(webrtc.create_offer(), RtcOutcome::OfferCreated),
            RtcAction::CreateAnswer(offer) => step!(webrtc.create_answer(offer), RtcOutcome::AnswerCreated),
            RtcAction::SetLocal(description) => step!(webrtc.set_local_description(description), RtcOutcome::LocalSet),
            RtcAction::SetRemote(description) => {
                step!(webrtc.set_remote_description(description), RtcOutcome::RemoteSet)
            }
            RtcAction::AddCandidate(candidate) => {
                let added = candidate.clone();
                step!(webrtc.add_ice_candidate(candidate), |result| RtcOutcome::CandidateAdded(added, result))
            }
            RtcAction::FindMessageLimit => {
                let connection = self.outside.state.get_peer_connection();
                let limit = connection.and_then(|connection| connection.max_message_size());
                let limit = limit.unwrap_or(SAFE_MESSAGE_BYTES);
                self.input(Input::Rtc(number, RtcOutcome::MessageLimit(limit)));
            }
            RtcAction::FindPair => step!(webrtc.selected_pair(), RtcOutcome::Pair),
        }
    }

    fn create_peer(&self, number: u32) {
        let webrtc = &self.outside.webrtc;
        let connection: Rc<dyn PeerConnection> = match webrtc.create_peer_connection(&self.peer) {
            Ok(connection) => connection,
            Err(reason) => return self.input(Input::Rtc(number, RtcOutcome::PeerRefused(reason))),
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
