//! What applications use. Specification: *Main Client Class*.

use std::rc::Rc;

use futures::future::LocalBoxFuture;
use serde::Serialize;
use serde_json::Value;

use crate::clock::{Clock, Spawner};
use crate::error::Error;
use crate::event::Event;
use crate::http::HttpClient;
use crate::registry::{HttpRegistryClient, RegistryClient};
use crate::room::RoomManager;
use crate::settings::Settings;
use crate::state::{ConnectionState, RoomInfo, StateManager};
use crate::trace::{Subscription, Trace};
use crate::webrtc::{PeerConfig, WebRtcManager};

/// What a client is made with. Specification: `WebRTCClientConfig`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientConfig {
    /// Address of the Registry, with or without a slash at its end.
    pub registry_api_url: String,
    /// STUN and TURN servers, and which candidates may be used.
    pub peer: PeerConfig,
    /// Deadlines and cadences.
    pub settings: Settings,
}

/// All that a client needs from outside.
#[derive(Clone)]
pub struct Dependencies {
    /// Sends requests.
    pub http: Rc<dyn HttpClient>,
    /// Takes the place of the default Registry client, which talks through `http`.
    pub registry: Option<Rc<dyn RegistryClient>>,
    /// Makes peer connections.
    pub webrtc: Rc<dyn WebRtcManager>,
    /// Keeps state and room.
    pub state: Rc<dyn StateManager>,
    /// Tells the time.
    pub clock: Rc<dyn Clock>,
    /// Runs tasks.
    pub spawner: Rc<dyn Spawner>,
    /// Where all randomness (jitter) comes from.
    pub seed: u64,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SendOutcome {
    /// It was handed to the data channel.
    Sent,
}

/// The outcome of an asynchronous call.
pub type ClientFuture<T> = LocalBoxFuture<'static, Result<T, Error>>;

/// Two peers, one room, one data channel. Specification: `IWebRTCRegistryClient`.
///
/// Calls take effect when they are made; the futures only wait for the outcome and may be dropped. Dropping the last
/// clone of a client ends everything that it began, without telling the Registry; [`close_room`](Self::close_room)
/// does tell it.
#[derive(Clone)]
pub struct WebRtcRegistryClient {
    manager: Rc<RoomManager>,
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
        let manager = RoomManager::new(config, registry, dependencies, Rc::clone(&trace));
        Self { manager: Rc::new(manager), trace }
    }

    /// Makes a room as its host; resolves to the room with its codes.
    ///
    /// # Errors
    /// A state error unless `idle` or in `error`; a bad name; what the Registry said; no answer.
    pub fn create_room(&self, host_user_name: &str) -> ClientFuture<RoomInfo> {
        self.manager.create_room(host_user_name)
    }

    /// Joins a room as its guest.
    ///
    /// # Errors
    /// A state error unless `idle` or in `error`; a malformed code or name; what the Registry said; no answer.
    pub fn join_room(&self, room_code: &str, join_code: &str, guest_user_name: &str) -> ClientFuture<RoomInfo> {
        self.manager.join_room(room_code, join_code, guest_user_name)
    }

    /// Begins the handshake; resolves when the data channel is open. The peer may come before or after.
    ///
    /// # Errors
    /// A state error unless in a room; whatever ended the handshake.
    pub fn start_connection(&self) -> ClientFuture<()> {
        self.manager.start_connection()
    }

    /// Sends a JSON value to the peer.
    ///
    /// # Errors
    /// A state error unless `connected`; the browser's refusal.
    pub fn send_message(&self, message: &Value) -> Result<SendOutcome, Error> {
        self.manager.send_message(message)
    }

    /// Ends everything, from any state; a host tells the Registry. Resolves when that is done; the state is `idle` at
    /// once. Closing twice is closing once.
    pub fn close_room(&self) -> LocalBoxFuture<'static, ()> {
        self.manager.close_room()
    }

    /// The page is going away: like `close_room`, in a way that outlives the page.
    pub fn leave(&self) {
        self.manager.leave();
    }

    /// The page is visible again, or the network is back: poll now, and look at every deadline.
    pub fn wake(&self) {
        self.manager.wake();
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
    pub fn on_message(&self, callback: impl Fn(&Value) + 'static) -> Subscription {
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
        self.manager.connection_state()
    }

    /// The room, from its creation or joining until `close_room`.
    pub fn room_info(&self) -> Option<RoomInfo> {
        self.manager.room_info()
    }

    /// Everything that has happened.
    pub fn trace(&self) -> &Rc<Trace> {
        &self.trace
    }
}
