mod addresses;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{Either, select};
use registry_core::{Config, PollId, Refusal, Registry, Reply, Request, Response, Submitted};
use registry_protocol::{EpochMs, RoomCode};

use addresses::{address, path};

use super::faults::{Exchange, Faults, Tamper};
use crate::interfaces::clock::{Clock, Spawner};
use crate::interfaces::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use crate::json::Json;

type Outcome = Result<Reply, Refusal>;
/// Completes a pending long poll.
type Ticket = oneshot::Sender<Outcome>;

/// A network with one Registry.
pub struct Network {
    registry: RefCell<Registry<Ticket>>,
    /// Its current faults.
    pub faults: RefCell<Faults>,
    /// Whether the Registry is reachable.
    pub down: Cell<bool>,
    /// Whether its responses have a readable `Date`.
    pub dates: Cell<bool>,
    /// How far its clock is behind the world's, in milliseconds.
    pub behind_ms: Cell<u64>,
    /// Replaces the Registry's responses.
    pub tamper: RefCell<Option<Tamper>>,
    same_origin: bool,
    rng: RefCell<fastrand::Rng>,
    clock: Rc<dyn Clock>,
    spawner: Rc<dyn Spawner>,
    log: RefCell<Vec<Exchange>>,
}

/// One client's access to a [`Network`].
#[derive(Clone)]
pub struct NetworkClient {
    network: Rc<Network>,
    name: &'static str,
}

impl Network {
    /// A network with a Registry of this configuration. All randomness comes from `seed`; `same_origin` says whether clients need no
    /// permission (CORS) to use it.
    pub fn new(
        config: Config,
        faults: Faults,
        seed: u64,
        same_origin: bool,
        clock: Rc<dyn Clock>,
        spawner: Rc<dyn Spawner>,
    ) -> Rc<Self> {
        Rc::new(Self {
            registry: RefCell::new(Registry::new(config)),
            faults: RefCell::new(faults),
            down: Cell::new(false),
            dates: Cell::new(false),
            behind_ms: Cell::default(),
            tamper: RefCell::default(),
            same_origin,
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
            clock,
            spawner,
            log: RefCell::default(),
        })
    }

    /// All requests.
    pub fn log(&self) -> Vec<Exchange> {
        self.log.borrow().clone()
    }

    /// How often the Registry itself responded with `status`.
    pub fn refusals(&self, status: u16) -> usize {
        self.log.borrow().iter().filter(|exchange| exchange.status == Some(status)).count()
    }

    /// Number of rooms that are neither closed nor expired.
    pub fn live_rooms(&self) -> usize {
        let stats = self.with(|registry, now| {
            registry.tick(now);
            registry.stats()
        });
        stats.open + stats.joined + stats.paired
    }

    /// Number of pending long polls.
    pub fn waiting(&self) -> usize {
        self.registry.borrow().stats().waiting
    }

    /// Restarts the Registry, which loses every room.
    pub fn restart(&self, config: Config) {
        self.registry.replace(Registry::new(config));
    }

    /// Sends a request to the Registry on behalf of no client. Long polls are rejected.
    pub fn handle(&self, request: &Request) -> Response {
        let outcome = match self.submit(request).0 {
            Submitted::Done(outcome) => outcome,
            Submitted::Pending { room, id } => {
                self.with(|registry, now| registry.cancel(now, &room, id));
                Err(Refusal::Internal)
            }
        };
        self.registry.borrow().response(request, outcome)
    }

    /// Sends a request to the Registry, including long polls.
    async fn handle_and_wait(&self, request: &Request) -> Response {
        let outcome = match self.submit(request) {
            (Submitted::Done(outcome), _) => outcome,
            (Submitted::Pending { room, id }, Some(answer)) => Waiter { network: self, room, id }.wait(answer).await,
            (Submitted::Pending { .. }, None) => Err(Refusal::Internal),
        };
        self.registry.borrow().response(request, outcome)
    }

    fn submit(&self, request: &Request) -> (Submitted, Option<oneshot::Receiver<Outcome>>) {
        let mut random = |bytes: &mut [u8]| self.rng.borrow_mut().fill(bytes);
        let mut answer = None;
        let submitted = self.with(|registry, now| {
            registry.submit(now, &mut random, request, || {
                let (ticket, receiver) = oneshot::channel();
                answer = Some(receiver);
                ticket
            })
        });
        (submitted, answer)
    }

    /// Applies a change to the Registry, then completes the long polls that it affects.
    fn with<R>(&self, act: impl FnOnce(&mut Registry<Ticket>, u64) -> R) -> R {
        let mut registry = self.registry.borrow_mut();
        let result = act(&mut registry, self.now());
        for (ticket, outcome) in registry.take_due() {
            let _ = ticket.send(outcome);
        }
        result
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "virtual time is positive")]
    fn now(&self) -> u64 {
        self.clock.now().epoch_ms as u64 - self.behind_ms.get()
    }

    fn chance(&self, of: impl Fn(&Faults) -> f64) -> bool {
        let faults = self.faults.borrow();
        let sound = faults.until.is_some_and(|until| self.clock.now().monotonic >= until);
        !sound && self.rng.borrow_mut().f64() < of(&faults)
    }

    fn delay(&self) -> Duration {
        let longest = self.faults.borrow().delay;
        longest.mul_f64(self.rng.borrow_mut().f64())
    }

    /// The response in place of the Registry's.
    fn disturbance(&self) -> Option<HttpResponse> {
        let answer = |status, body: &str| HttpResponse { status, body: body.to_owned(), ..HttpResponse::default() };
        if self.chance(|faults| faults.too_many) {
            let after = if self.rng.borrow_mut().bool() { r#","retryAfterSec":2"# } else { "" };
            let body = format!(r#"{{"error":{{"code":"rate_limited","message":"","retryable":true{after}}}}}"#);
            return Some(answer(429, &body));
        }
        if self.chance(|faults| faults.internal_error) {
            return Some(answer(500, "<h1>Internal Server Error</h1>"));
        }
        self.chance(|faults| faults.rubbish).then(|| answer(200, "<html>welcome to the hotel</html>"))
    }
}

/// A long poll that is pending for as long as this lives.
struct Waiter<'a> {
    network: &'a Network,
    room: RoomCode,
    id: PollId,
}

impl Waiter<'_> {
    async fn wait(&self, mut answer: oneshot::Receiver<Outcome>) -> Outcome {
        while let Some(at) = self.due_by() {
            let rest = Duration::from_millis(at.saturating_sub(self.network.now()).max(1));
            match select(answer, self.network.clock.sleep(rest)).await {
                Either::Left((outcome, _)) => return outcome.unwrap_or(Err(Refusal::Internal)),
                Either::Right(((), rest)) => answer = rest,
            }
            self.network.with(|registry, now| registry.tick(now));
        }
        answer.await.unwrap_or(Err(Refusal::Internal))
    }

    fn due_by(&self) -> Option<u64> {
        self.network.registry.borrow().deadline(&self.room, self.id)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.network.with(|registry, now| registry.cancel(now, &self.room, self.id));
    }
}

impl NetworkClient {
    /// Access for one client; its name decides its address.
    pub fn new(network: Rc<Network>, name: &'static str) -> Self {
        Self { network, name }
    }

    fn send(
        &self,
        method: &'static str,
        url: &str,
        body: Option<Json>,
        headers: Headers,
        keepalive: bool,
    ) -> HttpFuture {
        let network = Rc::clone(&self.network);
        let path = path(url).to_owned();
        let mut request = Request::new(method, path.clone()).client(registry_core::Client::of(address(self.name)));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body.as_str());
        }
        let (at, client) = (network.clock.now().monotonic, self.name);
        let exchange = {
            let mut log = network.log.borrow_mut();
            log.push(Exchange { at, client, method, path, keepalive, status: None });
            log.len() - 1
        };
        Box::pin(async move {
            let lost = || HttpError("the network lost it".to_owned());
            network.clock.sleep(network.delay()).await;
            if network.down.get() || network.chance(|faults| faults.lose_request) {
                return Err(lost());
            }
            if let Some(answer) = network.disturbance() {
                return Ok(answer);
            }
            let response = network.handle_and_wait(&request).await;
            network.log.borrow_mut()[exchange].status = Some(response.status);
            let date = network.dates.get().then(|| EpochMs(network.now() / 1000 * 1000));
            if network.chance(|faults| faults.duplicate) {
                duplicate(&network, request);
            }
            network.clock.sleep(network.delay()).await;
            if network.chance(|faults| faults.lose_answer) {
                return Err(lost());
            }
            let body = String::from_utf8_lossy(&response.body).into_owned();
            let answer = HttpResponse { status: response.status, body, date, ..HttpResponse::default() };
            Ok(match &*network.tamper.borrow() {
                Some(tamper) => tamper(&network.log.borrow()[exchange], answer),
                None => answer,
            })
        })
    }
}

fn duplicate(network: &Rc<Network>, request: Request) {
    let again = Rc::clone(network);
    network.spawner.spawn(Box::pin(async move {
        again.clock.sleep(again.delay() * 2).await;
        again.handle(&request);
    }));
}

impl HttpClient for NetworkClient {
    fn get(&self, url: &str, headers: Headers) -> HttpFuture {
        self.send("GET", url, None, headers, false)
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.send("POST", url, body, headers, false)
    }

    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.send("POST", url, body, headers, true)
    }

    fn needs_permission(&self, _: &str) -> bool {
        !self.network.same_origin
    }
}
