use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use registry::parse::millis;
use registry::{Due, Refusal, Registry, Reply, Request, Response, Stats, Submitted, WaitId};
use registry_protocol::RoomCode;
use tokio::sync::oneshot;

use crate::Options;
use crate::metrics::Metrics;

type Outcome = Result<Reply, Refusal>;
/// By which a waiting request is answered.
type Ticket = oneshot::Sender<Outcome>;

/// A Registry with what it needs of the outside world: the time and a random source.
pub struct Host {
    registry: Mutex<Registry<Ticket>>,
    pub(crate) metrics: Metrics,
    pub(crate) trust_forwarded_for: bool,
}

impl Host {
    /// A Registry without rooms.
    pub fn new(options: &Options) -> Self {
        Self {
            registry: Mutex::new(Registry::new(options.config())),
            metrics: Metrics::default(),
            trust_forwarded_for: options.trust_forwarded_for,
        }
    }

    /// Answers a request that arrives now, and says whether it had to wait for news. A request whose future is dropped
    /// waits no more.
    pub async fn handle(&self, request: &Request) -> (Response, bool) {
        let mut answer = None;
        let submitted = self.with(|registry| {
            registry.submit(now(), &mut system_random, request, || {
                let (ticket, receiver) = oneshot::channel();
                answer = Some(receiver);
                ticket
            })
        });
        let (outcome, waited) = match (submitted, answer) {
            (Submitted::Done(outcome), _) => (outcome, false),
            (Submitted::Waits { room, id }, Some(answer)) => (Waiter { host: self, room, id }.wait(answer).await, true),
            (Submitted::Waits { .. }, None) => (Err(Refusal::Internal), false),
        };
        (self.lock().dress(request, outcome), waited)
    }

    /// The response to a request that does not reach the Registry.
    pub(crate) fn refuse(&self, request: &Request, refusal: Refusal) -> Response {
        self.lock().dress(request, Err(refusal))
    }

    /// Forgets what is over.
    pub fn tick(&self) {
        self.with(|registry| registry.tick(now()));
    }

    /// Answers every request that waits, as things are: the server stops.
    pub fn answer_all(&self) {
        self.with(|registry| registry.answer_all(now()));
    }

    /// Does something with the Registry; then answers the requests that had waited for it.
    fn with<R>(&self, act: impl FnOnce(&mut Registry<Ticket>) -> R) -> R {
        let mut registry = self.lock();
        let result = act(&mut registry);
        let due: Vec<Due<Ticket>> = registry.take_due();
        drop(registry);
        for (ticket, outcome) in due {
            // A client that has gone needs no answer.
            let _ = ticket.send(outcome);
        }
        result
    }

    /// What the Registry holds and has done.
    pub fn stats(&self) -> Stats {
        self.lock().stats()
    }

    /// The lock is held for one call and never across an await.
    fn lock(&self) -> MutexGuard<'_, Registry<Ticket>> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for as long as this lives.
struct Waiter<'a> {
    host: &'a Host,
    room: RoomCode,
    id: WaitId,
}

impl Waiter<'_> {
    async fn wait(&self, mut answer: oneshot::Receiver<Outcome>) -> Outcome {
        while let Some(at) = self.due_by() {
            let rest = Duration::from_millis(at.saturating_sub(now()).max(1));
            tokio::select! {
                outcome = &mut answer => return outcome.unwrap_or(Err(Refusal::Internal)),
                () = tokio::time::sleep(rest) => self.host.tick(),
            }
        }
        answer.await.unwrap_or(Err(Refusal::Internal))
    }

    fn due_by(&self) -> Option<u64> {
        self.host.lock().due_by(&self.room, self.id)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.host.with(|registry| registry.cancel(now(), &self.room, self.id));
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// Random bytes from the operating system. Without them there can be no secrets, so without them there is no server.
fn system_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system gives no random bytes");
        std::process::abort();
    }
}
