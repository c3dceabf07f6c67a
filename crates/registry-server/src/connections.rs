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

/// How long a connection that was asked to end may take if nobody is at work on a request of it.
const QUIET: Duration = Duration::from_millis(100);
/// How long it may take if somebody is: more than the longest wait for news.
const GRACE: Duration = Duration::from_secs(30);
/// How long a newcomer waits for a place before one more connection is asked to end.
const PATIENCE: Duration = Duration::from_millis(100);
/// Which part of the places is kept free, if it can be, for newcomers to find one at once.
const FREE: usize = 8;

/// The connections there are: at most so many. When few places are left, each newcomer has the oldest connection asked to
/// end: at once if it is idle or in the middle of sending a request, else after that request. So whoever holds many, or
/// holds them for long, keeps nobody out.
pub(crate) struct Connections {
    max: usize,
    places: Arc<Semaphore>,
    /// The oldest first. A connection that is dropped from here is asked to end.
    queue: VecDeque<oneshot::Sender<()>>,
}

/// A connection's place, free again when it is dropped.
pub(crate) struct Place {
    _permit: Option<OwnedSemaphorePermit>,
    asked: oneshot::Receiver<()>,
    /// Held by whoever is at work on a request, too.
    work: Arc<()>,
}

/// By which a request's connection is known to be needed.
#[derive(Clone, Debug)]
pub(crate) struct Work(Weak<()>);

impl Work {
    /// While the result lives, the connection is given time to answer.
    pub(crate) fn begin(&self) -> Option<Arc<()>> {
        self.0.upgrade()
    }
}

impl Connections {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.clamp(1, u32::MAX as usize >> 3);
        Self { max, places: Arc::new(Semaphore::new(max)), queue: VecDeque::new() }
    }

    /// A place, as soon as there is one.
    pub(crate) async fn place(&mut self) -> Place {
        if self.places.available_permits() <= self.max / FREE {
            self.make_room();
        }
        let permit = loop {
            match timeout(PATIENCE, self.places.clone().acquire_owned()).await {
                Ok(permit) => break permit.ok(),
                Err(_) => self.make_room(),
            }
        };
        if self.queue.len() >= 2 * self.max {
            self.queue.retain(|connection| !connection.is_closed());
        }
        let (sender, asked) = oneshot::channel();
        self.queue.push_back(sender);
        Place { _permit: permit, asked, work: Arc::default() }
    }

    /// Asks the oldest connection to end.
    pub(crate) fn make_room(&mut self) {
        while self.queue.pop_front().is_some_and(|connection| connection.is_closed()) {}
    }

    /// Asks all connections to end, and returns when they have.
    pub(crate) async fn end(self) {
        drop(self.queue);
        let _ = self.places.acquire_many(self.max as u32).await;
    }
}

impl Place {
    /// What requests of the connection carry.
    pub(crate) fn work(&self) -> Work {
        Work(Arc::downgrade(&self.work))
    }

    /// Serves a connection to its end.
    pub(crate) async fn run<S>(mut self, connection: Connection<TokioIo<TcpStream>, S>)
    where
        S: HttpService<Incoming, ResBody = Body>,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => Some(ended),
            _ = &mut self.asked => None,
        };
        let ended = match ended {
            Some(ended) => Ok(ended),
            None => {
                connection.as_mut().graceful_shutdown();
                let at_work = Arc::strong_count(&self.work) > 1;
                timeout(if at_work { GRACE } else { QUIET }, connection).await
            }
        };
        // A connection that breaks is the client's affair.
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(event = "connection", %error),
            Err(_) => tracing::debug!(event = "connection", "did not end when it was asked to"),
        }
    }
}
