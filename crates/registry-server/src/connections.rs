mod open;

use std::error::Error;
use std::future::pending;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper_util::server::graceful::GracefulConnection;
use registry_core::{Client, Share};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use open::{Closing, Open};

/// How long a file may take to be sent. The page is no larger than that the slowest mobile network manages it.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(300);
/// How long a connection may take to close when its slot is needed: whoever stalls does not keep others waiting.
pub(crate) const NEEDED_CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a new connection waits for a slot before those that take too long to close are aborted.
const SLOT_TIMEOUT: Duration = Duration::from_millis(100);
/// One in this many slots is kept free where possible, so that new connections get one at once. When half of them are taken,
/// they are freed again, all at a time.
const RESERVED_FRACTION: usize = 8;

/// Limits the number of connections. When few slots are left, others are closed: those of the client that has most, the idle
/// ones first, then the oldest. One that waits for news is answered at once, and one with a request in flight has little time to
/// finish it. No more are asked to close than are needed, so that nobody else loses a connection to one that does not let go.
/// A client that holds many connections, or holds them for long, therefore cannot lock others out.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    max: usize,
    slots: Arc<Semaphore>,
    open: Arc<Mutex<Open>>,
}

/// Time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For its first request to come.
    pub(crate) first_request: Duration,
    /// For closing it when nothing is in flight.
    pub(crate) close: Duration,
}

/// A connection's slot, released on drop.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    open: Arc<Mutex<Open>>,
    share: Share,
    closing: Arc<Closing>,
}

/// What a request knows of its connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    closing: Arc<Closing>,
}

impl Connection {
    /// While the returned guard lives, closing the connection waits for the response.
    pub(crate) fn begin(&self) -> Arc<()> {
        self.closing.used.store(true, Ordering::Relaxed);
        Arc::clone(&self.closing.in_flight)
    }

    /// While the returned guard lives, one of the requests only waits for news.
    pub(crate) fn wait(&self) -> Arc<()> {
        Arc::clone(&self.closing.waiting)
    }

    /// Is cancelled when the connection's slot is needed, or the server stops: a request that only waits ends now.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing.closing
    }

    /// Cancel it to close the connection at once, whatever is in flight.
    pub(crate) fn abort(&self) -> &CancellationToken {
        &self.closing.abort
    }
}

impl Connections {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.clamp(1, u32::MAX as usize >> 3);
        Self { max, slots: Arc::new(Semaphore::new(max)), open: Arc::default() }
    }

    /// Waits for a free slot for a connection of this client. `None` if there is none because of this very client: nobody else
    /// shall wait for its turn.
    pub(crate) async fn acquire(&self, client: Client) -> Option<Slot> {
        let permit = loop {
            self.keep_reserve();
            if self.slots.available_permits() == 0 && self.is_taken_by(client) {
                return None;
            }
            match timeout(SLOT_TIMEOUT, Arc::clone(&self.slots).acquire_owned()).await {
                Ok(permit) => break permit.ok(),
                Err(_) => self.open().abort_late(),
            }
        };
        let closing = Arc::new(Closing::new());
        let share = self.open().by_client.add(client, 1, Arc::clone(&closing));
        Some(Slot { _permit: permit, open: Arc::clone(&self.open), share, closing })
    }

    /// Whether this client has many connections, and nobody has more; but there are others.
    fn is_taken_by(&self, client: Client) -> bool {
        let open = self.open();
        let (own, all) = (open.by_client.held_by(client), open.by_client.total());
        let is_largest = open.by_client.largest().is_some_and(|(_, most)| most == own);
        is_largest && own < all && own as usize > self.max / RESERVED_FRACTION
    }

    /// Frees slots when there are few, many at a time.
    fn keep_reserve(&self) {
        let (free, reserve) = (self.slots.available_permits(), self.max / RESERVED_FRACTION);
        if free <= reserve / 2 {
            let mut open = self.open();
            let coming = free + open.closing;
            if coming <= reserve / 2 {
                open.ask((reserve - coming).max(1));
            }
        }
    }

    /// Frees many slots, whether or not there are few.
    pub(crate) fn free_many(&self) {
        let mut open = self.open();
        open.abort_late();
        let more = (self.max / RESERVED_FRACTION).max(1).saturating_sub(open.closing);
        open.ask(more);
    }

    /// Asks all connections to close, and returns when they have.
    pub(crate) async fn close_all(&self) {
        self.open().ask(usize::MAX);
        let _ = self.slots.acquire_many(self.max as u32).await;
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.max - self.slots.available_permits()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        lock(&self.open)
    }
}

impl Slot {
    /// The extension to attach to each request on this connection.
    pub(crate) fn connection(&self) -> Connection {
        self.closing.ready.get_or_init(Instant::now);
        Connection { closing: Arc::clone(&self.closing) }
    }

    /// Serves a connection until it closes.
    pub(crate) async fn run<C>(self, connection: C, limits: Limits)
    where
        C: GracefulConnection<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let mut connection = pin!(connection);
        let result = tokio::select! {
            result = connection.as_mut() => Some(result),
            () = self.closing.abort.cancelled() => return,
            () = self.is_never_used(limits.first_request) => None,
            () = self.closing.closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    result = connection => Some(result),
                    () = self.closing.abort.cancelled() => return,
                    () = self.is_done(limits.close) => None,
                }
            }
        };
        // A broken connection is not an error of the server.
        match result.map(|result| result.map_err(Into::into)) {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!(event = "connection", %error),
            None => tracing::debug!(event = "connection", "closed without a goodbye"),
        }
    }

    /// Completes after this time unless a request has come.
    async fn is_never_used(&self, limit: Duration) {
        sleep(limit).await;
        if self.closing.used.load(Ordering::Relaxed) {
            pending().await
        }
    }

    /// Completes after this time if nothing is in flight then, and otherwise when it cannot be any more.
    async fn is_done(&self, limit: Duration) {
        sleep(limit).await;
        if self.closing.is_busy() {
            sleep(SEND_TIMEOUT).await;
        }
    }

    /// Prepares a connection, such as by a TLS handshake, unless its slot is needed or that takes longer than `limit`.
    pub(crate) async fn prepare<T>(&self, limit: Duration, preparation: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            prepared = timeout(limit, preparation) => prepared.ok(),
            () = self.closing.closing.cancelled() => None,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        open.by_client.remove(self.share);
        open.closing -= usize::from(self.closing.is_asked());
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
