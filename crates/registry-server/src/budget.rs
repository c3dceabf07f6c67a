use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use registry_core::{Client, Share, Shares};
use tokio_util::sync::CancellationToken;

/// So much of something that requests use for a while: memory for bodies on their way in and out, open files of the page.
/// When more is taken, whoever holds most gives way, the oldest first: what stalls makes place for what moves.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    limit: u64,
    taken: Arc<Mutex<Shares<CancellationToken>>>,
}

/// A part of a [`Budget`], given back on drop.
#[derive(Debug)]
pub(crate) struct Taken {
    taken: Arc<Mutex<Shares<CancellationToken>>>,
    share: Share,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, taken: Arc::default() }
    }

    /// Takes this much for a client. `give_way` is cancelled if it is needed elsewhere, perhaps at once.
    pub(crate) fn take(&self, client: Client, amount: u64, give_way: CancellationToken) -> Taken {
        let mut taken = lock(&self.taken);
        let share = taken.add(client, amount, give_way);
        while taken.total() > self.limit
            && let Some(oldest) = taken.take_from_largest()
        {
            oldest.cancel();
        }
        Taken { taken: Arc::clone(&self.taken), share }
    }

    /// How much is taken.
    pub(crate) fn total(&self) -> u64 {
        lock(&self.taken).total()
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        lock(&self.taken).remove(self.share);
    }
}

fn lock(taken: &Mutex<Shares<CancellationToken>>) -> MutexGuard<'_, Shares<CancellationToken>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_stalls_gives_way_and_those_of_others_do_not() {
        let budget = Budget::new(100);
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
