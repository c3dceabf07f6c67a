use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use registry_core::parse::millis;
use registry_core::{Due, PollId, Refusal, Registry, Reply, Request, Response, Stats, Submitted};
use registry_protocol::RoomCode;
use tokio::sync::oneshot;

use crate::Options;
use crate::metrics::Metrics;

type Outcome = Result<Reply, Refusal>;
/// Answers a pending long poll.
type Ticket = oneshot::Sender<Outcome>;

/// The Registry together with the system clock and random source.
pub struct Service {
    registry: Mutex<Registry<Ticket>>,
    pub(crate) metrics: Metrics,
    pub(crate) trust_forwarded_for: bool,
}

impl Service {
    /// An empty Registry.
    pub fn new(options: &Options) -> Self {
        Self {
            registry: Mutex::new(Registry::new(options.config())),
            metrics: Metrics::default(),
            trust_forwarded_for: options.trust_forwarded_for,
        }
    }

    /// Handles a request. Returns the response, and whether the request waited as a long poll. Dropping the future
    /// cancels the poll.
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
            (Submitted::Pending { room, id }, Some(answer)) => {
                (PendingPoll { service: self, room, id }.wait(answer).await, true)
            }
            (Submitted::Pending { .. }, None) => (Err(Refusal::Internal), false),
        };
        (self.lock().response(request, outcome), waited)
    }

    /// The response to a request that is refused before it reaches the Registry.
    pub(crate) fn refuse(&self, request: &Request, refusal: Refusal) -> Response {
        self.lock().response(request, Err(refusal))
    }

    /// Removes expired rooms and answers long polls that have timed out.
    pub fn tick(&self) {
        self.with(|registry| registry.tick(now()));
    }

    /// Answers all pending long polls with the current state, for shutdown.
    pub fn answer_all(&self) {
        self.with(|registry| registry.answer_all(now()));
    }

    /// Runs `act` on the Registry, then answers the long polls that are due.
    fn with<R>(&self, act: impl FnOnce(&mut Registry<Ticket>) -> R) -> R {
        let mut registry = self.lock();
        let result = act(&mut registry);
        let due: Vec<Due<Ticket>> = registry.take_due();
        drop(registry);
        for (ticket, outcome) in due {
            // The client may have disconnected.
            let _ = ticket.send(outcome);
        }
        result
    }

    /// Current statistics.
    pub fn stats(&self) -> Stats {
        self.lock().stats()
    }

    /// The lock is held for a single call and never across an await.
    fn lock(&self) -> MutexGuard<'_, Registry<Ticket>> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pending long poll, cancelled on drop.
struct PendingPoll<'a> {
    service: &'a Service,
    room: RoomCode,
    id: PollId,
}

impl PendingPoll<'_> {
    async fn wait(&self, mut answer: oneshot::Receiver<Outcome>) -> Outcome {
        while let Some(at) = self.deadline() {
            let rest = Duration::from_millis(at.saturating_sub(now()).max(1));
            tokio::select! {
                outcome = &mut answer => return outcome.unwrap_or(Err(Refusal::Internal)),
                () = tokio::time::sleep(rest) => self.service.tick(),
            }
        }
        answer.await.unwrap_or(Err(Refusal::Internal))
    }

    fn deadline(&self) -> Option<u64> {
        self.service.lock().deadline(&self.room, self.id)
    }
}

impl Drop for PendingPoll<'_> {
    fn drop(&mut self) {
        self.service.with(|registry| registry.cancel(now(), &self.room, self.id));
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// Fills `bytes` from the operating system's random source. Secrets cannot be generated without it, so failure aborts
/// the process.
fn system_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system's random source failed");
        std::process::abort();
    }
}
