pub(super) mod channel;
pub(super) mod peer;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::Duration;

use crate::error::WebRtcError;
use crate::interfaces::clock::{Clock, Spawner};
use crate::interfaces::webrtc::{CandidateEnd, CandidatePair, RtcDiagnostic};
use channel::call;
use peer::FakePeer;

/// The outcome of ICE once both peers have everything they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IceFate {
    /// A pair works.
    #[default]
    Connects,
    /// No pair works: `failed` after 15 s.
    Fails,
    /// ICE never finishes.
    Hangs,
}

/// What all fake peer connections of a test share: their identities, time, the path between them, and a record of API misuse.
pub struct Ether {
    pub(super) peers: RefCell<BTreeMap<u32, Weak<FakePeer>>>,
    pub(super) next_id: Cell<u32>,
    pub(super) rng: RefCell<fastrand::Rng>,
    pub(super) clock: Rc<dyn Clock>,
    spawner: Rc<dyn Spawner>,
    /// The outcome of ICE.
    pub fate: Cell<IceFate>,
    /// Maximum number of candidates that a peer gathers.
    pub most_candidates: Cell<usize>,
    /// How many candidates that nobody can reach the next peer gathers before the others.
    pub useless_candidates: Cell<usize>,
    /// Largest message that a channel accepts, in bytes.
    pub max_message_bytes: Cell<usize>,
    /// Peer connections have no control channel, so that no connection is durable.
    pub plain: Cell<bool>,
    /// No further peer connection can be created, for this reason.
    pub refuses: RefCell<Option<WebRtcError>>,
    /// ICE cannot be restarted.
    pub no_restart: Cell<bool>,
    /// A failed connection closes its channels for good, as in Firefox.
    pub channels_die: Cell<bool>,
    /// The kind of the candidates that carry connections, and their port.
    route: Cell<(&'static str, u16)>,
    /// Whether peer connections report changes of it.
    pub announces_pairs: Cell<bool>,
    /// How often it has been queried.
    pub pair_asked: Cell<u32>,
    /// Every misuse of a peer connection.
    pub violations: RefCell<Vec<String>>,
    /// Number of peer connections that are not closed.
    pub open: Cell<usize>,
    pub(super) cut: Cell<bool>,
}

impl Ether {
    /// An ether with nobody in it. All randomness comes from `seed`.
    pub fn new(seed: u64, clock: Rc<dyn Clock>, spawner: Rc<dyn Spawner>) -> Rc<Self> {
        Rc::new(Self {
            peers: RefCell::default(),
            next_id: Cell::new(1),
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
            clock,
            spawner,
            fate: Cell::default(),
            most_candidates: Cell::new(8),
            useless_candidates: Cell::default(),
            max_message_bytes: Cell::new(256 * 1024),
            plain: Cell::default(),
            refuses: RefCell::default(),
            no_restart: Cell::default(),
            channels_die: Cell::default(),
            route: Cell::new(("host", 1000)),
            announces_pairs: Cell::default(),
            pair_asked: Cell::default(),
            violations: RefCell::default(),
            open: Cell::default(),
            cut: Cell::default(),
        })
    }

    pub(super) fn violation(&self, what: String) {
        self.violations.borrow_mut().push(what);
    }

    pub(super) fn up_to_ms(&self, ms: u64) -> Duration {
        Duration::from_millis(self.rng.borrow_mut().u64(0..=ms))
    }

    /// Calls `then` on `peer` after `pause`, unless it is closed by then.
    pub(super) fn later(
        self: &Rc<Self>,
        pause: Duration,
        peer: &Rc<FakePeer>,
        then: impl FnOnce(&Rc<FakePeer>) + 'static,
    ) {
        let (sleep, peer) = (self.clock.sleep(pause), Rc::downgrade(peer));
        self.spawner.spawn(Box::pin(async move {
            sleep.await;
            if let Some(peer) = peer.upgrade().filter(|peer| !peer.closed.get()) {
                then(&peer);
            }
        }));
    }

    pub(super) fn find(&self, id: u32) -> Option<Rc<FakePeer>> {
        self.peers.borrow().get(&id).and_then(Weak::upgrade).filter(|peer| !peer.closed.get())
    }

    fn all(&self) -> Vec<Rc<FakePeer>> {
        self.peers.borrow().values().filter_map(Weak::upgrade).filter(|peer| !peer.closed.get()).collect()
    }

    /// The pair that carries connections.
    pub(super) fn selected_pair(&self) -> CandidatePair {
        self.pair_asked.set(self.pair_asked.get() + 1);
        let (candidate_type, port) = self.route.get();
        let end = CandidateEnd {
            candidate_type: candidate_type.to_owned(),
            protocol: "udp".to_owned(),
            address: "192.0.2.1".to_owned(),
            port,
        };
        CandidatePair { local: end.clone(), remote: end }
    }

    /// Makes candidates of another kind or port carry the connections.
    pub fn select(&self, candidate_type: &'static str, port: u16) {
        self.route.set((candidate_type, port));
        if self.announces_pairs.get() {
            for peer in self.all() {
                call(&peer.on_diagnostic, RtcDiagnostic::SelectedPairChanged);
            }
        }
    }

    /// Whether the path is cut.
    pub fn is_cut(&self) -> bool {
        self.cut.get()
    }

    /// Cuts the path: nothing arrives, and neither peer is notified.
    pub fn cut(self: &Rc<Self>) {
        self.cut.set(true);
        for peer in self.all() {
            peer.path_breaks();
        }
    }

    /// Restores the path.
    pub fn heal(self: &Rc<Self>) {
        self.cut.set(false);
        for peer in self.all() {
            if !peer.failed.get() {
                self.later(self.up_to_ms(2000), &peer, FakePeer::path_heals);
            }
            self.later(self.up_to_ms(300), &peer, FakePeer::link);
        }
    }
}
