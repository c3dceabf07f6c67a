//! One end of a connection, as a browser would have it.
//! tidy: long because a peer connection has that many sides

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use registry_protocol::{IceCandidate, SessionDescription};

use super::channel::{Carrier, FakeChannel, Packet, call};
use super::{Ether, IceFate};
use crate::interfaces::webrtc::{
    Callback, DataChannel, DataChannelState, IceConnectionState, IceGatheringState, PeerConnection,
    PeerConnectionState, RtcDiagnostic,
};

/// After this a browser reports the path as disconnected, and after another while as failed: measured in Chromium.
const SAYS_DISCONNECTED: Duration = Duration::from_millis(5500);
const SAYS_FAILED: Duration = Duration::from_secs(16);

/// The network of candidates that nobody can reach.
const USELESS: &str = "198.51.100";

/// One end of a connection, which exists only in the [`Ether`].
///
/// It connects when both ends have applied each other's description and *every* useful candidate that the other gathered, so
/// that a single lost candidate is noticed. If both gather useless ones, one end is enough: its checks show the other where it
/// is (RFC 8445, section 7.3.1.3). An offer after `restart` starts over, on the same connection.
pub(in crate::testing) struct FakePeer {
    pub(in crate::testing) id: u32,
    ether: Rc<Ether>,
    /// How many of the candidates that it gathers are useless; they come first.
    useless: usize,
    gathers: usize,
    gathered: Cell<usize>,
    /// Counts the ICE sessions of this end from 1, and which of them it gathers for.
    session: Cell<u32>,
    gathering: Cell<u32>,
    pub(in crate::testing) restarts: Cell<bool>,
    /// The other end, and its ICE session.
    remote: Cell<Option<(u32, u32)>>,
    applied: RefCell<Vec<IceCandidate>>,
    linked: Cell<bool>,
    /// It was connected once, and has not failed since.
    alive: Cell<bool>,
    path_works: Cell<bool>,
    /// Counts changes of the path.
    path_events: Cell<u32>,
    says: Cell<PeerConnectionState>,
    pub(super) failed: Cell<bool>,
    stuck: RefCell<VecDeque<Packet>>,
    pub(in crate::testing) closed: Cell<bool>,
    pub(in crate::testing) channel: RefCell<Option<Rc<FakeChannel>>>,
    pub(in crate::testing) control: RefCell<Option<Rc<FakeChannel>>>,
    pub(in crate::testing) on_candidate: RefCell<Option<Callback<Option<IceCandidate>>>>,
    pub(in crate::testing) on_state: RefCell<Option<Callback<PeerConnectionState>>>,
    pub(in crate::testing) on_channel: RefCell<Option<Callback<Rc<dyn DataChannel>>>>,
    pub(in crate::testing) on_diagnostic: RefCell<Option<Callback<RtcDiagnostic>>>,
}

impl FakePeer {
    /// Registers an open peer connection.
    pub(in crate::testing) fn new(ether: &Rc<Ether>) -> Rc<Self> {
        let id = ether.next_id.replace(ether.next_id.get() + 1);
        let peer = Rc::new(FakePeer {
            id,
            ether: Rc::clone(ether),
            useless: ether.useless_candidates.get(),
            gathers: ether.useless_candidates.get() + ether.rng.borrow_mut().usize(1..=ether.most_candidates.get()),
            gathered: Cell::default(),
            session: Cell::new(1),
            gathering: Cell::default(),
            restarts: Cell::default(),
            remote: Cell::default(),
            applied: RefCell::default(),
            linked: Cell::default(),
            alive: Cell::default(),
            path_works: Cell::default(),
            path_events: Cell::default(),
            says: Cell::new(PeerConnectionState::New),
            failed: Cell::default(),
            stuck: RefCell::default(),
            closed: Cell::default(),
            channel: RefCell::default(),
            control: RefCell::default(),
            on_candidate: RefCell::default(),
            on_state: RefCell::default(),
            on_channel: RefCell::default(),
            on_diagnostic: RefCell::default(),
        });
        ether.peers.borrow_mut().insert(id, Rc::downgrade(&peer));
        ether.open.set(ether.open.get() + 1);
        peer
    }

    pub(in crate::testing) fn sdp(&self) -> String {
        let (id, session) = (self.id, self.session.get());
        format!(
            "v=0\r\no=- {id} {session} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 x y z\r\na=ice-pwd:opensesame{id}\r\n"
        )
    }

    /// An offer, of a new ICE session if one was requested.
    pub(in crate::testing) fn offer(&self) -> SessionDescription {
        if self.restarts.take() {
            self.session.set(self.session.get() + 1);
        }
        SessionDescription::offer(self.sdp())
    }

    /// Applies a remote description; one of another ICE session restarts the local one, too.
    pub(in crate::testing) fn apply_remote(
        &self,
        description: &SessionDescription,
        answers: bool,
    ) -> Result<(), String> {
        let mut words = description.sdp.split_whitespace().skip(2).map(str::parse);
        let (Some(Ok(id)), Some(Ok(session))) = (words.next(), words.next()) else {
            return Err("no such peer".to_owned());
        };
        match self.remote.get() {
            Some((known, _)) if known != id => {
                self.ether.violation(format!("{} was given a description of another peer", self.id));
            }
            Some(known) if known == (id, session) => return Ok(()),
            Some(_) if answers => self.session.set(self.session.get() + 1),
            _ => {}
        }
        self.remote.set(Some((id, session)));
        self.applied.borrow_mut().clear();
        self.linked.set(false);
        Ok(())
    }

    pub(in crate::testing) fn apply_candidate(&self, candidate: IceCandidate) -> Result<(), String> {
        let Some((id, session)) = self.remote.get() else {
            self.ether.violation(format!("{} was given a candidate before a description", self.id));
            return Ok(());
        };
        if !candidate.candidate.ends_with(&format!(" ufrag {id}.{session}")) {
            return Err("an unknown ufrag".to_owned());
        }
        if self.applied.borrow().contains(&candidate) {
            self.ether.violation(format!("{} was given a candidate twice", self.id));
        }
        self.applied.borrow_mut().push(candidate);
        Ok(())
    }

    pub(in crate::testing) fn gather(self: &Rc<Self>) {
        let session = self.session.get();
        if self.gathering.replace(session) == session {
            return;
        }
        self.gathered.set(0);
        call(&self.on_diagnostic, RtcDiagnostic::IceGatheringState(IceGatheringState::Gathering));
        for _ in 0..self.gathers {
            self.ether.later(self.ether.up_to_ms(300), self, move |peer| peer.gather_one(session));
        }
        self.ether.later(Duration::from_millis(301), self, |peer| {
            call(&peer.on_candidate, None);
            call(&peer.on_diagnostic, RtcDiagnostic::IceGatheringState(IceGatheringState::Complete));
            peer.link();
        });
    }

    fn gather_one(self: &Rc<Self>, session: u32) {
        if session != self.session.get() {
            return;
        }
        let (id, n) = (self.id, self.gathered.replace(self.gathered.get() + 1));
        let network = if n < self.useless { USELESS } else { "192.0.2" };
        let address = format!("{network}.{} {}", id % 250, 1000 + n);
        let candidate = format!("candidate:{n} 1 udp 1 {address} typ host ufrag {id}.{session}");
        let found = IceCandidate { candidate, sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };
        call(&self.on_candidate, Some(found));
    }

    fn has_all_of(&self, other: &Self) -> bool {
        let useful = |candidate: &&IceCandidate| !candidate.candidate.contains(USELESS);
        let applied = self.applied.borrow().iter().filter(useful).count();
        self.knows(other) && other.gathered.get() == other.gathers && applied == other.gathers - other.useless
    }

    fn knows(&self, other: &Self) -> bool {
        self.remote.get() == Some((other.id, other.session.get()))
    }

    /// Whether the two can find each other.
    fn can_reach(&self, other: &Self) -> bool {
        let (here, there) = (self.has_all_of(other), other.has_all_of(self));
        let one_is_enough = self.useless > 0 && other.useless > 0 && self.knows(other) && other.knows(self);
        if one_is_enough { here || there } else { here && there }
    }

    /// Connects both ends, if each has everything it needs.
    pub(in crate::testing) fn link(self: &Rc<Self>) {
        let Some(other) = self.remote.get().and_then(|(id, _)| self.ether.find(id)) else { return };
        if self.linked.get() || !self.can_reach(&other) {
            return;
        }
        let cut = self.ether.cut.get();
        for end in [self, &other] {
            end.linked.set(!cut);
            end.path_events.set(end.path_events.get() + 1);
            call(&end.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Checking));
            match self.ether.fate.get() {
                IceFate::Connects if !cut => self.ether.later(self.ether.up_to_ms(100), end, Self::connected),
                IceFate::Connects | IceFate::Fails => end.fails_after(Duration::from_secs(15)),
                IceFate::Hangs => {}
            }
        }
    }

    fn fails_after(self: &Rc<Self>, pause: Duration) {
        let event = self.path_events.get();
        self.ether.later(pause, self, move |peer| {
            if peer.path_events.get() == event {
                peer.failed.set(true);
                call(&peer.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Failed));
                peer.say(PeerConnectionState::Failed);
                if peer.ether.channels_die.get() {
                    peer.close_channels();
                }
            }
        });
    }

    fn say(&self, state: PeerConnectionState) {
        if self.says.replace(state) != state {
            call(&self.on_state, state);
        }
    }

    fn connected(self: &Rc<Self>) {
        if self.ether.cut.get() {
            return self.path_breaks();
        }
        self.failed.set(false);
        self.alive.set(true);
        self.path_works.set(true);
        call(&self.on_diagnostic, RtcDiagnostic::IceConnectionState(IceConnectionState::Connected));
        self.say(PeerConnectionState::Connected);
        if self.channel.borrow().is_none() {
            let channel = FakeChannel::new("registry", self);
            self.channel.replace(Some(Rc::clone(&channel)));
            call(&self.on_channel, channel as Rc<dyn DataChannel>);
        }
        self.ether.later(self.ether.up_to_ms(20), self, |peer| {
            for channel in peer.channels() {
                if channel.state.get() == DataChannelState::Connecting {
                    channel.become_state(DataChannelState::Open);
                }
            }
            peer.flush();
        });
    }

    fn channels(&self) -> Vec<Rc<FakeChannel>> {
        [&self.control, &self.channel].into_iter().filter_map(|slot| slot.borrow().clone()).collect()
    }

    fn close_channels(&self) {
        for channel in self.channels() {
            channel.become_state(DataChannelState::Closed);
        }
    }

    /// The path was cut, which the browser notices after a while.
    pub(super) fn path_breaks(self: &Rc<Self>) {
        self.path_works.set(false);
        self.path_events.set(self.path_events.get() + 1);
        if !self.alive.get() {
            return;
        }
        let event = self.path_events.get();
        self.ether.later(SAYS_DISCONNECTED, self, move |peer| {
            if peer.path_events.get() == event {
                peer.say(PeerConnectionState::Disconnected);
            }
        });
        self.fails_after(SAYS_FAILED);
    }

    /// The path was restored, unless it is cut again or the other end is gone.
    pub(super) fn path_heals(self: &Rc<Self>) {
        let alone = self.other_end().is_none_or(|other| !other.alive.get() || other.failed.get());
        if self.path_works.get() || self.ether.cut.get() || self.failed.get() || !self.alive.get() || alone {
            return;
        }
        self.path_events.set(self.path_events.get() + 1);
        self.path_works.set(true);
        self.say(PeerConnectionState::Connected);
        self.flush();
    }

    /// A message arrived at this end.
    fn arrive(self: &Rc<Self>, packet: Packet) {
        self.stuck.borrow_mut().push_back(packet);
        if self.path_works.get() {
            self.flush();
        }
    }

    fn flush(self: &Rc<Self>) {
        while let Some(packet) = self.next_packet() {
            packet.leave();
            let channel = if packet.control { &self.control } else { &self.channel }.borrow().clone();
            packet.deliver(channel);
        }
    }

    fn next_packet(&self) -> Option<Packet> {
        let open = self.channels().iter().any(|channel| channel.state.get() == DataChannelState::Open);
        if self.closed.get() || !self.path_works.get() || !open { None } else { self.stuck.borrow_mut().pop_front() }
    }

    fn other_end(&self) -> Option<Rc<Self>> {
        let other = self.remote.get().and_then(|(id, _)| self.ether.find(id))?;
        other.remote.get().is_some_and(|(id, _)| id == self.id).then_some(other)
    }
}

impl Carrier for FakePeer {
    fn is_open(&self) -> bool {
        !self.closed.get()
    }

    fn max_message_bytes(&self) -> usize {
        self.ether.max_message_bytes.get()
    }

    fn send(&self, packet: Packet) {
        // Without another end nothing arrives, and nothing tells.
        if let Some(other) = self.other_end() {
            // A constant pause keeps the order.
            self.ether.later(Duration::from_millis(5), &other, move |other| other.arrive(packet));
        }
    }
}

pub(in crate::testing) struct PeerHandle(pub(in crate::testing) Rc<FakePeer>);

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
        // Over a path that works the other end is told.
        if let Some(other) = peer.other_end().filter(|other| other.path_works.get() && !peer.ether.cut.get()) {
            peer.ether.later(Duration::from_millis(20), &other, |other| other.close_channels());
        }
    }

    fn max_message_size(&self) -> Option<usize> {
        Some(self.0.ether.max_message_bytes.get())
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
