use std::error::Error;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper_util::server::graceful::GracefulConnection;
use registry_core::{Client, Share, Shares};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Time limit for closing a connection that has no request in flight.
const IDLE_CLOSE_TIMEOUT: Duration = Duration::from_millis(100);
/// Time limit for closing a connection with a request in flight.
const BUSY_CLOSE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a new connection waits for a slot before other existing ones are closed.
const SLOT_TIMEOUT: Duration = Duration::from_millis(100);
/// One in this many slots is kept free where possible, so that new connections get one at once. When there is none, as many
/// are freed at a time.
const RESERVED_FRACTION: usize = 8;

/// Limits the number of connections. When few slots are left, each new connection causes another to be closed: the oldest of
/// the client that has most. It is closed at once if it is idle, and otherwise after its request; one that waits for news is
/// answered at once. A client that holds many connections, or holds them for long, therefore cannot lock others out.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    max: usize,
    slots: Arc<Semaphore>,
    open: Arc<Mutex<Shares<CancellationToken>>>,
}

/// A connection's slot, released on drop.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    open: Arc<Mutex<Shares<CancellationToken>>>,
    share: Share,
    closing: CancellationToken,
    abort: CancellationToken,
    /// Cloned by every request in flight.
    in_flight: Arc<()>,
}

/// What a request knows of its connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    closing: CancellationToken,
    abort: CancellationToken,
    in_flight: Weak<()>,
}

impl Connection {
    /// While the returned guard lives, closing the connection waits for the response.
    pub(crate) fn begin(&self) -> Option<Arc<()>> {
        self.in_flight.upgrade()
    }

    /// Is cancelled when the connection's slot is needed, or the server stops: a request that only waits ends now.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// Cancel it to close the connection at once, whatever is in flight.
    pub(crate) fn abort(&self) -> &CancellationToken {
        &self.abort
    }
}

impl Connections {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.clamp(1, u32::MAX as usize >> 3);
        Self { max, slots: Arc::new(Semaphore::new(max)), open: Arc::default() }
    }

    /// Waits for a free slot for a connection of this client.
    pub(crate) async fn acquire(&self, client: Client) -> Slot {
        if self.slots.available_permits() <= self.max / RESERVED_FRACTION {
            self.close(1);
        }
        let permit = loop {
            match timeout(SLOT_TIMEOUT, Arc::clone(&self.slots).acquire_owned()).await {
                Ok(permit) => break permit.ok(),
                Err(_) => self.close_many(),
            }
        };
        let closing = CancellationToken::new();
        let share = self.open().add(client, 1, closing.clone());
        let open = Arc::clone(&self.open);
        let (abort, in_flight) = (CancellationToken::new(), Arc::default());
        Slot { _permit: permit, open, share, closing, abort, in_flight }
    }

    /// Frees some slots.
    pub(crate) fn close_many(&self) {
        self.close((self.max / RESERVED_FRACTION).max(1));
    }

    fn close(&self, count: usize) {
        let mut open = self.open();
        for closing in std::iter::from_fn(|| open.take_from_largest()).take(count) {
            closing.cancel();
        }
    }

    /// Asks all connections to close, and returns when they have.
    pub(crate) async fn close_all(&self) {
        self.close(usize::MAX);
        let _ = self.slots.acquire_many(self.max as u32).await;
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.max - self.slots.available_permits()
    }

    fn open(&self) -> MutexGuard<'_, Shares<CancellationToken>> {
        lock(&self.open)
    }
}

impl Slot {
    /// The extension to attach to each request on this connection.
    pub(crate) fn connection(&self) -> Connection {
        Connection {
            closing: self.closing.clone(),
            abort: self.abort.clone(),
            in_flight: Arc::downgrade(&self.in_flight),
        }
    }

    /// Serves a connection until it closes.
    pub(crate) async fn run<C>(self, connection: C)
    where
        C: GracefulConnection<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let mut connection = pin!(connection);
        let result = tokio::select! {
            result = connection.as_mut() => Ok(result),
            () = self.abort.cancelled() => return,
            () = self.closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let busy = Arc::strong_count(&self.in_flight) > 1;
                let closed = timeout(if busy { BUSY_CLOSE_TIMEOUT } else { IDLE_CLOSE_TIMEOUT }, connection);
                tokio::select! {
                    result = closed => result,
                    () = self.abort.cancelled() => return,
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
            () = self.closing.cancelled() => None,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        lock(&self.open).remove(self.share);
    }
}

fn lock(open: &Mutex<Shares<CancellationToken>>) -> MutexGuard<'_, Shares<CancellationToken>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
