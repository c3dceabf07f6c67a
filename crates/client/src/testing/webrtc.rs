use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::future::LocalBoxFuture;
use registry_protocol::{IceCandidate, SessionDescription};

use crate::clock::{Clock, Spawner};
use crate::webrtc::{
    Callback, CandidateEnd, CandidatePair, ChannelEvent, DataChannel, DataChannelState, IceConnectionState,
    IceGatheringState, PeerConfig, PeerConnection, PeerConnectionState, RtcDiagnostic, RtcFuture, WebRtcManager,
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
    clock: Rc<dyn Clock>,
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

    fn violation(&self, what: String) {
        self.violations.borrow_mut().push(what);
    }

    fn up_to_ms(&self, ms: u64) -> Duration {
        Duration::from_millis(self.rng.borrow_mut().u64(0..=ms))
    }

    /// Calls `then` on `peer` after `pause`, unless it is closed by then.
    fn later(self: &Rc<Self>, pause: Duration, peer: &Rc<FakePeer>, then: impl FnOnce(&Rc<FakePeer>) + 'static) {
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
struct FakePeer {
    id: u32,
    ether: Rc<Ether>,
    gathers: usize,
    gathered: Cell<usize>,
    remote: Cell<Option<u32>>,
    applied: RefCell<Vec<IceCandidate>>,
    linked: Cell<bool>,
    closed: Cell<bool>,
    channel: RefCell<Option<Rc<FakeChannel>>>,
    on_candidate: RefCell<Option<Callback<Option<IceCandidate>>>>,
    on_state: RefCell<Option<Callback<PeerConnectionState>>>,
    on_channel: RefCell<Option<Callback<Rc<dyn DataChannel>>>>,
    on_diagnostic: RefCell<Option<Callback<RtcDiagnostic>>>,
}

/// Calls the callback in `slot`, which may be replaced meanwhile.
fn call<T>(slot: &RefCell<Option<Callback<T>>>, value: T) {
    let callback = slot.take();
    if let Some(callback) = callback {
        callback(value);
        slot.borrow_mut().get_or_insert(callback);
    }
}

impl FakePeer {
    fn sdp(&self) -> String {
        format!("v=0\r\no=- {} 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 x y z\r\n", self.id)
    }

    fn apply_remote(&self, description: &SessionDescription) -> Result<(), String> {
        let id = description.sdp.split_whitespace().nth(2).and_then(|id| id.parse().ok());
        if self.remote.get().is_some() {
            self.ether.violation(format!("{} was given a second remote description", self.id));
        }
        self.remote.set(id);
        id.map(|_| ()).ok_or_else(|| "no such peer".to_owned())
    }

    fn gather(self: &Rc<Self>) {
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
    fn link(self: &Rc<Self>) {
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

    fn other_end(&self) -> Option<Rc<Self>> {
        self.remote.get().and_then(|id| self.ether.find(id)).filter(|other| other.remote.get() == Some(self.id))
    }
}

struct PeerHandle(Rc<FakePeer>);

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

/// A data channel in the [`Ether`].
struct FakeChannel {
    label: String,
    state: Cell<DataChannelState>,
    peer: Weak<FakePeer>,
    on_event: RefCell<Option<Callback<ChannelEvent>>>,
}

impl FakeChannel {
    fn new(label: &str, peer: &Rc<FakePeer>) -> Rc<Self> {
        Rc::new(Self {
            label: label.to_owned(),
            state: Cell::new(DataChannelState::Connecting),
            peer: Rc::downgrade(peer),
            on_event: RefCell::default(),
        })
    }
}

impl DataChannel for FakeChannel {
    fn label(&self) -> String {
        self.label.clone()
    }

    fn ready_state(&self) -> DataChannelState {
        self.state.get()
    }

    fn send(&self, text: &str) -> Result<(), String> {
        let other = self.peer.upgrade().and_then(|peer| peer.other_end());
        let (DataChannelState::Open, Some(other)) = (self.state.get(), other) else {
            return Err("the channel is not open".to_owned());
        };
        let text = text.to_owned();
        // A constant pause keeps the order.
        other.ether.later(Duration::from_millis(5), &other, move |other| {
            let channel = other.channel.borrow().clone();
            if let Some(channel) = channel {
                call(&channel.on_event, ChannelEvent::Message(text));
            }
        });
        Ok(())
    }

    fn buffered_amount(&self) -> usize {
        0
    }

    fn on_event(&self, callback: Callback<ChannelEvent>) {
        self.on_event.replace(Some(callback));
    }

    fn close(&self) {
        self.state.set(DataChannelState::Closed);
        self.on_event.take();
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A [`WebRtcManager`] whose peer connections exist in an [`Ether`] only.
pub struct FakeWebRtc {
    ether: Rc<Ether>,
    peer: RefCell<Option<Rc<FakePeer>>>,
}

impl FakeWebRtc {
    /// A manager for one client.
    pub fn new(ether: Rc<Ether>) -> Self {
        Self { ether, peer: RefCell::default() }
    }

    /// Does `step` with the peer connection after a moment.
    fn step<T: 'static>(&self, step: impl FnOnce(&Rc<FakePeer>) -> Result<T, String> + 'static) -> RtcFuture<T> {
        let peer = self.peer.borrow().clone();
        let sleep = self.ether.clock.sleep(self.ether.up_to_ms(5));
        Box::pin(async move {
            sleep.await;
            let peer = peer.filter(|peer| !peer.closed.get()).ok_or("there is no peer connection")?;
            step(&peer)
        })
    }

    fn set<T>(&self, slot: impl Fn(&FakePeer) -> &RefCell<Option<Callback<T>>>, callback: Callback<T>) {
        if let Some(peer) = &*self.peer.borrow() {
            slot(peer).replace(Some(callback));
        }
    }
}

impl WebRtcManager for FakeWebRtc {
    fn create_peer_connection(&self, _: &PeerConfig) -> Result<Rc<dyn PeerConnection>, String> {
        let ether = &self.ether;
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
        self.peer.replace(Some(Rc::clone(&peer)));
        Ok(Rc::new(PeerHandle(peer)))
    }

    fn create_offer(&self) -> RtcFuture<SessionDescription> {
        self.step(|peer| Ok(SessionDescription::offer(peer.sdp())))
    }

    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription> {
        self.step(move |peer| {
            peer.apply_remote(&offer)?;
            Ok(SessionDescription::answer(peer.sdp()))
        })
    }

    fn set_local_description(&self, _: SessionDescription) -> RtcFuture<()> {
        self.step(|peer| {
            peer.gather();
            Ok(())
        })
    }

    fn set_remote_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.step(move |peer| peer.apply_remote(&description))
    }

    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()> {
        self.step(move |peer| {
            if peer.remote.get().is_none() {
                peer.ether.violation(format!("{} was given a candidate before a description", peer.id));
            }
            if peer.applied.borrow().contains(&candidate) {
                peer.ether.violation(format!("{} was given a candidate twice", peer.id));
            }
            peer.applied.borrow_mut().push(candidate);
            peer.link();
            Ok(())
        })
    }

    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String> {
        let peer = self.peer.borrow().clone().ok_or("there is no peer connection")?;
        let channel = FakeChannel::new(label, &peer);
        peer.channel.replace(Some(Rc::clone(&channel)));
        Ok(channel)
    }

    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>) {
        self.set(|peer| &peer.on_candidate, callback);
    }

    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>) {
        self.set(|peer| &peer.on_state, callback);
    }

    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>) {
        self.set(|peer| &peer.on_channel, callback);
    }

    fn on_diagnostic(&self, callback: Callback<RtcDiagnostic>) {
        self.set(|peer| &peer.on_diagnostic, callback);
    }

    fn selected_pair(&self) -> LocalBoxFuture<'static, Option<CandidatePair>> {
        let end = || CandidateEnd {
            candidate_type: "host".into(),
            protocol: "udp".into(),
            address: "192.0.2.1".into(),
            port: 1000,
        };
        Box::pin(std::future::ready(Some(CandidatePair { local: end(), remote: end() })))
    }
}
