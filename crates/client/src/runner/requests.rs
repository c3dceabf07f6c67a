//! Makes the calls to the Registry.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use registry_protocol::{ExchangeRequest, RoomCode, RoomSnapshot, Token};

use super::Runner;
use super::tasks::Scope;
use crate::interfaces::registry::CallFuture;
use crate::machine::{Input, Outcome, Posting, Request, RoomAnswer, RoomCall};

impl Runner {
    /// Awaits `future` in `scope` and feeds back what `input` makes of its result.
    pub(super) fn feed_back<T: 'static>(
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
                let scope = if matches!(call, RoomCall::LongPoll { .. }) { &self.waiting } else { attempt };
                (scope, self.call_room(room, token, call).map(Outcome::OfRoom).boxed_local())
            }
            // Whoever asked for it waits for its outcome, whatever happens meanwhile.
            Request::ReplaceJoinCode { room, token } => {
                let replaced = registry.replace_join_code(room.clone(), token);
                let replaced = replaced.map(|result| Outcome::JoinCodeReplaced(room, result));
                (&self.farewells, replaced.boxed_local())
            }
            Request::MakeFallback { host_user_name } => {
                (&self.farewells, registry.create_room(host_user_name).map(Outcome::FallbackMade).boxed_local())
            }
            Request::JoinFallback { room, join_code, guest_user_name } => {
                let joined = registry.join_room(room.clone(), join_code, guest_user_name);
                (&self.joining, joined.map(|result| Outcome::FallbackJoined(room, result)).boxed_local())
            }
            Request::RenewRoom { room, token } => {
                let renewed = registry.exchange(token, ExchangeRequest::of(room.clone()));
                (attempt, renewed.map(|result| Outcome::RoomRenewed(room, result)).boxed_local())
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
            self.machine.borrow_mut().on_date(date, at);
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
            RoomCall::Read => registry.get_room(room, token).map(RoomAnswer::Read).boxed_local(),
            RoomCall::ReadCandidates => registry.get_candidates(room, token).map(RoomAnswer::Candidates).boxed_local(),
            RoomCall::Post { posting, since } => {
                let Posting { attempt, answers, description, candidates } = posting.clone();
                let posts = ExchangeRequest { attempt, answers, description, candidates, ..ExchangeRequest::of(room) };
                let request = ExchangeRequest { since, ..posts };
                registry.exchange(token, request).map(|result| RoomAnswer::Posted(posting, result)).boxed_local()
            }
            RoomCall::LongPoll { since, wait } => {
                let wait = Some(wait.as_secs()).filter(|wait| *wait > 0);
                let request = ExchangeRequest { since, wait, ..ExchangeRequest::of(room) };
                self.wait_in_place(token, request).map(RoomAnswer::LongPolled).boxed_local()
            }
        }
    }

    /// Makes an exchange that waits if there is a place for it; otherwise the answer comes at once, and the machine pauses
    /// before the next as after any early answer.
    fn wait_in_place(&self, token: Token, request: ExchangeRequest) -> CallFuture<RoomSnapshot> {
        let registry = Rc::clone(&self.registry);
        let places = self.outside.places.as_ref().filter(|_| request.wait.is_some() && request.since.is_some());
        let Some(place) = places.map(|places| places.take(&self.registry_api_url)) else {
            return registry.exchange(token, request);
        };
        Box::pin(async move {
            let place = place.await;
            let wait = request.wait.filter(|_| place.is_some());
            registry.exchange(token, ExchangeRequest { wait, ..request }).await
        })
    }
}
