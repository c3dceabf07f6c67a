use std::cmp::Reverse;
use std::error::Error;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use hyper_util::server::graceful::GracefulConnection;
use registry_core::{Client, Share, Shares};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Time limit for closing a connection that has no request in flight.
const IDLE_CLOSE_TIMEOUT: Duration = Duration::from_millis(100);
/// Time limit for closing a connection with a request in flight.
const BUSY_CLOSE_TIMEOUT: Duration = Duration::from_secs(30);
/// The same when its slot is needed: whoever stalls does not keep others waiting.
const NEEDED_CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a connection that has no request in flight is not yet idle: its first may be on its way.
const FRESH: Duration = Duration::from_millis(500);
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

/// The open connections.
#[derive(Debug, Default)]
struct Open {
    by_client: Shares<Arc<Closing>>,
    /// How many of them are to close.
    closing: usize,
}

/// Whether and how a connection is to end.
#[derive(Debug)]
struct Closing {
    opened: Instant,
    /// It is to close, but not in the middle of a request.
    closing: CancellationToken,
    /// Since when.
    asked: OnceLock<Instant>,
    /// It is to close at once.
    abort: CancellationToken,
    /// Cloned by every request in flight.
    in_flight: Arc<()>,
}

impl Closing {
    fn new() -> Self {
        Self {
            opened: Instant::now(),
            closing: CancellationToken::new(),
            asked: OnceLock::new(),
            abort: CancellationToken::new(),
            in_flight: Arc::default(),
        }
    }

    /// Asks it to close. To be called only with all connections locked, as they count those that were asked.
    fn ask(&self) {
        self.asked.get_or_init(Instant::now);
        self.closing.cancel();
    }

    fn is_asked(&self) -> bool {
        self.asked.get().is_some()
    }

    /// Closes it at once if its slot is needed and it has had time to close.
    fn abort_if_late(&self) {
        if self.asked.get().is_some_and(|asked| asked.elapsed() > NEEDED_CLOSE_TIMEOUT) {
            self.abort.cancel();
        }
    }

    fn is_busy(&self) -> bool {
        Arc::strong_count(&self.in_flight) > 1
    }

    fn is_idle(&self) -> bool {
        !self.is_busy() && self.opened.elapsed() > FRESH
    }
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
    in_flight: Weak<()>,
}

impl Connection {
    /// While the returned guard lives, closing the connection waits for the response.
    pub(crate) fn begin(&self) -> Option<Arc<()>> {
        self.in_flight.upgrade()
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

    /// Waits for a free slot for a connection of this client.
    pub(crate) async fn acquire(&self, client: Client) -> Slot {
        let permit = loop {
            self.keep_reserve();
            match timeout(SLOT_TIMEOUT, Arc::clone(&self.slots).acquire_owned()).await {
                Ok(permit) => break permit.ok(),
                Err(_) => self.open().abort_late(),
            }
        };
        let closing = Arc::new(Closing::new());
        let share = self.open().by_client.add(client, 1, Arc::clone(&closing));
        Slot { _permit: permit, open: Arc::clone(&self.open), share, closing }
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

impl Open {
    /// Asks this many connections to close.
    fn ask(&mut self, count: usize) {
        let mut others = Vec::new();
        for (client, _) in self.by_client.holders() {
            let of_client = self.by_client.items_of(client).map(|(_, connection)| connection);
            // Whether they are idle can change at any moment: it is asked once.
            let rest = of_client.filter(|connection| !connection.is_asked());
            let mut rest: Vec<_> = rest.map(|connection| (!connection.is_idle(), connection)).collect();
            rest.sort_by_key(|(busy, _)| *busy);
            // How many its client holds when it is the turn of each.
            others.extend((1..=rest.len()).rev().zip(rest));
        }
        // The holders are in order already, so that among equals the oldest come first.
        others.sort_by_key(|(held, (busy, _))| (Reverse(*held), *busy));
        for (_, (_, connection)) in others.into_iter().take(count) {
            connection.ask();
            self.closing += 1;
        }
    }

    /// Aborts the connections that have had time to close.
    fn abort_late(&self) {
        self.by_client.items().for_each(|connection| connection.abort_if_late());
    }
}

impl Slot {
    /// The extension to attach to each request on this connection.
    pub(crate) fn connection(&self) -> Connection {
        Connection { closing: Arc::clone(&self.closing), in_flight: Arc::downgrade(&self.closing.in_flight) }
    }

    /// Serves a connection until it closes.
    pub(crate) async fn run<C>(self, connection: C)
    where
        C: GracefulConnection<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let mut connection = pin!(connection);
        let result = tokio::select! {
            result = connection.as_mut() => Ok(result),
            () = self.closing.abort.cancelled() => return,
            () = self.closing.closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let limit = if self.closing.is_busy() { BUSY_CLOSE_TIMEOUT } else { IDLE_CLOSE_TIMEOUT };
                let closed = timeout(limit, connection);
                tokio::select! {
                    result = closed => result,
                    () = self.closing.abort.cancelled() => return,
                }
            }
        };
        // A broken connection is not an error of the server.
        match result.map(|result| result.map_err(Into::into)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(event = "connection", %error),
            Err(_) => tracing::debug!(event = "connection", "did not close in time"),
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
