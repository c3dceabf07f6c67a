use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use registry_core::{Config, Due, PollId, Refusal, Registry, Reply, Request, Response, Stats, Submitted};
use registry_protocol::RoomCode;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

type Outcome = Result<Reply, Refusal>;
/// Answers a pending long poll.
type Ticket = oneshot::Sender<Outcome>;

/// The Registry together with a clock and the system's random source.
pub(crate) struct Service {
    registry: Mutex<Registry<Ticket>>,
    pub(crate) clock: Clock,
}

/// A request that was submitted: its outcome, or a long poll. Dropping it cancels the poll.
pub(crate) enum Submission<'a> {
    Done(Outcome),
    Waits(PendingPoll<'a>),
}

impl Service {
    /// An empty Registry.
    pub(crate) fn new(config: Config, clock: Clock) -> Self {
        Self { registry: Mutex::new(Registry::new(config)), clock }
    }

    /// Submits a request.
    pub(crate) fn submit(&self, request: &Request) -> Submission<'_> {
        let mut answer = None;
        let submitted = self.with(|registry| {
            registry.submit(self.clock.now(), &mut system_random, request, || {
                let (ticket, receiver) = oneshot::channel();
                answer = Some(receiver);
                ticket
            })
        });
        match (submitted, answer) {
            (Submitted::Done(outcome), _) => Submission::Done(outcome),
            (Submitted::Pending { room, id }, Some(answer)) => {
                Submission::Waits(PendingPoll { service: self, room, id, answer })
            }
            (Submitted::Pending { .. }, None) => Submission::Done(Err(Refusal::Internal)),
        }
    }

    /// The response to a request with this outcome.
    pub(crate) fn response(&self, request: &Request, outcome: Outcome) -> Response {
        self.lock().response(request, outcome)
    }

    /// Removes expired rooms and answers long polls that have timed out.
    pub(crate) fn tick(&self) {
        self.with(|registry| registry.tick(self.clock.now()));
    }

    /// Answers all pending long polls with the current state, for shutdown.
    pub(crate) fn answer_all(&self) {
        self.with(|registry| registry.answer_all(self.clock.now()));
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
    pub(crate) fn stats(&self) -> Stats {
        self.lock().stats()
    }

    /// The lock is held for a single call and never across an await.
    fn lock(&self) -> MutexGuard<'_, Registry<Ticket>> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pending long poll, cancelled on drop.
pub(crate) struct PendingPoll<'a> {
    service: &'a Service,
    room: RoomCode,
    id: PollId,
    answer: oneshot::Receiver<Outcome>,
}

impl PendingPoll<'_> {
    /// Waits until there is news or the time is over. When `closing` is cancelled, it is answered with what there is.
    pub(crate) async fn wait(mut self, closing: &CancellationToken) -> Outcome {
        let service = self.service;
        while let Some(at) = self.deadline() {
            let rest = Duration::from_millis(at.saturating_sub(service.clock.now()).max(1));
            tokio::select! {
                outcome = &mut self.answer => return outcome.unwrap_or(Err(Refusal::Internal)),
                () = closing.cancelled() => service.with(|r| r.answer(service.clock.now(), &self.room, self.id)),
                () = tokio::time::sleep(rest) => service.tick(),
            }
        }
        (&mut self.answer).await.unwrap_or(Err(Refusal::Internal))
    }

    fn deadline(&self) -> Option<u64> {
        self.service.lock().deadline(&self.room, self.id)
    }
}

impl Drop for PendingPoll<'_> {
    fn drop(&mut self) {
        self.service.with(|registry| registry.cancel(self.service.clock.now(), &self.room, self.id));
    }
}

/// Fills `bytes` from the operating system's random source. Secrets cannot be generated without it, so failure aborts
/// the process.
fn system_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system's random source failed");
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    /// The wall clock may be set at any time; what it shows then is of no importance to a server that runs.
    #[test]
    fn rooms_live_by_the_clock_of_the_server_whatever_the_wall_clock_shows() {
        for wall in [UNIX_EPOCH + Duration::from_secs(1_000_000), SystemTime::now() + Duration::from_secs(3600)] {
            let service = Service::new(Config::default(), Clock::showing(wall));
            let create =
                Request::new("POST", "/rooms").header("x-registry-version", "1").body(r#"{"hostUserName":"Ann"}"#);
            let Submission::Done(outcome) = service.submit(&create) else { panic!("creating a room does not wait") };
            let body: serde_json::Value = serde_json::from_slice(&service.response(&create, outcome).body).unwrap();
            let started = wall.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
            let lives = body["expiresAt"].as_u64().unwrap() - started;
            assert!((180_000..190_000).contains(&lives), "{lives}");
            service.tick();
            assert_eq!(service.stats().open, 1);
            let date = httpdate::parse_http_date(&service.clock.date()).unwrap();
            assert!(date.duration_since(wall - Duration::from_secs(1)).unwrap() < Duration::from_secs(10));
        }
    }
}
