use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Function};
use registry_client::browser::{Lifecycle, LocalSpawner};
use registry_client::event::TraceEvent;
use registry_client::interfaces::clock::Spawner;
use registry_client::{ConnectionState, Subscription, WebRtcRegistryClient};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::error;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    pub(crate) fn console_error(message: &str, thrown: &JsValue);
}

thread_local! {
    /// Active clients, which keep working even if JavaScript holds only their callbacks.
    static AT_WORK: RefCell<Vec<Rc<Inner>>> = const { RefCell::new(Vec::new()) };
}

/// What a listener is called with.
pub(crate) enum Arguments {
    /// One argument. A message comes this way: it needs no array of arguments.
    One(JsValue),
    Many(Array),
}

/// Returns the arguments for a listener, if it is to be called for an event.
pub(crate) type Pick = Box<dyn Fn(&Inner, &TraceEvent) -> Option<Arguments>>;

/// The content of a `WebRTCRegistryClient`.
pub(crate) struct Inner {
    client: WebRtcRegistryClient,
    listeners: RefCell<Vec<(u32, Subscription)>>,
    next_listener: Cell<u32>,
    /// Only for a client created by JavaScript: its listeners to the page, and to its own state.
    own: RefCell<Option<(Lifecycle, Subscription)>>,
}

impl Inner {
    /// Wraps a client that somebody else owns.
    pub(crate) fn shared(client: WebRtcRegistryClient) -> Rc<Self> {
        let (listeners, next_listener, own) = (RefCell::default(), Cell::new(0), RefCell::default());
        Rc::new(Self { client, listeners, next_listener, own })
    }

    /// Wraps a client that is owned by JavaScript alone.
    pub(crate) fn owned(client: WebRtcRegistryClient) -> Rc<Self> {
        let this = Self::shared(client);
        let weak = Rc::downgrade(&this);
        let watch = this.client.on_state_change(move |state| hold_while_at_work(&weak, state));
        this.own.replace(Some((Lifecycle::new(&this.client), watch)));
        this
    }

    pub(crate) fn client(&self) -> &WebRtcRegistryClient {
        &self.client
    }

    /// Whether JavaScript has created the client.
    pub(crate) fn is_owned(&self) -> bool {
        self.own.borrow().is_some()
    }

    /// Calls `callback` with the result of `pick` for every event, until the returned function is called. That function is
    /// freed when JavaScript garbage-collects it.
    pub(crate) fn listen(self: &Rc<Self>, callback: &JsValue, pick: Pick) -> Result<JsValue, JsValue> {
        let callback: Function = callback
            .clone()
            .dyn_into()
            .map_err(|_| error::misuse("bad_argument", "a listener must be a function: pass one as the callback"))?;
        let id = self.next_listener.replace(self.next_listener.get() + 1);
        let weak = Rc::downgrade(self);
        let subscription = self.client.trace().subscribe(move |entry| {
            let Some(this) = weak.upgrade().filter(|this| this.has_listener(id)) else { return };
            if let Some(arguments) = pick(&this, entry) {
                tell(&callback, &arguments);
            }
        });
        self.listeners.borrow_mut().push((id, subscription));
        Ok(stopper(Rc::downgrade(self), id))
    }

    fn has_listener(&self, id: u32) -> bool {
        self.listeners.borrow().iter().any(|(listener, _)| *listener == id)
    }

    fn stop(&self, id: u32) {
        let (stopped, others): (Vec<_>, _) = self.listeners.take().into_iter().partition(|(of, _)| *of == id);
        self.listeners.replace(others);
        drop(stopped);
    }

    /// Removes all listeners.
    pub(crate) fn stop_all(&self) {
        drop(self.listeners.take());
    }
}

/// A function that removes a listener.
fn stopper(inner: Weak<Inner>, id: u32) -> JsValue {
    let stop = move || {
        if let Some(inner) = inner.upgrade() {
            inner.stop(id);
        }
    };
    wasm_bindgen::closure::Closure::<dyn Fn()>::new(stop).into_js_value()
}

/// Calls a listener; an exception that it throws is reported on the console.
fn tell(listener: &Function, arguments: &Arguments) {
    let called = match arguments {
        Arguments::One(argument) => listener.call1(&JsValue::UNDEFINED, argument),
        Arguments::Many(arguments) => listener.apply(&JsValue::UNDEFINED, arguments),
    };
    if let Err(thrown) = called {
        console_error("a listener of WebRTCRegistryClient threw", &thrown);
    }
}

fn hold_while_at_work(inner: &Weak<Inner>, state: ConnectionState) {
    let Some(inner) = inner.upgrade() else { return };
    AT_WORK.with_borrow_mut(|at_work| {
        let known = at_work.iter().position(|other| Rc::ptr_eq(other, &inner));
        match (known, matches!(state, ConnectionState::Idle | ConnectionState::Error)) {
            (Some(at), true) => drop(at_work.swap_remove(at)),
            (None, false) => at_work.push(Rc::clone(&inner)),
            _ => {}
        }
    });
    // Not here: the client is in the middle of telling its listeners.
    LocalSpawner.spawn(Box::pin(async move { drop(inner) }));
}
