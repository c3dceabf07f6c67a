use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use registry_protocol::{
    CandidateList, ExchangeRequest, IceCandidate, JoinCode, JoinCodeResponse, PublicRoomInfo, RoomCode,
    RoomCreationResponse, RoomJoinResponse, RoomSnapshot, SessionDescription, Token, UserName,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{NetworkError, RequestError, StateError};
use crate::interfaces::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use crate::interfaces::places::{Place, WaitingPlaces};
use crate::interfaces::registry::{CallFuture, Operation, RegistryClient};
use crate::interfaces::state::{ConnectionState, MemoryStateManager, RoomInfo, StateManager};
use crate::interfaces::store::SessionStore;
use crate::interfaces::webrtc::{DataChannel, PeerConnection};
use crate::json::Json;

/// A request that a [`MockHttpClient`] was asked to send.
#[derive(Clone, Debug, PartialEq)]
pub struct SentRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The complete URL.
    pub url: String,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Option<Value>,
    /// Whether it was sent with `keepalive`.
    pub keepalive: bool,
}

/// An [`HttpClient`] that responds from a list and records its requests; it never responds once the list is empty.
#[derive(Default)]
pub struct MockHttpClient {
    /// The responses, first to last.
    pub answers: RefCell<VecDeque<Result<HttpResponse, HttpError>>>,
    /// The requests.
    pub sent: RefCell<Vec<SentRequest>>,
}

impl MockHttpClient {
    /// Adds a response with this status and body.
    pub fn answer(&self, status: u16, body: impl ToString) {
        let answer = HttpResponse { status, body: body.to_string(), ..HttpResponse::default() };
        self.answers.borrow_mut().push_back(Ok(answer));
    }

    fn take(&self, request: SentRequest) -> HttpFuture {
        self.sent.borrow_mut().push(request);
        match self.answers.borrow_mut().pop_front() {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => Box::pin(std::future::pending()),
        }
    }
}

impl HttpClient for MockHttpClient {
    fn get(&self, url: &str, headers: Headers) -> HttpFuture {
        self.take(SentRequest { method: "GET", url: url.to_owned(), headers, body: None, keepalive: false })
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.take(SentRequest { method: "POST", url: url.to_owned(), headers, body: parsed(body), keepalive: false })
    }

    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.take(SentRequest { method: "POST", url: url.to_owned(), headers, body: parsed(body), keepalive: true })
    }
}

fn parsed(body: Option<Json>) -> Option<Value> {
    body.map(|body| body.value())
}

/// A [`RegistryClient`] with a list of responses for each call; it cannot be reached once the list is empty.
#[derive(Default)]
pub struct MockRegistryClient {
    answers: RefCell<HashMap<Operation, VecDeque<Result<Value, RequestError>>>>,
    /// The calls, in order.
    pub calls: RefCell<Vec<Operation>>,
}

impl MockRegistryClient {
    /// Adds a response to `operation`; a result is given as the JSON that a Registry would send.
    pub fn answer(&self, operation: Operation, answer: Result<Value, RequestError>) {
        self.answers.borrow_mut().entry(operation).or_default().push_back(answer);
    }

    fn take<T: DeserializeOwned + 'static>(&self, operation: Operation) -> CallFuture<T> {
        self.calls.borrow_mut().push(operation);
        let answer = self.answers.borrow_mut().get_mut(&operation).and_then(VecDeque::pop_front);
        let unreachable = || NetworkError { operation, reason: "no answer was prepared".into() };
        let parse = |value| {
            serde_json::from_value(value).map_err(|error| RequestError::Malformed {
                operation,
                status: 200,
                reason: error.to_string(),
            })
        };
        Box::pin(std::future::ready(answer.unwrap_or_else(|| Err(unreachable().into())).and_then(parse)))
    }
}

impl RegistryClient for MockRegistryClient {
    fn create_room(&self, _: UserName) -> CallFuture<RoomCreationResponse> {
        self.take(Operation::CreateRoom)
    }

    fn get_public_room_info(&self, _: RoomCode) -> CallFuture<PublicRoomInfo> {
        self.take(Operation::GetPublicRoomInfo)
    }

    fn join_room(&self, _: RoomCode, _: JoinCode, _: UserName) -> CallFuture<RoomJoinResponse> {
        self.take(Operation::JoinRoom)
    }

    fn post_offer(&self, _: RoomCode, _: Token, _: SessionDescription) -> CallFuture<()> {
        self.take(Operation::PostOffer)
    }

    fn post_answer(&self, _: RoomCode, _: Token, _: SessionDescription) -> CallFuture<()> {
        self.take(Operation::PostAnswer)
    }

    fn post_candidate(&self, _: RoomCode, _: Token, _: IceCandidate) -> CallFuture<()> {
        self.take(Operation::PostCandidate)
    }

    fn get_room(&self, _: RoomCode, _: Token) -> CallFuture<RoomSnapshot> {
        self.take(Operation::GetRoom)
    }

    fn get_candidates(&self, _: RoomCode, _: Token) -> CallFuture<CandidateList> {
        self.take(Operation::GetCandidates)
    }

    fn close_room(&self, _: RoomCode, _: Token, _: bool) -> CallFuture<()> {
        self.take(Operation::CloseRoom)
    }

    fn exchange(&self, _: Token, _: ExchangeRequest) -> CallFuture<RoomSnapshot> {
        self.take(Operation::Exchange)
    }

    fn replace_join_code(&self, _: RoomCode, _: Token) -> CallFuture<JoinCodeResponse> {
        self.take(Operation::ReplaceJoinCode)
    }
}

/// A [`SessionStore`] in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    text: RefCell<Option<String>>,
    /// It is full: nothing can be saved.
    pub full: Cell<bool>,
}

impl SessionStore for MemoryStore {
    fn save(&self, text: &str) -> bool {
        let saves = !self.full.get();
        self.text.replace(saves.then(|| text.to_owned()));
        saves
    }

    fn take(&self) -> Option<String> {
        self.text.take()
    }
}

/// [`WaitingPlaces`], of which there are so many.
#[derive(Debug, Default)]
pub struct CountedPlaces(Rc<Cell<usize>>);

impl CountedPlaces {
    /// So many places, all of them free.
    pub fn new(places: usize) -> Self {
        Self(Rc::new(Cell::new(places)))
    }

    /// How many are free.
    pub fn free(&self) -> usize {
        self.0.get()
    }
}

/// A place that is taken.
struct CountedPlace(Rc<Cell<usize>>);

impl Drop for CountedPlace {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

impl WaitingPlaces for CountedPlaces {
    fn take(&self, _: &str) -> LocalBoxFuture<'static, Option<Place>> {
        let left = self.0.get().checked_sub(1);
        left.inspect(|left| self.0.set(*left));
        let place = left.map(|_| Box::new(CountedPlace(Rc::clone(&self.0))) as Place);
        Box::pin(std::future::ready(place))
    }
}

/// A [`StateManager`] that records every state.
#[derive(Default)]
pub struct RecordingStateManager {
    inner: MemoryStateManager,
    /// The states, in order.
    pub states: RefCell<Vec<ConnectionState>>,
}

impl StateManager for RecordingStateManager {
    fn get_state(&self) -> ConnectionState {
        self.inner.get_state()
    }

    fn set_state(&self, state: ConnectionState) -> Result<(), StateError> {
        self.states.borrow_mut().push(state);
        self.inner.set_state(state)
    }

    fn get_room_info(&self) -> Option<RoomInfo> {
        self.inner.get_room_info()
    }

    fn set_room_info(&self, room: RoomInfo) {
        self.inner.set_room_info(room);
    }

    fn get_peer_connection(&self) -> Option<Rc<dyn PeerConnection>> {
        self.inner.get_peer_connection()
    }

    fn set_peer_connection(&self, connection: Rc<dyn PeerConnection>) {
        self.inner.set_peer_connection(connection);
    }

    fn get_data_channel(&self) -> Option<Rc<dyn DataChannel>> {
        self.inner.get_data_channel()
    }

    fn set_data_channel(&self, channel: Rc<dyn DataChannel>) {
        self.inner.set_data_channel(channel);
    }

    fn forget_connection(&self) {
        self.inner.forget_connection();
    }

    fn reset(&self) {
        self.inner.reset();
    }
}
