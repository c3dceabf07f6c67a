//! What applications use. Specification: *Main Client Class*.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use registry_protocol::{JoinCode, RoomCode, UserName};

use crate::config::{ClientConfig, ClientFuture, Dependencies};
use crate::error::{Diagnostics, Error, StateError};
use crate::event::Event;
use crate::interfaces::registry::HttpRegistryClient;
use crate::interfaces::webrtc::IceServers;
use crate::json::Json;
use crate::machine::{Command, Input};
use crate::runner::Runner;
use crate::trace::{Subscription, Trace};
use crate::types::sending::{BufferLevels, SendOutcome};
use crate::types::state::{ConnectionState, RoomInfo, RoomLife};

/// Two peers, one room, one data channel. Specification: `IWebRTCRegistryClient`.
///
/// Calls take effect immediately; their futures only wait for the outcome and may be dropped. Dropping the last clone of a
/// client ends everything it started without notifying the Registry, unlike [`close_room`](Self::close_room).
#[derive(Clone)]
pub struct WebRtcRegistryClient {
    runner: Rc<Runner>,
    trace: Rc<Trace>,
}

impl WebRtcRegistryClient {
    /// Creates a client in state `idle`.
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
        let registry = match &dependencies.interpose {
            Some(interpose) => interpose(registry, &trace),
            None => registry,
        };
        let runner = Runner::new(config, registry, dependencies, Rc::clone(&trace));
        Self { runner, trace }
    }

    /// Creates a room as its host; resolves to the room with its codes.
    ///
    /// # Errors
    /// A state error unless the state is `idle` or `error`; an invalid name; an error response; no response.
    pub fn create_room(&self, host_user_name: &str) -> ClientFuture<RoomInfo> {
        match UserName::parse(host_user_name) {
            Ok(name) => self.admission(Command::Create(name)),
            Err(error) => self.runner.refused(StateError::BadArgument(error)),
        }
    }

    /// Joins a room as its guest.
    ///
    /// # Errors
    /// A state error unless the state is `idle` or `error`; a malformed code or name; an error response; no response.
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

    /// Replaces the join code of the host's room, which a guest can still join: the earlier one is worthless then. Resolves to
    /// the room with the new one. For a code that has fallen into the wrong hands, or a room that is locked because others have
    /// guessed.
    ///
    /// # Errors
    /// A state error if there is no such room, or the Registry lacks the extension; an error response, such as that a guest has
    /// joined meanwhile; no response.
    pub fn replace_join_code(&self) -> ClientFuture<RoomInfo> {
        self.admission(Command::ReplaceJoinCode)
    }

    /// Creates, joins or changes a room; resolves to it.
    fn admission(&self, command: Command) -> ClientFuture<RoomInfo> {
        let (outcome, state) = (self.runner.command(command), Rc::clone(&self.runner.outside().state));
        Box::pin(async move {
            outcome.await?;
            state.get_room_info().ok_or_else(|| Error::new(StateError::Closed, Diagnostics::default()))
        })
    }

    /// Starts the handshake; resolves when the data channel is open. The peers may start in any order.
    ///
    /// While a lost connection is being restored, this means to try now: delays are skipped, and attempts in progress continue.
    /// It may be called any number of times; each call resolves when the connection is restored.
    ///
    /// # Errors
    /// A state error unless the client is in a room, or if the connection is interrupted and cannot be restored; whatever ended
    /// the handshake or the attempts to reconnect.
    pub fn start_connection(&self) -> ClientFuture<()> {
        self.runner.command(Command::Start).boxed_local()
    }

    /// Sends a JSON value to the peer: immediately, or as soon as possible while the connection is interrupted or busy.
    /// With a peer that supports durable connections, accepted messages are delivered exactly once and in order, or an event
    /// reports that they were not.
    ///
    /// # Errors
    /// A state error before the first connection, or without one if buffering is disabled; a full buffer; a message that is too
    /// large; the browser's error.
    pub fn send_message(&self, message: impl Into<Json>) -> Result<SendOutcome, Error> {
        self.runner.send(&message.into())
    }

    /// Ends everything, in any state, after delivering accepted messages for at most `close_timeout`. A host closes its rooms at
    /// the Registry, including one that is still being created. Resolves when that is done, or its requests have timed out
    /// (`request_timeout` each). Closing twice has no further effect.
    pub fn close_room(&self) -> LocalBoxFuture<'static, ()> {
        self.runner.command(Command::Close).map(drop).boxed_local()
    }

    /// Resumes the connection that the page had before it was reloaded, if there is one; resolves when it is restored.
    ///
    /// # Errors
    /// A state error unless the state is `idle` or `error`, or if the rooms have expired; whatever ended the attempts.
    pub fn resume(&self) -> Option<ClientFuture<()>> {
        self.runner.resume()
    }

    /// The page is being unloaded: saves the connection for after a reload, or else closes the room with a request that outlives
    /// the page.
    pub fn leave(&self) {
        self.runner.leave();
    }

    /// Replaces the STUN and TURN servers, from the next connection and the next restart of ICE on.
    pub fn set_ice_servers(&self, servers: IceServers) {
        self.runner.set_ice_servers(servers);
    }

    /// The page is visible again: polls now and checks every deadline.
    pub fn wake(&self) {
        self.runner.input(Input::Wake);
    }

    /// The network has changed or is back: reacts without waiting for timeouts.
    pub fn network_changed(&self) {
        self.runner.input(Input::NetworkChanged);
    }

    /// Breaks the connection as if the peer connection had crashed, without notifying the peer: for testing. Only has an effect in
    /// state `connected`.
    pub fn cut(&self) {
        self.runner.input(Input::Cut);
    }

    /// How much is waiting or unacknowledged.
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

    /// The statistics of the peer connection: the entries of `RTCPeerConnection.getStats` as a JSON array, those of data channels
    /// with their `bufferedAmount`. `None` if there is no peer connection. Asking begins with the call, so that what is asked
    /// for just before the connection is closed can still be answered.
    pub fn statistics(&self) -> LocalBoxFuture<'static, Option<Json>> {
        self.runner.outside().webrtc.statistics()
    }

    /// The state.
    pub fn connection_state(&self) -> ConnectionState {
        self.runner.outside().state.get_state()
    }

    /// The room, from its creation or joining until `close_room`.
    pub fn room_info(&self) -> Option<RoomInfo> {
        self.runner.outside().state.get_room_info()
    }

    /// The room's lifetime, as far as it is known.
    pub fn room_life(&self) -> RoomLife {
        self.runner.machine().room_life()
    }

    /// The trace of all events.
    pub fn trace(&self) -> &Rc<Trace> {
        &self.trace
    }
}
