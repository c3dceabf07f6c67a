//! How the manager carries out requests and steps of the negotiation, and feeds their results back.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use registry_protocol::{RoomCode, Token};

use super::delivery::SAFE_MESSAGE_BYTES;
use super::effect::{Request, RoomCall, RtcAction};
use super::input::{Input, Outcome, PeerEvent, RoomAnswer, RtcOutcome};
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
        let (registry, attempt) = (&self.registry, &self.attempt);
        let (scope, outcome) = match request {
            // A room that comes too late must be closed all the same.
            Request::CreateRoom { host_user_name } => {
                (&self.farewells, registry.create_room(host_user_name).map(Outcome::RoomCreated).boxed_local())
            }
            Request::GetPublicRoomInfo { room } => {
                (attempt, registry.get_public_room_info(room).map(Outcome::PublicRoomInfo).boxed_local())
            }
            Request::JoinRoom { room, join_code, guest_user_name } => {
                let joined = registry.join_room(room, join_code, guest_user_name);
                (attempt, joined.map(Outcome::RoomJoined).boxed_local())
            }
            Request::OfRoom { room, token, call } => {
                let scope = if matches!(call, RoomCall::Wait { .. }) { &self.waiting } else { attempt };
                let answer = self.call_room(room.clone(), token, call);
                (scope, answer.map(|answer| Outcome::OfRoom(room, answer)).boxed_local())
            }
            Request::MakeStandby { host_user_name } => {
                (&self.farewells, registry.create_room(host_user_name).map(Outcome::StandbyMade).boxed_local())
            }
            Request::JoinStandby { room, join_code, guest_user_name } => {
                let joined = registry.join_room(room.clone(), join_code, guest_user_name);
                (&self.standby, joined.map(|result| Outcome::StandbyJoined(room, result)).boxed_local())
            }
            Request::CloseRoom { room, token, keepalive, command } => {
                let closed = registry.close_room(room.clone(), token, keepalive);
                (&self.farewells, closed.map(move |result| Outcome::RoomClosed(room, command, result)).boxed_local())
            }
        };
        let this = self.this.clone();
        let dated = outcome.inspect(move |_| this.upgrade().iter().for_each(|inner| inner.note_date()));
        self.feed_back(scope, dated.boxed_local(), move |outcome| Input::Response(number, outcome));
    }

    /// What time it is at the Registry, if it has said so.
    fn note_date(&self) {
        if let Some((date, at)) = self.registry.date() {
            self.machine.borrow_mut().registry_clock.dated(date, at);
        }
    }

    fn call_room(&self, room: RoomCode, token: Token, call: RoomCall) -> LocalBoxFuture<'static, RoomAnswer> {
        let registry = &self.registry;
        match call {
            RoomCall::PostOffer(offer) => {
                registry.post_offer(room, token, offer).map(RoomAnswer::DescriptionPosted).boxed_local()
            }
            RoomCall::PostAnswer(answer) => {
                registry.post_answer(room, token, answer).map(RoomAnswer::DescriptionPosted).boxed_local()
            }
            RoomCall::PostCandidate(candidate) => {
                let posted = registry.post_candidate(room, token, candidate.clone());
                posted.map(|result| RoomAnswer::CandidatePosted(candidate, result)).boxed_local()
            }
            RoomCall::Read => registry.get_room(room, token).map(RoomAnswer::Room).boxed_local(),
            RoomCall::Wait { since, wait } => {
                registry.wait_for_room(room, token, since, wait).map(RoomAnswer::RoomNews).boxed_local()
            }
            RoomCall::ReadCandidates => registry.get_candidates(room, token).map(RoomAnswer::Candidates).boxed_local(),
        }
    }

    pub(super) fn act(&self, number: u32, action: RtcAction) {
        let webrtc = &self.outside.webrtc;
        let outcome = match action {
            RtcAction::CreatePeer => return self.create_peer(number),
            RtcAction::CreateControl => return self.create_control(number),
            RtcAction::RestartIce => {
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
                webrtc.set_local_description(description).map(RtcOutcome::LocalSet).boxed_local()
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
        let connection: Rc<dyn PeerConnection> = match webrtc.create_peer_connection(&self.peer) {
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
