use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1::Connection;
use hyper::service::HttpService;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

/// Time limit for closing a connection that has no request in flight.
const IDLE_CLOSE_TIMEOUT: Duration = Duration::from_millis(100);
/// Time limit for closing a connection with a request in flight: longer than the longest long poll.
const BUSY_CLOSE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a new connection waits for a slot before another existing one is closed.
const SLOT_TIMEOUT: Duration = Duration::from_millis(100);
/// One in this many slots is kept free where possible, so that new connections get one at once.
const RESERVED_FRACTION: usize = 8;

/// Limits the number of connections. When few slots are left, each new connection causes the oldest one to be closed:
/// at once if it is idle or still sending a request, otherwise after that request. A client that holds many
/// connections, or holds them for long, therefore cannot lock others out.
pub(crate) struct Connections {
    max: usize,
    slots: Arc<Semaphore>,
    /// Open connections, oldest first. Dropping an entry asks its connection to close.
    queue: VecDeque<oneshot::Sender<()>>,
}

/// A connection's slot, released on drop.
pub(crate) struct Slot {
    _permit: Option<OwnedSemaphorePermit>,
    close_requested: oneshot::Receiver<()>,
    /// Cloned by every request in flight.
    in_flight: Arc<()>,
}

/// Marks a connection as busy while a request is in flight.
#[derive(Clone, Debug)]
pub(crate) struct InFlight(Weak<()>);

impl InFlight {
    /// While the returned guard lives, closing the connection waits for the response.
    pub(crate) fn begin(&self) -> Option<Arc<()>> {
        self.0.upgrade()
    }
}

impl Connections {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.clamp(1, u32::MAX as usize >> 3);
        Self { max, slots: Arc::new(Semaphore::new(max)), queue: VecDeque::new() }
    }

    /// Waits for a free slot.
    pub(crate) async fn acquire(&mut self) -> Slot {
        if self.slots.available_permits() <= self.max / RESERVED_FRACTION {
            self.close_oldest();
        }
        let permit = loop {
            match timeout(SLOT_TIMEOUT, self.slots.clone().acquire_owned()).await {
                Ok(permit) => break permit.ok(),
                Err(_) => self.close_oldest(),
            }
        };
        if self.queue.len() >= 2 * self.max {
            self.queue.retain(|connection| !connection.is_closed());
        }
        let (sender, close_requested) = oneshot::channel();
        self.queue.push_back(sender);
        Slot { _permit: permit, close_requested, in_flight: Arc::default() }
    }

    /// Asks the oldest connection to close.
    pub(crate) fn close_oldest(&mut self) {
        while self.queue.pop_front().is_some_and(|connection| connection.is_closed()) {}
    }

    /// Asks all connections to close, and returns when they have.
    pub(crate) async fn close_all(self) {
        drop(self.queue);
        let _ = self.slots.acquire_many(self.max as u32).await;
    }
}

impl Slot {
    /// The extension to attach to each request on this connection.
    pub(crate) fn in_flight(&self) -> InFlight {
        InFlight(Arc::downgrade(&self.in_flight))
    }

    /// Serves a connection until it closes.
    pub(crate) async fn run<S>(mut self, connection: Connection<TokioIo<TcpStream>, S>)
    where
        S: HttpService<Incoming, ResBody = Body>,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut connection = pin!(connection);
        let result = tokio::select! {
            result = connection.as_mut() => Some(result),
            _ = &mut self.close_requested => None,
        };
        let result = match result {
            Some(result) => Ok(result),
            None => {
                connection.as_mut().graceful_shutdown();
                let busy = Arc::strong_count(&self.in_flight) > 1;
                timeout(if busy { BUSY_CLOSE_TIMEOUT } else { IDLE_CLOSE_TIMEOUT }, connection).await
            }
        };
        // A broken connection is not an error of the server.
        match result {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(event = "connection", %error),
            Err(_) => tracing::debug!(event = "connection", "did not close in time"),
        }
    }
}
