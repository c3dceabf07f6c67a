use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::time::Duration;

use registry_protocol::{IceCandidate, SessionDescription};

use super::channel::FakeChannel;
use crate::clock::{Clock, Spawner};
use crate::webrtc::{
    Callback, ChannelEvent, DataChannel, DataChannelState, IceConnectionState, IceGatheringState, PeerConnection,
    PeerConnectionState, RtcDiagnostic,
};

/// What becomes of ICE once both sides have all they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IceFate {
    /// A pair works.
    #[default]
    Connects,
    /// No pair works: `failed` after 15 s.
    Fails,
    /// Nothing ever happens.
    Hangs,
}

/// What all fake peer connections of a test share: who is who, time, and a record of what no client may do.
pub struct Ether {
    peers: RefCell<HashMap<u32, Weak<FakePeer>>>,
    next_id: Cell<u32>,
    rng: RefCell<fastrand::Rng>,
    pub(super) clock: Rc<dyn Clock>,
    spawner: Rc<dyn Spawner>,
    /// What becomes of ICE.
    pub fate: Cell<IceFate>,
    /// Largest number of candidates that a side gathers.
    pub most_candidates: Cell<usize>,
    /// Every misuse of the peer connection.
    pub violations: RefCell<Vec<String>>,
    /// How many peer connections are not closed.
    pub open: Cell<usize>,
}

impl Ether {
    pub(super) fn new(seed: u64, clock: Rc<dyn Clock>, spawner: Rc<dyn Spawner>) -> Rc<Self> {
        Rc::new(Self {
            peers: RefCell::default(),
            next_id: Cell::new(1),
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
            clock,
            spawner,
            fate: Cell::default(),
            most_candidates: Cell::new(8),
            violations: RefCell::default(),
            open: Cell::default(),
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

    fn find(&self, id: u32) -> Option<Rc<FakePeer>> {
        self.peers.borrow().get(&id).and_then(Weak::upgrade)
    }
}

/// One end of a connection that exists in the [`Ether`] only.
///
/// It connects when both ends have applied each other's description and *every* candidate that the other gathered, so
/// that a single lost candidate shows.
pub(super) struct FakePeer {
    pub(super) id: u32,
    pub(super) ether: Rc<Ether>,
    gathers: usize,
    gathered: Cell<usize>,
    pub(super) remote: Cell<Option<u32>>,
    pub(super) applied: RefCell<Vec<IceCandidate>>,
    linked: Cell<bool>,
    pub(super) closed: Cell<bool>,
    pub(super) channel: RefCell<Option<Rc<FakeChannel>>>,
    pub(super) on_candidate: RefCell<Option<Callback<Option<IceCandidate>>>>,
    pub(super) on_state: RefCell<Option<Callback<PeerConnectionState>>>,
    pub(super) on_channel: RefCell<Option<Callback<Rc<dyn DataChannel>>>>,
    pub(super) on_diagnostic: RefCell<Option<Callback<RtcDiagnostic>>>,
}

/// Calls the callback in `slot`, which may be replaced meanwhile.
pub(super) fn call<T>(slot: &RefCell<Option<Callback<T>>>, value: T) {
    let callback = slot.take();
    if let Some(callback) = callback {
        callback(value);
        slot.borrow_mut().get_or_insert(callback);
    }
}

impl FakePeer {
    /// One more peer connection, not closed.
    pub(super) fn new(ether: &Rc<Ether>) -> Rc<Self> {
        let id = ether.next_id.replace(ether.next_id.get() + 1);
        let peer = Rc::new(FakePeer {
            id,
            ether: Rc::clone(ether),
            gathers: ether.rng.borrow_mut().usize(1..=ether.most_candidates.get()),
            gathered: Cell::default(),
            remote: Cell::default(),
            applied: RefCell::default(),
            linked: Cell::default(),
            closed: Cell::default(),
            channel: RefCell::default(),
            on_candidate: RefCell::default(),
            on_state: RefCell::default(),
            on_channel: RefCell::default(),
            on_diagnostic: RefCell::default(),
        });
        ether.peers.borrow_mut().insert(id, Rc::downgrade(&peer));
        ether.open.set(ether.open.get() + 1);
        peer
    }

    pub(super) fn sdp(&self) -> String {
        format!("v=0\r\no=- {} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 x y z\r\n", self.id)
    }

    pub(super) fn apply_remote(&self, description: &SessionDescription) -> Result<(), String> {
        let id = description.sdp.split_whitespace().nth(2).and_then(|id| id.parse().ok());
        if self.remote.get().is_some() {
            self.ether.violation(format!("{} was given a second remote description", self.id));
        }
        self.remote.set(id);
        id.map(|_| ()).ok_or_else(|| "no such peer".to_owned())
    }

    pub(super) fn gather(self: &Rc<Self>) {
        call(&self.on_diagnostic, RtcDiagnostic::IceGatheringState(IceGatheringState::Gathering));
        for _ in 0..self.gathers {
            self.ether.later(self.ether.up_to_ms(300), self, Self::gather_one);
        }
        self.ether.later(Duration::from_millis(301), self, |peer| {
            call(&peer.on_candidate, None);
            call(&peer.on_diagnostic, RtcDiagnostic::IceGatheringState(IceGatheringState::Complete));
            peer.link();
        });
    }

    fn gather_one(self: &Rc<Self>) {
        let n = self.gathered.replace(self.gathered.get() + 1);
        let candidate = format!("candidate:{n} 1 udp 1 192.0.2.{} {} typ host", self.id % 250, 1000 + n);
        let found = IceCandidate { candidate, sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };
        call(&self.on_candidate, Some(found));
    }

    fn has_all_of(&self, other: &Self) -> bool {
        let applied = self.applied.borrow().len();
        self.remote.get() == Some(other.id) && other.gathered.get() == other.gathers && applied == other.gathers
    }

    /// Connects both ends, if each has all it needs.
    pub(super) fn link(self: &Rc<Self>) {
        let Some(other) = self.remote.get().and_then(|id| self.ether.find(id)) else { return };
        if self.linked.get() || !self.has_all_of(&other) || !other.has_all_of(self) {
            return;
        }
        for end in [self, &other] {
            end.linked.set(true);
            call(&end.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Checking));
            match self.ether.fate.get() {
                IceFate::Connects => self.ether.later(self.ether.up_to_ms(100), end, Self::connected),
                IceFate::Fails => self.ether.later(Duration::from_secs(15), end, |peer| {
                    call(&peer.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Failed));
                    call(&peer.on_state, PeerConnectionState::Failed);
                }),
                IceFate::Hangs => {}
            }
        }
    }

    fn connected(self: &Rc<Self>) {
        call(&self.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Connected));
        call(&self.on_state, PeerConnectionState::Connected);
        if self.channel.borrow().is_none() {
            let channel = FakeChannel::new("registry", self);
            self.channel.replace(Some(Rc::clone(&channel)));
            call(&self.on_channel, channel as Rc<dyn DataChannel>);
        }
        self.ether.later(self.ether.up_to_ms(20), self, |peer| {
            let channel = peer.channel.borrow().clone();
            if let Some(channel) = channel {
                channel.state.set(DataChannelState::Open);
                call(&channel.on_event, ChannelEvent::Open);
            }
        });
    }

    pub(super) fn other_end(&self) -> Option<Rc<Self>> {
        self.remote.get().and_then(|id| self.ether.find(id)).filter(|other| other.remote.get() == Some(self.id))
    }
}

pub(super) struct PeerHandle(pub(super) Rc<FakePeer>);

impl PeerConnection for PeerHandle {
    fn close(&self) {
        let peer = &self.0;
        if peer.closed.replace(true) {
            return;
        }
        peer.ether.open.set(peer.ether.open.get() - 1);
        peer.on_candidate.take();
        peer.on_state.take();
        peer.on_channel.take();
        peer.on_diagnostic.take();
        if let Some(other) = peer.other_end().filter(|other| other.linked.get()) {
            peer.ether.later(Duration::from_millis(20), &other, |other| {
                let channel = other.channel.borrow().clone();
                if let Some(channel) = channel.filter(|channel| channel.state.get() == DataChannelState::Open) {
                    channel.state.set(DataChannelState::Closed);
                    call(&channel.on_event, ChannelEvent::Close);
                }
            });
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Drop for FakePeer {
    fn drop(&mut self) {
        if !self.closed.get() {
            self.ether.violation(format!("{} was dropped without being closed", self.id));
        }
    }
}
