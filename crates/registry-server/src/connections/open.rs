//! The open connections, and which of them are to close when slots are needed.

use std::cmp::Reverse;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use registry_core::Shares;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::NEEDED_CLOSE_TIMEOUT;

/// How long a connection that has no request in flight is not yet idle: its first may be on its way.
const FRESH: Duration = Duration::from_millis(500);

/// The open connections.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) by_client: Shares<Arc<Closing>>,
    /// How many of them are to close.
    pub(super) closing: usize,
}

/// Whether and how a connection is to end.
#[derive(Debug)]
pub(super) struct Closing {
    /// When its first request could come.
    pub(super) ready: OnceLock<Instant>,
    /// Whether a request has come.
    pub(super) used: AtomicBool,
    /// It is to close, but not in the middle of a request.
    pub(super) closing: CancellationToken,
    /// Since when.
    asked: OnceLock<Instant>,
    /// It is to close at once.
    pub(super) abort: CancellationToken,
    /// Cloned by every request in flight.
    pub(super) in_flight: Arc<()>,
    /// Cloned by those of them that wait for news.
    pub(super) waiting: Arc<()>,
}

/// What is lost if a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    Nothing,
    /// Time: those that wait for news on it are answered, and ask again.
    Wait,
    /// Its first request may be on its way.
    Start,
    /// A request is in flight.
    Request,
}

impl Closing {
    pub(super) fn new() -> Self {
        Self {
            ready: OnceLock::new(),
            used: AtomicBool::new(false),
            closing: CancellationToken::new(),
            asked: OnceLock::new(),
            abort: CancellationToken::new(),
            in_flight: Arc::default(),
            waiting: Arc::default(),
        }
    }

    /// Asks it to close. To be called only with all connections locked, as they count those that were asked.
    fn ask(&self) {
        self.asked.get_or_init(Instant::now);
        self.closing.cancel();
    }

    pub(super) fn is_asked(&self) -> bool {
        self.asked.get().is_some()
    }

    /// Closes it at once if its slot is needed and it has had time to close.
    fn abort_if_late(&self) {
        if self.asked.get().is_some_and(|asked| asked.elapsed() > NEEDED_CLOSE_TIMEOUT) {
            self.abort.cancel();
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        Arc::strong_count(&self.in_flight) > 1
    }

    /// What is lost if it is closed now.
    fn loss(&self) -> Loss {
        match self.ready.get() {
            _ if Arc::strong_count(&self.in_flight) > Arc::strong_count(&self.waiting) => Loss::Request,
            _ if self.is_busy() => Loss::Wait,
            Some(ready) if ready.elapsed() > FRESH => Loss::Nothing,
            _ => Loss::Start,
        }
    }
}

impl Open {
    /// Asks this many connections to close.
    pub(super) fn ask(&mut self, count: usize) {
        let mut others = Vec::new();
        for (client, _) in self.by_client.holders() {
            let of_client = self.by_client.items_of(client).map(|(_, connection)| connection);
            // What they do can change at any moment: it is asked once.
            let rest = of_client.filter(|connection| !connection.is_asked());
            let mut rest: Vec<_> = rest.map(|connection| (connection.loss(), connection)).collect();
            rest.sort_by_key(|(loss, _)| *loss);
            // How many its client holds when it is the turn of each.
            others.extend((1..=rest.len()).rev().zip(rest));
        }
        // The holders are in order already, so that among equals the oldest come first.
        others.sort_by_key(|(held, (loss, _))| (Reverse(*held), *loss));
        for (_, (_, connection)) in others.into_iter().take(count) {
            connection.ask();
            self.closing += 1;
        }
    }

    /// Aborts the connections that have had time to close.
    pub(super) fn abort_late(&self) {
        self.by_client.items().for_each(|connection| connection.abort_if_late());
    }
}
