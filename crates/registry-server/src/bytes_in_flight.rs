use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use registry_core::{Client, Share, Shares};
use tokio_util::sync::CancellationToken;

/// A budget for the memory of bodies on their way in and out. When it is exceeded, whoever holds most gives way, the oldest
/// first: a body that stalls makes place for those that move.
#[derive(Clone, Debug)]
pub(crate) struct BytesInFlight {
    budget: u64,
    held: Arc<Mutex<Shares<CancellationToken>>>,
}

/// The memory of one body, given back on drop.
#[derive(Debug)]
pub(crate) struct Bytes {
    held: Arc<Mutex<Shares<CancellationToken>>>,
    share: Share,
}

impl BytesInFlight {
    /// A budget in bytes.
    pub(crate) fn new(budget: u64) -> Self {
        Self { budget, held: Arc::default() }
    }

    /// Takes this many bytes for a body of a client. `give_way` is cancelled if they are needed elsewhere, perhaps at once.
    pub(crate) fn take(&self, client: Client, bytes: u64, give_way: CancellationToken) -> Bytes {
        let mut held = lock(&self.held);
        let share = held.add(client, bytes, give_way);
        while held.total() > self.budget
            && let Some(oldest) = held.take_from_largest()
        {
            oldest.cancel();
        }
        Bytes { held: Arc::clone(&self.held), share }
    }

    /// How many bytes are taken.
    pub(crate) fn total(&self) -> u64 {
        lock(&self.held).total()
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        lock(&self.held).remove(self.share);
    }
}

fn lock(held: &Mutex<Shares<CancellationToken>>) -> MutexGuard<'_, Shares<CancellationToken>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_stalls_gives_way_and_those_of_others_do_not() {
        let budget = BytesInFlight::new(100);
        let client = |n| Client::of([192, 0, 2, n].into());
        let (honest, stalled) = (CancellationToken::new(), CancellationToken::new());
        let kept = budget.take(client(1), 10, honest.clone());
        let _stalls = budget.take(client(2), 60, stalled.clone());
        let next = CancellationToken::new();
        let _next = budget.take(client(2), 60, next.clone());
        assert!(stalled.is_cancelled() && !next.is_cancelled() && !honest.is_cancelled());
        assert_eq!(budget.total(), 70);
        drop(kept);
        assert_eq!(budget.total(), 60);
    }
}
