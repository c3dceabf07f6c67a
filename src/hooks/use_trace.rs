use std::cell::RefCell;
use std::rc::{Rc, Weak};

use registry_client::{Event, Subscription, TraceEvent};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use crate::services::frame::NextFrame;
use crate::services::{self, Connection};
use crate::state::{Action, RoomView};

/// Feeds a client's trace into the page's state: batched once a frame, except for the rare events that change what the
/// user can do, which are dispatched at once.
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
    _inbox: Rc<Inbox>,
}

/// Events that are not dispatched yet.
struct Inbox {
    connection: Weak<Connection>,
    page: Dispatcher,
    events: RefCell<Vec<Rc<TraceEvent>>>,
    frame: RefCell<Option<NextFrame>>,
}

impl Follower {
    fn start(connection: &Rc<Connection>, page: &Dispatcher) -> Self {
        let trace = connection.client().trace();
        let inbox = Rc::new(Inbox {
            connection: Rc::downgrade(connection),
            page: page.clone(),
            events: RefCell::new(trace.events()),
            frame: RefCell::default(),
        });
        page.dispatch(Action::Attached { epoch_ms: services::now_epoch_ms() });
        inbox.deliver();
        let weak = Rc::downgrade(&inbox);
        let subscription = trace.subscribe(move |entry| {
            if let Some(inbox) = weak.upgrade() {
                inbox.take(entry);
            }
        });
        Self { _subscription: subscription, _inbox: inbox }
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
        let weak = Rc::downgrade(self);
        if matches!(entry.event, Event::State { .. } | Event::Room { .. } | Event::Failure(_)) {
            // Not from within the client, which may be in the middle of a change.
            spawn_local(async move { deliver(&weak) });
        } else if self.frame.borrow().is_none() {
            self.frame.replace(Some(NextFrame::call(move || {
                if let Some(inbox) = weak.upgrade() {
                    drop(inbox.frame.take());
                }
                deliver(&weak);
            })));
        }
    }

    fn deliver(&self) {
        let events = self.events.take();
        let Some(connection) = self.connection.upgrade().filter(|_| !events.is_empty()) else { return };
        let room = connection.client().room_info().as_ref().map(RoomView::from);
        let (life, buffer) = (connection.client().room_life(), connection.client().buffer());
        self.page.dispatch(Action::Events { events, room, life, buffer });
    }
}
