use std::rc::{Rc, Weak};

use registry_client::faults::Faults;
use registry_client::json::Json;
use registry_client::{ConnectionState, Error, Role, Trace};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use super::use_trace::{ByAddress, use_trace};
use crate::check::Plan;
use crate::services::{Connection, location, record};
use crate::settings::PageSettings;
use crate::state::Action;
use crate::state::chat::text_message;

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
/// it is `exposed`. The trace goes on after that of the client before it and, in a scope, after that of before a reload.
#[hook]
pub fn use_registry_client(
    settings: &Rc<PageSettings>,
    exposed: bool,
    scope: Option<&'static str>,
    page: &Dispatcher,
) -> Session {
    let last = use_mut_ref(Weak::<Connection>::new);
    let connection = use_memo((settings.client_config(), exposed), |(config, exposed)| {
        let before = last.borrow().upgrade();
        let earlier = match before {
            Some(before) => before.client().trace().events().iter().map(|entry| (**entry).clone()).collect(),
            None => scope.map(record::kept).unwrap_or_default(),
        };
        Connection::open(config, *exposed, scope, earlier)
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
    fn state(&self) -> ConnectionState {
        self.connection.0.client().connection_state()
    }

    /// The client's trace.
    pub fn trace(&self) -> &Trace {
        self.connection.0.client().trace()
    }

    /// Whether a room can be created or joined now.
    pub fn is_free(&self) -> bool {
        matches!(self.state(), ConnectionState::Idle | ConnectionState::Error)
    }

    /// Creates a room, unless there is one already.
    pub fn create(&self, name: &str) {
        if self.is_free() {
            self.run(self.connection.0.client().create_room(name.trim()));
        }
    }

    /// Joins a room, unless there is one already.
    pub fn join(&self, room: &str, join: &str, name: &str) {
        if self.is_free() {
            self.run(self.connection.0.client().join_room(room.trim(), join.trim(), name.trim()));
        }
    }

    /// Replaces the join code of the host's room. Resolves to whether that has succeeded; if not, the page shows why.
    pub fn replace_join_code(&self) -> impl Future<Output = bool> + use<> {
        let page = self.page.clone();
        let replaced = self.connection.0.client().replace_join_code();
        async move { replaced.await.map_err(|error| page.dispatch(Action::Failed(error))).is_ok() }
    }

    /// Starts the connection.
    pub fn start(&self) {
        if !matches!(self.state(), ConnectionState::Connecting | ConnectionState::Connected) {
            self.run(self.connection.0.client().start_connection());
        }
    }

    /// Sends a text message. Returns whether the client accepted it.
    pub fn send(&self, text: &str) -> bool {
        self.send_json(text_message(text))
    }

    /// Sends any JSON value. Returns whether the client accepted it.
    pub fn send_json(&self, message: Json) -> bool {
        let outcome = self.connection.0.client().send_message(message);
        outcome.map_err(|error| self.page.dispatch(Action::Failed(error))).is_ok()
    }

    /// Resumes the connection that the page had before it was reloaded, if any.
    pub fn resume(&self) {
        if let Some(resumed) = self.connection.0.client().resume() {
            self.run(resumed);
        }
    }

    /// Breaks the connection on purpose, to watch it recover.
    pub fn cut(&self) {
        self.faults().cut(self.connection.0.client());
    }

    /// Restarts ICE, as after a change of the network.
    pub fn restart_ice(&self) {
        self.faults().restart_ice(self.connection.0.client());
    }

    /// Faults on purpose.
    pub fn faults(&self) -> &Faults {
        self.connection.0.faults()
    }

    /// Closes the room and the connection.
    pub fn close(&self) {
        spawn_local(self.connection.0.client().close_room());
    }

    /// Closes the room and creates a new one.
    pub fn renew(&self, name: &str) {
        let (session, name) = (self.clone(), name.to_owned());
        let closed = self.connection.0.client().close_room();
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

    fn run<T: 'static>(&self, call: impl Future<Output = Result<T, Error>> + 'static) {
        let (page, connection) = (self.page.clone(), Rc::downgrade(&self.connection.0));
        spawn_local(async move {
            // Once the client has been replaced, the outcome no longer matters.
            if let Err(error) = call.await
                && connection.upgrade().is_some()
            {
                page.dispatch(Action::Failed(error));
            }
        });
    }
}
