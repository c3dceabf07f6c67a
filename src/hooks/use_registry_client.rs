use std::cell::Cell;
use std::future::ready;
use std::rc::{Rc, Weak};

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use registry_client::error::StateError;
use registry_client::faults::Faults;
use registry_client::json::Json;
use registry_client::{ConnectionState, Diagnostics, Error, Event, Role, RoomInfo, Trace, WebRtcRegistryClient};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use super::use_trace::{ByAddress, use_trace};
use crate::check::Plan;
use crate::services::session::Whose;
use crate::services::{Connection, location, record};
use crate::settings::PageSettings;
use crate::state::Action;
use crate::state::chat::text_message;

/// What will come of a call.
pub type Outcome<T> = LocalBoxFuture<'static, Result<T, Error>>;

/// The page's client, and what the page's controls do with it.
///
/// A control used at the wrong moment (a second click before the first has taken effect) does nothing.
#[derive(Clone)]
pub struct Session {
    connection: ByAddress<Connection>,
    page: Dispatcher,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.connection == other.connection
    }
}

/// A client with these settings, replaced when they change. Its trace feeds the page's state, and scripts can reach it if
/// it is `exposed`. The connection survives a reload if it is known `whose` it is. The trace goes on after that of the client
/// before it and, in a scope, after that of before a reload.
#[hook]
pub fn use_registry_client(
    settings: &Rc<PageSettings>,
    exposed: bool,
    whose: Option<Whose>,
    scope: Option<&'static str>,
    page: &Dispatcher,
) -> Session {
    let last = use_mut_ref(Weak::<Connection>::new);
    let connection = use_memo((settings.client_config(), exposed, whose), |(config, exposed, whose)| {
        let before = last.borrow().upgrade();
        let earlier = match before {
            Some(before) => before.client().trace().events().iter().map(|entry| (**entry).clone()).collect(),
            None => scope.map(record::kept).unwrap_or_default(),
        };
        Connection::open(config, *exposed, whose.as_ref(), scope, earlier)
    });
    last.replace(Rc::downgrade(&connection));
    use_trace(&connection, page);
    let offered = (ByAddress(Rc::clone(&connection)), Rc::clone(settings));
    use_effect_with(offered, |(connection, settings)| {
        let settings = Rc::clone(settings);
        connection.0.offer_check(move || Plan::of(&settings, &location::origin()));
    });
    Session { connection: ByAddress(Rc::clone(&connection)), page: page.clone() }
}

impl Session {
    /// The client's state.
    pub fn state(&self) -> ConnectionState {
        self.client().connection_state()
    }

    fn client(&self) -> &WebRtcRegistryClient {
        self.connection.0.client()
    }

    /// The client's trace.
    pub fn trace(&self) -> &Trace {
        self.client().trace()
    }

    /// Whether a room can be created or joined now.
    pub fn is_free(&self) -> bool {
        matches!(self.state(), ConnectionState::Idle | ConnectionState::Error)
    }

    /// Creates a room, unless there is one already.
    pub fn create(&self, name: &str) {
        if self.is_free() {
            spawn_local(self.create_room(name).map(drop));
        }
    }

    /// Creates a room and resolves to it.
    pub fn create_room(&self, name: &str) -> Outcome<RoomInfo> {
        self.watched(self.client().create_room(name.trim()))
    }

    /// Joins a room, unless there is one already.
    pub fn join(&self, room: &str, join: &str, name: &str) {
        if self.is_free() {
            spawn_local(self.join_room(room, join, name).map(drop));
        }
    }

    /// Joins a room and resolves to it.
    pub fn join_room(&self, room: &str, join: &str, name: &str) -> Outcome<RoomInfo> {
        self.watched(self.client().join_room(room.trim(), join.trim(), name.trim()))
    }

    /// Replaces the join code of the host's room. Resolves to whether that has succeeded; if not, the page shows why.
    pub fn replace_join_code(&self) -> impl Future<Output = bool> + use<> {
        let page = self.page.clone();
        let replaced = self.client().replace_join_code();
        async move { replaced.await.map_err(|error| page.dispatch(Action::Failed(error))).is_ok() }
    }

    /// Starts the connection.
    pub fn start(&self) {
        if !matches!(self.state(), ConnectionState::Connecting | ConnectionState::Connected) {
            spawn_local(self.connect().map(drop));
        }
    }

    /// Starts the connection, unless that is under way; resolves when the peers are connected.
    pub fn connect(&self) -> Outcome<()> {
        match self.state() {
            ConnectionState::Connected => Box::pin(ready(Ok(()))),
            ConnectionState::Connecting => self.connected(),
            _ => self.watched(self.client().start_connection()),
        }
    }

    /// Waits for what comes of the connection that is being made.
    fn connected(&self) -> Outcome<()> {
        let (settle, settled) = oneshot::channel();
        let (settle, has_failed) = (Cell::new(Some(settle)), Cell::new(false));
        let subscription = self.trace().subscribe(move |entry| {
            let outcome = match &entry.event {
                Event::State { to: ConnectionState::Connected, .. } => Ok(()),
                Event::State { to: ConnectionState::Idle, .. } => Err(closed()),
                // The reason follows.
                Event::State { to: ConnectionState::Error, .. } => return has_failed.set(true),
                Event::Failure(error) if has_failed.get() => Err(error.clone()),
                _ => return,
            };
            if let Some(settle) = settle.take() {
                let _ = settle.send(outcome);
            }
        });
        Box::pin(async move {
            let outcome = settled.await;
            drop(subscription);
            outcome.unwrap_or_else(|_| Err(closed()))
        })
    }

    /// Sends a text message. Returns whether the client accepted it.
    pub fn send(&self, text: &str) -> bool {
        self.send_json(text_message(text)).is_ok()
    }

    /// Sends any JSON value.
    pub fn send_json(&self, message: Json) -> Result<(), Error> {
        let outcome = self.client().send_message(message);
        outcome.map(drop).inspect_err(|error| self.page.dispatch(Action::Failed(error.clone())))
    }

    /// Resumes the connection that the page had before it was reloaded, if any.
    pub fn resume(&self) {
        if let Some(resumed) = self.client().resume() {
            spawn_local(self.watched(resumed).map(drop));
        }
    }

    /// Breaks the connection on purpose, to watch it recover.
    pub fn cut(&self) {
        self.faults().cut(self.client());
    }

    /// Restarts ICE, as after a change of the network.
    pub fn restart_ice(&self) {
        self.faults().restart_ice(self.client());
    }

    /// Faults on purpose.
    pub fn faults(&self) -> &Faults {
        self.connection.0.faults()
    }

    /// Closes the room and the connection.
    pub fn close(&self) {
        spawn_local(self.closed());
    }

    /// Closes the room and the connection; resolves when that is done.
    pub fn closed(&self) -> impl Future<Output = ()> + use<> {
        self.client().close_room()
    }

    /// Closes the room and creates a new one.
    pub fn renew(&self, name: &str) {
        let (session, name) = (self.clone(), name.to_owned());
        let closed = self.client().close_room();
        spawn_local(async move {
            closed.await;
            session.create(&name);
        });
    }

    /// Selects a role.
    pub fn choose(&self, role: Role) {
        self.page.dispatch(Action::Choose(role));
    }

    /// Dismisses the error.
    pub fn dismiss(&self) {
        self.page.dispatch(Action::Dismiss);
    }

    /// Clears the timeline, also for after a reload.
    pub fn clear_log(&self) {
        self.connection.0.forget();
        self.page.dispatch(Action::ClearLog);
    }

    /// The outcome of a call. If it fails, the page shows why.
    fn watched<T: 'static>(&self, call: impl Future<Output = Result<T, Error>> + 'static) -> Outcome<T> {
        let (page, connection) = (self.page.clone(), Rc::downgrade(&self.connection.0));
        Box::pin(async move {
            let outcome = call.await;
            // Once the client has been replaced, the outcome no longer matters to the page.
            if let Err(error) = &outcome
                && connection.upgrade().is_some()
            {
                page.dispatch(Action::Failed(error.clone()));
            }
            outcome
        })
    }
}

fn closed() -> Error {
    Error::new(StateError::Closed, Diagnostics::default())
}
