//! The record of everything that happens.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use crate::event::{Event, TraceEvent};
use crate::interfaces::clock::Clock;

/// Number of events that a trace keeps; older ones are discarded.
pub const TRACE_CAPACITY: usize = 20_000;

type Listener = Rc<dyn Fn(&Rc<TraceEvent>)>;

/// Numbers events and timestamps them, keeps the latest [`TRACE_CAPACITY`] (with only the beginning of large messages), and
/// notifies listeners.
pub struct Trace {
    clock: Rc<dyn Clock>,
    events: RefCell<VecDeque<Rc<TraceEvent>>>,
    next_seq: Cell<u64>,
    restored: Cell<u64>,
    listeners: Rc<RefCell<Listeners>>,
}

#[derive(Default)]
struct Listeners {
    next_id: u64,
    list: Vec<(u64, Listener)>,
}

/// A subscription to the trace, which ends when it is dropped.
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    listeners: Weak<RefCell<Listeners>>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(listeners) = self.listeners.upgrade() {
            listeners.borrow_mut().list.retain(|(id, _)| *id != self.id);
        }
    }
}

impl Trace {
    /// Creates an empty trace that takes timestamps from `clock`.
    pub fn new(clock: Rc<dyn Clock>) -> Self {
        Self {
            clock,
            events: RefCell::default(),
            next_seq: Cell::new(1),
            restored: Cell::new(0),
            listeners: Rc::default(),
        }
    }

    /// Adds an event and calls the listeners, in the order in which they subscribed. They may call the client, and must not
    /// panic.
    pub fn record(&self, event: Event) {
        let now = self.clock.now();
        let seq = self.next_seq.replace(self.next_seq.get() + 1);
        let at_ms = now.monotonic.as_secs_f64() * 1000.0;
        let entry = Rc::new(TraceEvent { seq, at_ms, epoch_ms: now.epoch_ms, event });
        {
            let mut events = self.events.borrow_mut();
            if events.len() == TRACE_CAPACITY {
                events.pop_front();
            }
            events.push_back(entry.abridged());
        }
        let listeners: Vec<Listener> =
            self.listeners.borrow().list.iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in listeners {
            listener(&entry);
        }
    }

    /// Calls `listener` with every event from now on, until the subscription is dropped.
    pub fn subscribe(&self, listener: impl Fn(&Rc<TraceEvent>) + 'static) -> Subscription {
        let mut listeners = self.listeners.borrow_mut();
        let id = listeners.next_id;
        listeners.next_id += 1;
        listeners.list.push((id, Rc::new(listener)));
        Subscription { listeners: Rc::downgrade(&self.listeners), id }
    }

    /// Puts the events of an earlier trace before those to come, as before a reload of the page. Their times are moved to this
    /// clock, and numbering continues after them. Does nothing once something was recorded.
    pub fn restore(&self, earlier: Vec<TraceEvent>) {
        let Some(last) = earlier.last().map(|entry| entry.seq).filter(|_| self.next_seq.get() == 1) else { return };
        let now = self.clock.now();
        let origin = now.epoch_ms - now.monotonic.as_secs_f64() * 1000.0;
        let moved = earlier.into_iter().map(|entry| Rc::new(TraceEvent { at_ms: entry.epoch_ms - origin, ..entry }));
        self.events.borrow_mut().extend(moved);
        self.next_seq.set(last + 1);
        self.restored.set(last);
    }

    /// The number of the last event that was restored; 0 if none was.
    pub fn restored(&self) -> u64 {
        self.restored.get()
    }

    /// The kept events, oldest first.
    pub fn events(&self) -> Vec<Rc<TraceEvent>> {
        self.events.borrow().iter().cloned().collect()
    }

    /// The kept events with numbers above `seq`, oldest first.
    pub fn since(&self, seq: u64) -> Vec<Rc<TraceEvent>> {
        let events = self.events.borrow();
        let start = events.partition_point(|entry| entry.seq <= seq);
        events.range(start..).cloned().collect()
    }

    /// The kept events with numbers up to `seq`, oldest first.
    pub fn until(&self, seq: u64) -> Vec<Rc<TraceEvent>> {
        let events = self.events.borrow();
        let end = events.partition_point(|entry| entry.seq <= seq);
        events.range(..end).cloned().collect()
    }

    /// Discards the kept events. Numbering continues.
    pub fn clear(&self) {
        self.events.borrow_mut().clear();
    }
}
