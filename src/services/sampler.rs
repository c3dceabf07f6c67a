//! Takes samples of a client's statistics.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_utils::document;
use registry_analysis::{Sample, statistics};
use registry_client::json::Json;
use registry_client::types::pair::CheckedPair;
use registry_client::{ConnectionState, Event, Subscription};
use wasm_bindgen_futures::spawn_local;

use super::Connection;
use crate::sampling::{Choice, Sampling, Step};

/// Samples a client's statistics until it is dropped, and records in its trace how its pairs of candidates change. See
/// [`Sampling`] for when.
///
/// A sample is taken from a timer, and so never in a task in which the client does something; one at a time, and none while
/// the page is hidden. The exception is the one when it has failed, which has to be asked for before the client closes the
/// peer connection.
pub struct Sampler {
    _subscription: Subscription,
    _visible: EventListener,
    _inner: Rc<Inner>,
}

struct Inner {
    connection: Weak<Connection>,
    onsample: Box<dyn Fn(Sample)>,
    sampling: RefCell<Sampling>,
    /// The next sample and the interval that it was set for, in milliseconds.
    timer: RefCell<Option<(u32, Timeout)>>,
    /// How many are asked for and not there yet.
    pending: Cell<usize>,
    pairs: RefCell<Vec<CheckedPair>>,
    choice: RefCell<Choice>,
}

impl Sampler {
    /// Calls `onsample` with each sample that is worth keeping.
    pub fn start(connection: &Rc<Connection>, onsample: impl Fn(Sample) + 'static) -> Self {
        let inner = Rc::new(Inner {
            connection: Rc::downgrade(connection),
            onsample: Box::new(onsample),
            sampling: RefCell::default(),
            timer: RefCell::default(),
            pending: Cell::default(),
            pairs: RefCell::default(),
            choice: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        let subscription = connection.client().trace().subscribe(move |entry| {
            if let Some(inner) = weak.upgrade() {
                inner.follow(&entry.event);
            }
        });
        let weak = Rc::downgrade(&inner);
        let visible = EventListener::new(&document(), "visibilitychange", move |_| {
            if let Some(inner) = weak.upgrade() {
                inner.arm();
            }
        });
        Self { _subscription: subscription, _visible: visible, _inner: inner }
    }
}

impl Inner {
    fn follow(self: &Rc<Self>, event: &Event) {
        let step = self.sampling.borrow_mut().after(event);
        match step {
            Step::Nothing => {}
            Step::Pace(_) => self.arm(),
            Step::Last => self.sample(),
            Step::Stop => {
                self.timer.take();
                self.pairs.take();
            }
        }
    }

    /// Sets the timer for the next sample. One that is due earlier stays.
    fn arm(self: &Rc<Self>) {
        let interval_ms = self.sampling.borrow().interval_ms();
        let Some(interval_ms) = interval_ms.filter(|_| self.pending.get() == 0 && !document().hidden()) else { return };
        if self.timer.borrow().as_ref().is_none_or(|(earlier, _)| interval_ms < *earlier) {
            let weak = Rc::downgrade(self);
            let timeout = Timeout::new(interval_ms, move || {
                let Some(inner) = weak.upgrade() else { return };
                inner.timer.take();
                if inner.sampling.borrow().interval_ms().is_some() && inner.pending.get() == 0 && !document().hidden() {
                    inner.sample();
                }
            });
            self.timer.replace(Some((interval_ms, timeout)));
        }
    }

    fn sample(self: &Rc<Self>) {
        let Some(connection) = self.connection.upgrade() else { return };
        let statistics = connection.client().statistics();
        self.pending.set(self.pending.get() + 1);
        let weak = Rc::downgrade(self);
        spawn_local(async move {
            let entries = statistics.await;
            if let Some(inner) = weak.upgrade() {
                inner.pending.set(inner.pending.get() - 1);
                match entries {
                    Some(entries) => inner.take(entries),
                    None => inner.sampling.borrow_mut().stop(),
                }
                inner.arm();
            }
        });
    }

    fn take(&self, entries: Json) {
        let Some(connection) = self.connection.upgrade() else { return };
        let sample = Sample::new(super::monotonic().as_secs_f64() * 1000.0, entries);
        let mut pairs = sample.report().checked_pairs();
        if pairs.is_empty() {
            pairs = statistics::given_up(&self.pairs.borrow());
        }
        // After a session is closed, nothing is recorded of it any more.
        let is_over = connection.client().connection_state() == ConnectionState::Idle;
        let changed = !is_over && statistics::have_changed(&self.pairs.borrow(), &pairs);
        if changed {
            self.pairs.replace(pairs.clone());
            connection.client().trace().record(Event::Pairs { pairs });
        }
        let kept = self.choice.borrow_mut().after(sample, changed);
        for sample in kept {
            connection.keep(sample.clone());
            (self.onsample)(sample);
        }
    }
}
