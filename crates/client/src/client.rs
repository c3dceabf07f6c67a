//! What applications use. Specification: *Main Client Class*.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use registry_protocol::{JoinCode, RoomCode, UserName};

use crate::config::{ClientConfig, ClientFuture, Dependencies};
use crate::error::{Diagnostics, Error, StateError};
use crate::event::Event;
use crate::interfaces::registry::HttpRegistryClient;
use crate::json::Json;
use crate::machine::{Command, Input};
use crate::runner::Runner;
use crate::trace::{Subscription, Trace};
use crate::types::sending::{BufferLevels, SendOutcome};
use crate::types::state::{ConnectionState, RoomInfo, RoomLife};

/// Two peers, one room, one data channel. Specification: `IWebRTCRegistryClient`.
///
/// Calls take effect when they are made; the futures only wait for the outcome and may be dropped. Dropping the last
/// clone of a client ends everything that it began, without telling the Registry; [`close_room`](Self::close_room)
/// does tell it.
#[derive(Clone)]
pub struct WebRtcRegistryClient {
    runner: Rc<Runner>,
    trace: Rc<Trace>,
}

impl WebRtcRegistryClient {
    /// A client in state `idle`.
    pub fn new(config: ClientConfig, dependencies: Dependencies) -> Self {
        let trace = Rc::new(Trace::new(Rc::clone(&dependencies.clock)));
        let registry = dependencies.registry.clone().unwrap_or_else(|| {
            Rc::new(HttpRegistryClient::new(
                &config.registry_api_url,
                config.settings.request_timeout,
                Rc::clone(&dependencies.http),
                Rc::clone(&dependencies.clock),
                Rc::clone(&trace),
            ))
        });
        let runner = Runner::new(config, registry, dependencies, Rc::clone(&trace));
        Self { runner, trace }
    }

    /// Makes a room as its host; resolves to the room with its codes.
    ///
    /// # Errors
    /// A state error unless `idle` or in `error`; a bad name; what the Registry said; no answer.
    pub fn create_room(&self, host_user_name: &str) -> ClientFuture<RoomInfo> {
        match UserName::parse(host_user_name) {
            Ok(name) => self.admission(Command::Create(name)),
            Err(error) => self.runner.refused(StateError::BadArgument(error)),
        }
    }

    /// Joins a room as its guest.
    ///
    /// # Errors
    /// A state error unless `idle` or in `error`; a malformed code or name; what the Registry said; no answer.
    pub fn join_room(&self, room_code: &str, join_code: &str, guest_user_name: &str) -> ClientFuture<RoomInfo> {
        let parsed = RoomCode::parse(room_code.trim().to_ascii_uppercase()).and_then(|room| {
            let join_code = JoinCode::parse(join_code.trim())?;
            Ok(Command::Join { room, join_code, guest_user_name: UserName::parse(guest_user_name)? })
        });
        match parsed {
            Ok(command) => self.admission(command),
            Err(error) => self.runner.refused(StateError::BadArgument(error)),
        }
    }

    /// Makes or joins a room; resolves to it.
    fn admission(&self, command: Command) -> ClientFuture<RoomInfo> {
        let (outcome, state) = (self.runner.command(command), Rc::clone(&self.runner.outside().state));
        Box::pin(async move {
            outcome.await?;
            state.get_room_info().ok_or_else(|| Error::new(StateError::Closed, Diagnostics::default()))
        })
    }

    /// Begins the handshake; resolves when the data channel is open. The peer may come before or after.
    ///
    /// While a connection is lost and there is a way back to it, this means to try now: whatever is waited for is skipped,
    /// and what is under way goes on. It may be called any number of times; each resolves when the connection is back.
    ///
    /// # Errors
    /// A state error unless in a room, and while a connection is lost to which there is no way back; whatever ended the
    /// handshake, or the attempts to have the connection back.
    pub fn start_connection(&self) -> ClientFuture<()> {
        self.runner.command(Command::Start).boxed_local()
    }

    /// Sends a JSON value to the peer: now, or, while the connection is interrupted or busy, as soon as that is possible.
    /// What is accepted arrives once and in order, if the peer is durable; or an event says that it did not.
    ///
    /// # Errors
    /// A state error before the first connection, or without one where there is no buffer; a full buffer; a message too
    /// large; the browser's refusal.
    pub fn send_message(&self, message: impl Into<Json>) -> Result<SendOutcome, Error> {
        self.runner.send(&message.into())
    }

    /// Ends everything, from any state; the state is `idle` at once. A host tells the Registry of each of its rooms; of one
    /// that is still being made, as soon as it is there. Resolves when that is done, or those requests have taken as long
    /// as they may (`request_timeout` each). Closing twice is closing once.
    pub fn close_room(&self) -> LocalBoxFuture<'static, ()> {
        self.runner.command(Command::Close).map(drop).boxed_local()
    }

    /// Goes on with the connection that a reloaded page had, if there is one to go on with; resolves when it is back.
    ///
    /// # Errors
    /// A state error unless `idle` or in `error`, or when its rooms have expired; whatever ended the attempts.
    pub fn resume(&self) -> Option<ClientFuture<()>> {
        self.runner.resume()
    }

    /// The page is going away: saves the connection for its next life, or is like `close_room`, in a way that outlives
    /// the page.
    pub fn leave(&self) {
        self.runner.leave();
    }

    /// The page is visible again: poll now, and look at every deadline.
    pub fn wake(&self) {
        self.runner.input(Input::Wake);
    }

    /// The network has changed, or is back: do not wait for anything to be noticed.
    pub fn network_changed(&self) {
        self.runner.input(Input::NetworkChanged);
    }

    /// Breaks the connection as if the peer connection had crashed, without a word to the other side: for trying out what
    /// happens then. Nothing in another state than `connected`.
    pub fn cut(&self) {
        self.runner.input(Input::Cut);
    }

    /// How much is on its way to the peer.
    pub fn buffer(&self) -> BufferLevels {
        self.runner.machine().buffer()
    }

    /// Calls `callback` with every new state, until the subscription is dropped.
    pub fn on_state_change(&self, callback: impl Fn(ConnectionState) + 'static) -> Subscription {
        self.trace.subscribe(move |entry| {
            if let Event::State { to, .. } = entry.event {
                callback(to);
            }
        })
    }

    /// Calls `callback` with every message of the peer, until the subscription is dropped.
    pub fn on_message(&self, callback: impl Fn(&Json) + 'static) -> Subscription {
        self.trace.subscribe(move |entry| {
            if let Event::Message { data, .. } = &entry.event {
                callback(data);
            }
        })
    }

    /// Calls `callback` with every error, until the subscription is dropped.
    pub fn on_error(&self, callback: impl Fn(&Error) + 'static) -> Subscription {
        self.trace.subscribe(move |entry| {
            if let Event::Failure(error) = &entry.event {
                callback(error);
            }
        })
    }

    /// The state.
    pub fn connection_state(&self) -> ConnectionState {
        self.runner.outside().state.get_state()
    }

    /// The room, from its creation or joining until `close_room`.
    pub fn room_info(&self) -> Option<RoomInfo> {
        self.runner.outside().state.get_room_info()
    }

    /// How long the room lives, as far as this side knows.
    pub fn room_life(&self) -> RoomLife {
        self.runner.machine().room_life()
    }

    /// Everything that has happened.
    pub fn trace(&self) -> &Rc<Trace> {
        &self.trace
    }
}
