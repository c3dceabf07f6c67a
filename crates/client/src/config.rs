//! Configuration and dependencies of a client. Specification: *Main Client Class*, `WebRTCClientConfig`.

use std::rc::Rc;

use futures::future::LocalBoxFuture;

use crate::error::Error;
use crate::interfaces::clock::{Clock, Spawner};
use crate::interfaces::http::HttpClient;
use crate::interfaces::places::WaitingPlaces;
use crate::interfaces::registry::{RegistryClient, SharedRegistryClient};
use crate::interfaces::state::StateManager;
use crate::interfaces::store::SessionStore;
use crate::interfaces::webrtc::{IceServerSource, PeerConfig, WebRtcManager};
use crate::settings::Settings;
use crate::trace::Trace;

/// The configuration of a client. Specification: `WebRTCClientConfig`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientConfig {
    /// URL of the Registry, with or without a trailing slash.
    pub registry_api_url: String,
    /// STUN and TURN servers, and which candidates to use.
    pub peer: PeerConfig,
    /// Deadlines and cadences.
    pub settings: Settings,
}

/// The dependencies of a client.
#[derive(Clone)]
pub struct Dependencies {
    /// Sends requests.
    pub http: Rc<dyn HttpClient>,
    /// Replaces the default Registry client, which uses `http`.
    pub registry: Option<Rc<dyn RegistryClient>>,
    /// Creates peer connections.
    pub webrtc: Rc<dyn WebRtcManager>,
    /// Gives the STUN and TURN servers, in place of those in the configuration.
    pub ice_servers: Option<Rc<dyn IceServerSource>>,
    /// Keeps state and room.
    pub state: Rc<dyn StateManager>,
    /// Tells the time.
    pub clock: Rc<dyn Clock>,
    /// Runs tasks.
    pub spawner: Rc<dyn Spawner>,
    /// Seed of all randomness (jitter).
    pub seed: u64,
    /// Where the connection is kept across a reload of the page; without a store, leaving the page ends it.
    pub store: Option<Rc<dyn SessionStore>>,
    /// Puts something between the client and its Registry client, such as [`Faults`](crate::faults::Faults).
    pub interpose: Option<Interpose>,
    /// The places for calls that wait, which are shared with other clients; without any, each call may wait.
    pub places: Option<Rc<dyn WaitingPlaces>>,
}

/// Wraps the Registry client of a client with this trace.
pub type Interpose = Rc<dyn Fn(SharedRegistryClient, &Rc<Trace>) -> SharedRegistryClient>;

/// The outcome of an asynchronous call.
pub type ClientFuture<T> = LocalBoxFuture<'static, Result<T, Error>>;
