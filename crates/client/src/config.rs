//! What a client is made of. Specification: *Main Client Class*, `WebRTCClientConfig`.

use std::rc::Rc;

use futures::future::LocalBoxFuture;

use crate::error::Error;
use crate::interfaces::clock::{Clock, Spawner};
use crate::interfaces::http::HttpClient;
use crate::interfaces::registry::RegistryClient;
use crate::interfaces::state::StateManager;
use crate::interfaces::store::SessionStore;
use crate::interfaces::webrtc::{PeerConfig, WebRtcManager};
use crate::settings::Settings;

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
    /// Where a connection is kept over a reload of the page; without one, leaving the page ends it.
    pub store: Option<Rc<dyn SessionStore>>,
}

/// The outcome of an asynchronous call.
pub type ClientFuture<T> = LocalBoxFuture<'static, Result<T, Error>>;
