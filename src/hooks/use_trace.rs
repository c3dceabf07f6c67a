use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use registry_analysis::Sample;
use registry_client::{Subscription, TraceEvent};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use crate::pace::{Pace, When};
use crate::services::sampler::Sampler;
use crate::services::{self, Connection};
use crate::state::{Action, RoomView};

/// Feeds a client's trace into the page's state, in batches, so that drawing does not hold up a handshake. See [`Pace`].
#[hook]
pub fn use_trace(connection: &Rc<Connection>, page: &Dispatcher) {
    let deps = (ByAddress(Rc::clone(connection)), page.clone());
    use_effect_with(deps, |(ByAddress(connection), page)| {
        let follower = Follower::start(connection, page);
        move || drop(follower)
    });
}

/// Compared by its address.
pub(super) struct ByAddress<T>(pub Rc<T>);

impl<T> Clone for ByAddress<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Follower {
    _subscription: Subscription,
    _sampler: Sampler,
    _inbox: Rc<Inbox>,
}

/// Events and samples that are not dispatched yet.
struct Inbox {
    connection: Weak<Connection>,
    page: Dispatcher,
    events: RefCell<Vec<Rc<TraceEvent>>>,
    samples: RefCell<Vec<Sample>>,
    pace: RefCell<Pace>,
    /// Dispatches them at this time.
    timer: RefCell<Option<(f64, Timeout)>>,
}

impl Follower {
    fn start(connection: &Rc<Connection>, page: &Dispatcher) -> Self {
        let trace = connection.client().trace();
        let inbox = Rc::new(Inbox {
            connection: Rc::downgrade(connection),
            page: page.clone(),
            events: RefCell::new(trace.since(trace.restored())),
            samples: RefCell::default(),
            pace: RefCell::default(),
            timer: RefCell::default(),
        });
        if trace.restored() > 0 {
            page.dispatch(Action::Restored { events: trace.until(trace.restored()) });
        }
        page.dispatch(Action::Attached { epoch_ms: services::now_epoch_ms() });
        inbox.deliver();
        let weak = Rc::downgrade(&inbox);
        let subscription = trace.subscribe(move |entry| {
            if let Some(inbox) = weak.upgrade() {
                inbox.take(entry);
            }
        });
        let weak = Rc::downgrade(&inbox);
        let sampler = Sampler::start(connection, move |sample| {
            if let Some(inbox) = weak.upgrade() {
                inbox.take_sample(sample);
            }
        });
        Self { _subscription: subscription, _sampler: sampler, _inbox: inbox }
    }
}

fn deliver(inbox: &Weak<Inbox>) {
    if let Some(inbox) = inbox.upgrade() {
        inbox.deliver();
    }
}

impl Inbox {
    fn take(self: &Rc<Self>, entry: &Rc<TraceEvent>) {
        self.events.borrow_mut().push(Rc::clone(entry));
        let Some(connection) = self.connection.upgrade() else { return };
        let (state, now_ms) = (connection.client().connection_state(), services::now_epoch_ms());
        let when = self.pace.borrow().of(&entry.event, now_ms, state);
        self.schedule(when, now_ms);
    }

    fn take_sample(self: &Rc<Self>, sample: Sample) {
        self.samples.borrow_mut().push(sample);
        let Some(connection) = self.connection.upgrade() else { return };
        let (state, now_ms) = (connection.client().connection_state(), services::now_epoch_ms());
        let when = self.pace.borrow().of_sample(now_ms, state);
        self.schedule(when, now_ms);
    }

    fn schedule(self: &Rc<Self>, when: When, now_ms: f64) {
        let weak = Rc::downgrade(self);
        match when {
            // Not now: the client is in the middle of a change.
            When::Next => spawn_local(async move { deliver(&weak) }),
            When::Later(ms) => {
                let due = now_ms + f64::from(ms);
                if self.timer.borrow().as_ref().is_none_or(|(earlier, _)| due < *earlier) {
                    self.timer.replace(Some((due, Timeout::new(ms, move || deliver(&weak)))));
                }
            }
        }
    }

    fn deliver(self: &Rc<Self>) {
        drop(self.timer.take());
        let (events, samples) = (self.events.take(), self.samples.take());
        let anything = !events.is_empty() || !samples.is_empty();
        let Some(connection) = self.connection.upgrade().filter(|_| anything) else { return };
        let room = connection.client().room_info().as_ref().map(RoomView::from);
        let (life, buffer) = (connection.client().room_life(), connection.client().buffer());
        let began = services::monotonic();
        self.pace.borrow_mut().drawn(services::now_epoch_ms(), events.len());
        if !samples.is_empty() {
            self.page.dispatch(Action::Sampled(samples));
        }
        self.page.dispatch(Action::Events { events, room, life, buffer });
        let weak = Rc::downgrade(self);
        // Yew renders in the next microtask; this is the one after it.
        spawn_local(async move {
            if let Some(inbox) = weak.upgrade() {
                let took = services::monotonic().saturating_sub(began);
                inbox.pace.borrow_mut().took(took.as_secs_f64() * 1000.0);
            }
        });
    }
}
