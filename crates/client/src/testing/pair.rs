use std::rc::Rc;
use std::time::Duration;

use super::ether::Ether;
use super::faults::Faults;
use super::mocks::{CountedPlaces, MemoryStore};
use super::network::{Network, NetworkClient};
use super::time::{Device, World};
use super::webrtc::FakeWebRtc;
use crate::client::WebRtcRegistryClient;
use crate::config::{ClientConfig, Dependencies};
use crate::error::Error;
use crate::event::Event;
use crate::faults::Faults as ClientFaults;
use crate::interfaces::clock::{Clock, Spawner};
use crate::interfaces::places::WaitingPlaces;
use crate::interfaces::state::{ConnectionState, MemoryStateManager, RoomInfo};
use crate::interfaces::store::SessionStore;
use crate::interfaces::webrtc::WebRtcManager;
use crate::settings::Settings;

/// The configuration of a [`Pair`].
#[derive(Clone, Debug, Default)]
pub struct PairConfig {
    /// The seed of all randomness.
    pub seed: u64,
    /// The network's faults.
    pub faults: Faults,
    /// The Registry's settings.
    pub registry: registry_core::Config,
    /// Whether the Registry is of the clients' own origin, so that it need not permit anything (CORS preflight).
    pub same_origin: bool,
    /// Both clients' settings.
    pub settings: Settings,
    /// The places for calls that wait, which both share.
    pub places: Option<Rc<CountedPlaces>>,
}

/// A host and a guest, each a complete client, with one Registry.
pub struct Pair {
    /// The host.
    pub host: WebRtcRegistryClient,
    /// The guest.
    pub guest: WebRtcRegistryClient,
    /// Carries their requests.
    pub network: Rc<Network>,
    /// Carries their connection.
    pub ether: Rc<Ether>,
    /// Virtual time.
    pub world: World,
    /// The WebRTC managers of host and guest.
    pub webrtc: [Rc<FakeWebRtc>; 2],
    /// The faults between host, guest and what is outside them; none as long as nothing is asked for.
    pub faults: [ClientFaults; 2],
    /// The devices of host and guest.
    pub devices: [Rc<Device>; 2],
    maker: Maker,
    /// The session stores of host and guest.
    pub stores: [Rc<MemoryStore>; 2],
    reloads: u64,
}

/// What is needed to create a client.
struct Maker {
    settings: Settings,
    places: Option<Rc<CountedPlaces>>,
    network: Rc<Network>,
    ether: Rc<Ether>,
    spawner: Rc<dyn Spawner>,
}

impl Maker {
    fn make(
        &self,
        name: &'static str,
        seed: u64,
        store: &Rc<MemoryStore>,
        device: &Rc<Device>,
    ) -> (WebRtcRegistryClient, Rc<FakeWebRtc>, ClientFaults) {
        let webrtc = Rc::new(FakeWebRtc::new(Rc::clone(&self.ether)));
        let mut dependencies = Dependencies {
            http: Rc::new(NetworkClient::new(Rc::clone(&self.network), name)),
            registry: None,
            webrtc: Rc::clone(&webrtc) as Rc<dyn WebRtcManager>,
            ice_servers: None,
            state: Rc::new(MemoryStateManager::default()),
            clock: Rc::clone(device) as Rc<dyn Clock>,
            spawner: Rc::clone(&self.spawner),
            seed,
            store: Some(Rc::clone(store) as Rc<dyn SessionStore>),
            interpose: None,
            places: self.places.clone().map(|places| places as Rc<dyn WaitingPlaces>),
        };
        let faults = ClientFaults::new(Rc::clone(&dependencies.clock), seed);
        faults.inject(&mut dependencies);
        let (registry_api_url, settings) = ("registry:".into(), self.settings.clone());
        let config = ClientConfig { registry_api_url, settings, ..ClientConfig::default() };
        (WebRtcRegistryClient::new(config, dependencies), webrtc, faults)
    }
}

/// Longer than any deadline of a client.
const LONG: Duration = Duration::from_secs(3600);

impl Pair {
    /// Creates two clients in state `idle`.
    pub fn new(config: PairConfig) -> Self {
        let world = World::default();
        let (clock, spawner) = (world.clock(), world.spawner());
        let PairConfig { seed, faults, registry, same_origin, settings, places } = config;
        let network = Network::new(registry, faults, seed ^ 1, same_origin, Rc::clone(&clock), Rc::clone(&spawner));
        let ether = Ether::new(seed ^ 2, clock, Rc::clone(&spawner));
        let maker = Maker { settings, places, network, ether, spawner };
        let stores = [Rc::<MemoryStore>::default(), Rc::default()];
        let devices = [world.device(), world.device()];
        let (host, of_host, faults_of_host) = maker.make("host", seed ^ 3, &stores[0], &devices[0]);
        let (guest, of_guest, faults_of_guest) = maker.make("guest", seed ^ 4, &stores[1], &devices[1]);
        let (webrtc, faults) = ([of_host, of_guest], [faults_of_host, faults_of_guest]);
        let (network, ether) = (Rc::clone(&maker.network), Rc::clone(&maker.ether));
        Self { host, guest, network, ether, world, webrtc, faults, devices, maker, stores, reloads: 0 }
    }

    /// Reloads the page of one of them; the new client has not resumed yet.
    pub fn reload(&mut self, host: bool) {
        self.reloads += 1;
        let (name, client) = if host { ("host", &mut self.host) } else { ("guest", &mut self.guest) };
        client.leave();
        let side = usize::from(!host);
        (*client, self.webrtc[side], self.faults[side]) =
            self.maker.make(name, self.reloads << 8, &self.stores[side], &self.devices[side]);
    }

    /// Two more clients on the same network and at the same address, in state `idle`: a host and a guest.
    pub fn two_more(&mut self) -> [WebRtcRegistryClient; 2] {
        ["host", "guest"].map(|name| {
            self.reloads += 1;
            self.maker.make(name, self.reloads << 8, &Rc::default(), &self.world.device()).0
        })
    }

    /// Sends `text` on the control channel on behalf of one of them, as a misbehaving peer would.
    ///
    /// # Panics
    /// If its control channel is not open.
    pub fn forge(&self, host: bool, text: &str) {
        let control = self.webrtc[usize::from(!host)].channel(true).expect("a control channel");
        control.send(text).expect("an open control channel");
    }

    /// The host creates a room.
    ///
    /// # Errors
    /// The host's error.
    pub fn create(&mut self) -> Result<RoomInfo, Error> {
        let creating = self.host.create_room("HostUser");
        self.world.block_on(LONG, creating).expect("creating ends")
    }

    /// The guest joins `room`.
    ///
    /// # Errors
    /// The guest's error.
    pub fn join(&mut self, room: &RoomInfo) -> Result<RoomInfo, Error> {
        let join_code = room.join_code.as_ref().map_or("", |code| code.as_str());
        let joining = self.guest.join_room(room.code.as_str(), join_code, "GuestUser");
        self.world.block_on(LONG, joining).expect("joining ends")
    }

    /// Puts both in one room.
    ///
    /// # Errors
    /// The first error.
    pub fn meet(&mut self) -> Result<RoomInfo, Error> {
        let room = self.create()?;
        self.join(&room)?;
        Ok(room)
    }

    /// Starts both connections, and lets time pass until both are `connected` or at rest; returns their states.
    pub fn connect(&mut self) -> (ConnectionState, ConnectionState) {
        let (host, guest) = (self.host.start_connection(), self.guest.start_connection());
        let both = futures::future::join(host, guest);
        let _ = self.world.block_on(LONG, both).expect("starting ends");
        self.states()
    }

    /// Creates two connected clients, on a network without faults.
    ///
    /// # Panics
    /// If they do not connect.
    pub fn connected() -> Self {
        let mut pair = Self::new(PairConfig::default());
        pair.meet().expect("they meet");
        assert_eq!(pair.connect(), (ConnectionState::Connected, ConnectionState::Connected));
        pair
    }

    /// The states of host and guest.
    pub fn states(&self) -> (ConnectionState, ConnectionState) {
        (self.host.connection_state(), self.guest.connection_state())
    }
}

impl WebRtcRegistryClient {
    /// The errors reported by this client.
    pub fn errors(&self) -> Vec<Error> {
        let failure = |event: &Event| if let Event::Failure(error) = event { Some(error.clone()) } else { None };
        self.trace().events().iter().filter_map(|entry| failure(&entry.event)).collect()
    }

    /// How many events of this name there were.
    pub fn count(&self, name: &str) -> usize {
        self.trace().events().iter().filter(|entry| entry.event.name() == name).count()
    }
}
