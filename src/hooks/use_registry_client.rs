use std::rc::Rc;

use registry_client::json::Json;
use registry_client::{ConnectionState, Error, Role, Trace};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use super::use_trace::{ByAddress, use_trace};
use crate::services::Connection;
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
/// it is `exposed`.
#[hook]
pub fn use_registry_client(settings: &PageSettings, exposed: bool, page: &Dispatcher) -> Session {
    let connection =
        use_memo((settings.client_config(), exposed), |(config, exposed)| Connection::open(config, *exposed));
    use_trace(&connection, page);
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
        self.connection.0.client().cut();
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

    /// Clears the timeline.
    pub fn clear_log(&self) {
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
