mod answer;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use registry_protocol::{
    CandidateList, CreateRoomRequest, EpochMs, ExchangeRequest, IceCandidate, JoinCode, JoinCodeResponse,
    JoinRoomRequest, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse, RoomSnapshot,
    SessionDescription, TOKEN_HEADER, Token, UserName, VERSION, VERSION_HEADER,
};
use serde::Serialize;

use super::{CallFuture, Operation, RegistryClient};
use crate::error::{MALFORMED_ANSWER, NetworkError, RequestError, TimeoutError};
use crate::event::Event;
use crate::interfaces::clock::Clock;
use crate::interfaces::http::{Headers, HttpClient};
use crate::json::Json;
use crate::trace::Trace;
use answer::{check, read_json, read_nothing};

/// Makes the calls over HTTP, each with a deadline, and traces them.
pub struct HttpRegistryClient {
    base: String,
    timeout: Duration,
    http: Rc<dyn HttpClient>,
    clock: Rc<dyn Clock>,
    trace: Rc<Trace>,
    next_id: Cell<u64>,
    date: Rc<Cell<Option<(EpochMs, Duration)>>>,
}

/// One call on its way.
struct Call {
    operation: Operation,
    path: String,
    token: Option<Token>,
    body: Option<Json>,
    keepalive: bool,
    /// How much longer than others it may take.
    wait: Duration,
}

impl Call {
    fn new(operation: Operation, room: Option<&RoomCode>) -> Self {
        let template = operation.path_template();
        let path = match (template.bytes().position(|byte| byte == b':'), room) {
            (Some(at), Some(room)) => [&template[..at], room.as_str(), &template[at + ":code".len()..]].concat(),
            _ => template.to_owned(),
        };
        Self { operation, path, token: None, body: None, keepalive: false, wait: Duration::ZERO }
    }

    fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    fn body(mut self, body: &impl Serialize) -> Self {
        self.body = Some(Json::of(body));
        self
    }

    fn headers(&self) -> Headers {
        let version = (self.operation.method() == "POST").then(|| (VERSION_HEADER, VERSION.to_owned()));
        let token = self.token.as_ref().map(|token| (TOKEN_HEADER, token.as_str().to_owned()));
        version.into_iter().chain(token).collect()
    }
}

impl HttpRegistryClient {
    /// Talks to the Registry at `base` (with or without a slash at its end) through `http`; a call that takes longer
    /// than `timeout` by `clock` fails. Requests and answers go into `trace`.
    pub fn new(
        base: &str,
        timeout: Duration,
        http: Rc<dyn HttpClient>,
        clock: Rc<dyn Clock>,
        trace: Rc<Trace>,
    ) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { base, timeout, http, clock, trace, next_id: Cell::new(1), date: Rc::default() }
    }

    fn url(&self, path: &str) -> String {
        [&self.base, path].concat()
    }

    /// Sends `call` and reads the body of its answer with `read`.
    fn send<T: 'static>(&self, call: Call, read: fn(&str) -> Result<T, String>) -> CallFuture<T> {
        // All that need not be there for each type of answer is elsewhere.
        Box::pin(self.perform(call).map(move |(answer, under_way)| {
            let result = answer.and_then(|body| read(&body).map_err(|reason| under_way.malformed(reason)));
            under_way.ends(result.as_ref().err());
            result
        }))
    }

    /// Sends `call` and waits for the body of its answer.
    fn perform(&self, call: Call) -> LocalBoxFuture<'static, (Result<String, RequestError>, UnderWay)> {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let (operation, headers) = (call.operation, call.headers());
        let url = self.url(&call.path);
        let bytes = call.body.as_ref().map_or(0, |body| body.as_str().len());
        self.trace.record(Event::Request { id, operation, bytes });
        let answer = match (operation.method(), call.keepalive) {
            ("GET", _) => self.http.get(&url, headers),
            (_, false) => self.http.post(&url, call.body, headers),
            (_, true) => self.http.post_keepalive(&url, call.body, headers),
        };
        let (clock, trace) = (Rc::clone(&self.clock), Rc::clone(&self.trace));
        let timeout = self.timeout + call.wait;
        let (sent, date) = (clock.now().monotonic, Rc::clone(&self.date));
        let mut under_way =
            UnderWay { id, operation, sent, status: 0, bytes: 0, clock: Rc::clone(&clock), trace, done: false };
        Box::pin(async move {
            let answer = match select(answer, clock.sleep(timeout)).await {
                Either::Left((Ok(answer), _)) => {
                    (under_way.status, under_way.bytes) = (answer.status, answer.body.len());
                    if let Some(said) = answer.date {
                        date.set(Some((said, clock.now().monotonic)));
                    }
                    check(operation, answer)
                }
                Either::Left((Err(error), _)) => Err(NetworkError { operation, reason: error.0 }.into()),
                Either::Right(_) => Err(TimeoutError::Request { operation, after: timeout }.into()),
            };
            (answer, under_way)
        })
    }
}

/// A request until it has its answer; dropped before, it tells the trace.
struct UnderWay {
    id: u64,
    operation: Operation,
    sent: Duration,
    /// Of the answer.
    status: u16,
    /// Of the answer's body.
    bytes: usize,
    clock: Rc<dyn Clock>,
    trace: Rc<Trace>,
    done: bool,
}

impl UnderWay {
    fn duration_ms(&self) -> f64 {
        self.clock.now().monotonic.saturating_sub(self.sent).as_secs_f64() * 1000.0
    }

    /// What is wrong with an answer that cannot be read.
    fn malformed(&self, reason: String) -> RequestError {
        RequestError::Malformed { operation: self.operation, status: self.status, reason }
    }

    /// Tells the trace what became of it.
    fn ends(mut self, failure: Option<&RequestError>) {
        self.done = true;
        let Self { id, operation, status, bytes, .. } = self;
        let duration_ms = self.duration_ms();
        self.trace.record(match failure {
            Some(error @ (RequestError::Network(_) | RequestError::Timeout(_))) => {
                Event::RequestFailed { id, operation, duration_ms, reason: error.to_string() }
            }
            _ => {
                let code = failure.and_then(RequestError::code).map(|code| code.as_str().to_owned());
                let malformed = failure.filter(|_| code.is_none()).map(|_| MALFORMED_ANSWER.to_owned());
                Event::Response { id, operation, status, duration_ms, bytes, code: code.or(malformed) }
            }
        });
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if !self.done {
            let (id, operation) = (self.id, self.operation);
            self.trace.record(Event::RequestAborted { id, operation, duration_ms: self.duration_ms() });
        }
    }
}

impl RegistryClient for HttpRegistryClient {
    fn create_room(&self, host_user_name: UserName) -> CallFuture<RoomCreationResponse> {
        self.send(Call::new(Operation::CreateRoom, None).body(&CreateRoomRequest { host_user_name }), read_json)
    }

    fn get_public_room_info(&self, room: RoomCode) -> CallFuture<PublicRoomInfo> {
        self.send(Call::new(Operation::GetPublicRoomInfo, Some(&room)), read_json)
    }

    fn join_room(
        &self,
        room: RoomCode,
        join_code: JoinCode,
        guest_user_name: UserName,
    ) -> CallFuture<RoomJoinResponse> {
        let body = JoinRoomRequest { join_code, guest_user_name };
        self.send(Call::new(Operation::JoinRoom, Some(&room)).body(&body), read_json)
    }

    fn post_offer(&self, room: RoomCode, token: Token, offer: SessionDescription) -> CallFuture<()> {
        self.send(Call::new(Operation::PostOffer, Some(&room)).token(token).body(&offer), read_nothing)
    }

    fn post_answer(&self, room: RoomCode, token: Token, answer: SessionDescription) -> CallFuture<()> {
        self.send(Call::new(Operation::PostAnswer, Some(&room)).token(token).body(&answer), read_nothing)
    }

    fn post_candidate(&self, room: RoomCode, token: Token, candidate: IceCandidate) -> CallFuture<()> {
        self.send(Call::new(Operation::PostCandidate, Some(&room)).token(token).body(&candidate), read_nothing)
    }

    fn get_room(&self, room: RoomCode, token: Token) -> CallFuture<RoomSnapshot> {
        self.send(Call::new(Operation::GetRoom, Some(&room)).token(token), read_json)
    }

    fn get_candidates(&self, room: RoomCode, token: Token) -> CallFuture<CandidateList> {
        self.send(Call::new(Operation::GetCandidates, Some(&room)).token(token), read_json)
    }

    fn close_room(&self, room: RoomCode, token: Token, keepalive: bool) -> CallFuture<()> {
        let call = Call::new(Operation::CloseRoom, Some(&room)).token(token);
        self.send(Call { keepalive, ..call }, read_nothing)
    }

    fn exchange(&self, token: Token, exchange: ExchangeRequest) -> CallFuture<RoomSnapshot> {
        let call = Call::new(Operation::Exchange, None).token(token).body(&exchange);
        // Without a version there is nothing to wait for.
        let wait = exchange.wait.filter(|_| exchange.since.is_some()).map(Duration::from_secs);
        self.send(Call { wait: wait.unwrap_or_default(), ..call }, read_json)
    }

    fn replace_join_code(&self, room: RoomCode, token: Token) -> CallFuture<JoinCodeResponse> {
        self.send(Call::new(Operation::ReplaceJoinCode, Some(&room)).token(token), read_json)
    }

    fn needs_permission(&self) -> bool {
        self.http.needs_permission(&self.url(Operation::Exchange.path_template()))
    }

    fn date(&self) -> Option<(EpochMs, Duration)> {
        self.date.get()
    }
}
