use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::executor::{LocalPool, LocalSpawner};
use futures::future::LocalBoxFuture;
use futures::task::LocalSpawnExt;

use crate::interfaces::clock::{Clock, Now, Spawner};

/// Start of virtual time, in milliseconds since the Unix epoch.
const EPOCH_MS: f64 = 1_700_000_000_000.0;

/// Virtual time and its tasks: time passes only when no task can make progress.
pub struct World {
    pool: LocalPool,
    time: VirtualTime,
}

/// The [`Clock`] and [`Spawner`] of a [`World`].
#[derive(Clone)]
struct VirtualTime {
    sleepers: Rc<Sleepers>,
    tasks: Rc<Cell<usize>>,
    /// How often a task was run.
    runs: Rc<Cell<u64>>,
    spawner: LocalSpawner,
}

/// What is waiting for which point in time.
#[derive(Default)]
struct Sleepers {
    now: Cell<Duration>,
    next_id: Cell<u64>,
    wakers: RefCell<BTreeMap<(Duration, u64), Option<Waker>>>,
}

impl Default for World {
    fn default() -> Self {
        let pool = LocalPool::new();
        let time =
            VirtualTime { sleepers: Rc::default(), tasks: Rc::default(), runs: Rc::default(), spawner: pool.spawner() };
        Self { pool, time }
    }
}

impl World {
    /// The world's clock.
    pub fn clock(&self) -> Rc<dyn Clock> {
        Rc::new(self.time.clone())
    }

    /// Creates a device, whose wall clock is correct until it is changed.
    pub fn device(&self) -> Rc<Device> {
        Rc::new(Device {
            world: self.time.clone(),
            ahead_ms: Cell::default(),
            slept: Cell::default(),
            asleep: Cell::default(),
        })
    }

    /// The world's spawner.
    pub fn spawner(&self) -> Rc<dyn Spawner> {
        Rc::new(self.time.clone())
    }

    /// Time since the start of the world.
    pub fn elapsed(&self) -> Duration {
        self.time.sleepers.now.get()
    }

    /// Runs all tasks as far as possible without time passing.
    pub fn settle(&mut self) {
        self.pool.run_until_stalled();
    }

    /// Lets time pass by `duration`, from deadline to deadline.
    pub fn run_for(&mut self, duration: Duration) {
        let end = self.elapsed() + duration;
        while self.step(end) {}
        self.time.sleepers.jump_to(end);
        self.settle();
    }

    /// Lets time pass to the next deadline, if there is one up to `end`; returns whether there was.
    pub fn step(&mut self, end: Duration) -> bool {
        self.settle();
        let Some(at) = self.time.sleepers.next_deadline().filter(|at| *at <= end) else { return false };
        self.time.sleepers.jump_to(at);
        self.settle();
        true
    }

    /// Lets time pass until `done` holds, at most by `limit`; returns whether it did.
    pub fn run_until(&mut self, limit: Duration, mut done: impl FnMut() -> bool) -> bool {
        let end = self.elapsed() + limit;
        self.settle();
        while !done() {
            if !self.step(end) {
                return false;
            }
        }
        true
    }

    /// Lets time pass until `future` is ready, at most by `limit`.
    pub fn block_on<T: 'static>(&mut self, limit: Duration, future: impl Future<Output = T> + 'static) -> Option<T> {
        let result = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&result);
        self.time.spawn(Box::pin(async move { drop(slot.replace(Some(future.await))) }));
        self.run_until(limit, || result.borrow().is_some());
        result.take()
    }

    /// Whether something waits for a later time.
    pub fn is_waiting(&self) -> bool {
        self.time.sleepers.next_deadline().is_some()
    }

    /// How often a task was run so far.
    pub fn runs(&self) -> u64 {
        self.time.runs.get()
    }

    /// Number of pending timers and of live tasks.
    pub fn leftovers(&self) -> (usize, usize) {
        (self.time.sleepers.wakers.borrow().len(), self.time.tasks.get())
    }
}

impl Sleepers {
    fn next_deadline(&self) -> Option<Duration> {
        self.wakers.borrow().keys().next().map(|(at, _)| *at)
    }

    fn jump_to(&self, at: Duration) {
        self.now.set(self.now.get().max(at));
        let due: Vec<_> = self.wakers.borrow().range(..=(at, u64::MAX)).map(|(key, _)| *key).collect();
        for key in due {
            let waker = self.wakers.borrow_mut().remove(&key).flatten();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

struct Sleep {
    sleepers: Rc<Sleepers>,
    key: (Duration, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.sleepers.wakers.borrow_mut().get_mut(&self.key) {
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.sleepers.wakers.borrow_mut().remove(&self.key);
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> Now {
        let monotonic = self.sleepers.now.get();
        Now { monotonic, epoch_ms: EPOCH_MS + monotonic.as_secs_f64() * 1000.0 }
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        let id = self.sleepers.next_id.replace(self.sleepers.next_id.get() + 1);
        let key = (self.sleepers.now.get() + duration, id);
        self.sleepers.wakers.borrow_mut().insert(key, None);
        Box::pin(Sleep { sleepers: Rc::clone(&self.sleepers), key })
    }
}

/// A device in a [`World`]: its wall clock may be wrong, and it may be suspended.
pub struct Device {
    world: VirtualTime,
    /// How far its wall clock is ahead of the world's, in milliseconds.
    pub ahead_ms: Cell<f64>,
    /// How long it was suspended, by which its monotonic clock is behind the world's.
    slept: Cell<Duration>,
    asleep: Cell<Option<Duration>>,
}

impl Device {
    /// Suspends the device: its monotonic clock stops.
    pub fn fall_asleep(&self) {
        self.asleep.set(Some(self.world.sleepers.now.get()));
    }

    /// Resumes the device.
    pub fn wake_up(&self) {
        if let Some(since) = self.asleep.take() {
            self.slept.set(self.slept.get() + self.world.sleepers.now.get().saturating_sub(since));
        }
    }
}

impl Clock for Device {
    fn now(&self) -> Now {
        let Now { monotonic, epoch_ms } = self.world.now();
        let monotonic = self.asleep.get().unwrap_or(monotonic).saturating_sub(self.slept.get());
        Now { monotonic, epoch_ms: epoch_ms + self.ahead_ms.get() }
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        self.world.sleep(duration)
    }
}

impl Spawner for VirtualTime {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        let (tasks, runs) = (Rc::clone(&self.tasks), Rc::clone(&self.runs));
        tasks.set(tasks.get() + 1);
        let mut task = task;
        let counted = poll_fn(move |context| {
            runs.set(runs.get() + 1);
            let polled = task.as_mut().poll(context);
            if polled.is_ready() {
                tasks.set(tasks.get() - 1);
            }
            polled
        });
        self.spawner.spawn_local(counted).expect("the world outlives its tasks");
    }
}
