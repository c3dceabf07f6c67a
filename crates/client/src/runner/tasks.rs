use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

use crate::interfaces::clock::Spawner;

/// Tasks that end together: dropping the scope, or [`clear`](Self::clear), drops them all.
pub(super) struct Scope {
    spawner: Rc<dyn Spawner>,
    tasks: RefCell<Vec<Weak<Task>>>,
}

/// A task until it is ready or ended.
struct Task {
    /// Away while it runs.
    future: RefCell<Option<LocalBoxFuture<'static, ()>>>,
    ended: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Task {
    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut future) = self.future.take().filter(|_| !self.ended.get()) else { return Poll::Ready(()) };
        let done = future.as_mut().poll(context).is_ready();
        // It may have ended itself.
        if done || self.ended.get() {
            return Poll::Ready(());
        }
        self.future.replace(Some(future));
        self.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }

    /// Drops it at once, so that a request is aborted before whatever comes next is sent, and lets whoever runs it know that it
    /// is over.
    fn end(&self) {
        self.ended.set(true);
        drop(self.future.take());
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Scope {
    pub(super) fn new(spawner: Rc<dyn Spawner>) -> Self {
        Self { spawner, tasks: RefCell::default() }
    }

    /// Runs `task` until it is ready or the scope is cleared.
    pub(super) fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        let task =
            Rc::new(Task { future: RefCell::new(Some(task)), ended: Cell::new(false), waker: RefCell::default() });
        let mut tasks = self.tasks.borrow_mut();
        tasks.retain(|task| task.strong_count() > 0);
        tasks.push(Rc::downgrade(&task));
        drop(tasks);
        self.spawner.spawn(Box::pin(poll_fn(move |context| task.poll(context))));
    }

    /// Ends all tasks; new ones may follow.
    pub(super) fn clear(&self) {
        for task in self.tasks.take().iter().filter_map(Weak::upgrade) {
            task.end();
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::channel::oneshot;
    use futures::executor::{LocalPool, LocalSpawner};
    use futures::task::LocalSpawnExt;

    use super::*;

    struct Pool(LocalSpawner);

    impl Spawner for Pool {
        fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
            self.0.spawn_local(task).unwrap();
        }
    }

    fn scope() -> (LocalPool, Rc<Scope>) {
        let pool = LocalPool::new();
        let spawner = Rc::new(Pool(pool.spawner()));
        (pool, Rc::new(Scope::new(spawner)))
    }

    /// A task that holds something until it is dropped, awaits, and then counts.
    fn task(done: &Rc<Cell<u32>>) -> (oneshot::Sender<()>, Weak<()>, LocalBoxFuture<'static, ()>) {
        let (sender, receiver) = oneshot::channel();
        let (held, done) = (Rc::new(()), Rc::clone(done));
        let weak = Rc::downgrade(&held);
        let wait = async move {
            let _held = held;
            if receiver.await.is_ok() {
                done.set(done.get() + 1);
            }
        };
        (sender, weak, wait.boxed_local())
    }

    #[test]
    fn what_is_cleared_ends_and_is_dropped_wherever_it_is() {
        let (mut pool, scope) = scope();
        let done = Rc::default();
        let (early, early_held, waiting) = task(&done);
        scope.spawn(waiting);
        pool.run_until_stalled();
        let (late, late_held, never_polled) = task(&done);
        scope.spawn(never_polled);
        scope.clear();
        assert_eq!((early_held.strong_count(), late_held.strong_count()), (0, 0), "at once");
        let _ = (early.send(()), late.send(()));
        // Not only stalled: the executor has nothing left.
        pool.run();
        assert_eq!((done.get(), early_held.strong_count(), late_held.strong_count()), (0, 0, 0));

        let (next, held, waiting) = task(&done);
        scope.spawn(waiting);
        pool.run_until_stalled();
        next.send(()).unwrap();
        pool.run();
        assert_eq!((done.get(), held.strong_count()), (1, 0));
    }

    #[test]
    fn a_task_may_clear_or_drop_its_own_scope() {
        let (mut pool, scope) = scope();
        let done: Rc<Cell<u32>> = Rc::default();
        let (inside, after) = (Rc::clone(&scope), Rc::clone(&done));
        scope.spawn(Box::pin(async move {
            inside.clear();
            after.set(1);
            drop(inside);
            std::future::pending::<()>().await;
        }));
        let (other, held, waiting) = task(&done);
        scope.spawn(waiting);
        drop(scope);
        pool.run();
        assert_eq!((done.get(), held.strong_count()), (1, 0));
        assert!(other.is_canceled());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let (mut pool, scope) = scope();
        for _ in 0..100 {
            scope.spawn(Box::pin(std::future::ready(())));
            pool.run_until_stalled();
        }
        assert_eq!(scope.tasks.borrow().len(), 1);
    }
}
