use std::rc::Rc;

use registry_client::json::Json;
use registry_client::{ConnectionState, Error, Trace};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Dispatcher;
use super::use_trace::{ByAddress, use_trace};
use crate::services::Connection;
use crate::settings::Settings;
use crate::state::Action;
use crate::state::chat::text_message;
use registry_client::Role;

/// The page's client, and what the page's controls do with it.
///
/// A control that is used at the wrong moment (a second click before the first had its effect) does nothing.
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

/// A client made with these settings; another one takes its place when they change. Its trace feeds the page's state, and
/// scripts reach it if it is `exposed`.
#[hook]
pub fn use_registry_client(settings: &Settings, exposed: bool, page: &Dispatcher) -> Session {
    let connection =
        use_memo((settings.client_config(), exposed), |(config, exposed)| Connection::open(config, *exposed));
    use_trace(&connection, page);
    Session { connection: ByAddress(Rc::clone(&connection)), page: page.clone() }
}

impl Session {
    /// A handler that does this with the session.
    pub fn on(&self, act: fn(&Self)) -> Callback<MouseEvent> {
        let session = self.clone();
        Callback::from(move |_| act(&session))
    }

    fn state(&self) -> ConnectionState {
        self.connection.0.client().connection_state()
    }

    /// Everything that happens.
    pub fn trace(&self) -> &Trace {
        self.connection.0.client().trace()
    }

    /// Whether a room can be made or joined now.
    pub fn is_free(&self) -> bool {
        matches!(self.state(), ConnectionState::Idle | ConnectionState::Error)
    }

    /// Makes a room, unless there is one already.
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

    /// Sends a text; says whether it went out.
    pub fn send(&self, text: &str) -> bool {
        self.send_json(text_message(text))
    }

    /// Sends any JSON; says whether it went out.
    pub fn send_json(&self, message: Json) -> bool {
        let outcome = self.connection.0.client().send_message(message);
        outcome.map_err(|error| self.page.dispatch(Action::Failed(error))).is_ok()
    }

    /// Goes on with the connection that the page had before it was reloaded, if it had one.
    pub fn resume(&self) {
        if let Some(resumed) = self.connection.0.client().resume() {
            self.run(resumed);
        }
    }

    /// Breaks the connection, to see it come back.
    pub fn cut(&self) {
        self.connection.0.client().cut();
    }

    /// Ends everything.
    pub fn close(&self) {
        spawn_local(self.connection.0.client().close_room());
    }

    /// Ends everything and makes a new room.
    pub fn renew(&self, name: &str) {
        let (session, name) = (self.clone(), name.to_owned());
        let closed = self.connection.0.client().close_room();
        spawn_local(async move {
            closed.await;
            session.create(&name);
        });
    }

    /// Chooses a role.
    pub fn choose(&self, role: Role) {
        self.page.dispatch(Action::Choose(role));
    }

    /// Puts the error away.
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
            // An outcome that comes after another client took the place of this one is nobody's concern.
            if let Err(error) = call.await
                && connection.upgrade().is_some()
            {
                page.dispatch(Action::Failed(error));
            }
        });
    }
}
