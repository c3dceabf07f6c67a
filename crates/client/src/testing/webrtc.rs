use std::cell::RefCell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use registry_protocol::{IceCandidate, SessionDescription};

use super::ether::Ether;
use super::ether::channel::FakeChannel;
use super::ether::peer::{FakePeer, PeerHandle};
use crate::error::WebRtcError;
use crate::interfaces::webrtc::{
    CONTROL_CHANNEL_LABEL, Callback, CandidatePair, DataChannel, PeerConfig, PeerConnection, PeerConnectionState,
    RtcDiagnostic, RtcFuture, WebRtcManager,
};

/// A [`WebRtcManager`] whose peer connections exist only in an [`Ether`].
pub struct FakeWebRtc {
    ether: Rc<Ether>,
    peer: RefCell<Option<Rc<FakePeer>>>,
    /// With what peer connections were made and restarted, in order.
    pub configured: RefCell<Vec<PeerConfig>>,
}

impl FakeWebRtc {
    /// Creates a manager for one client.
    pub fn new(ether: Rc<Ether>) -> Self {
        Self { ether, peer: RefCell::default(), configured: RefCell::default() }
    }

    /// The current control channel, or the application's, for sending what no client would.
    pub fn channel(&self, control: bool) -> Option<Rc<dyn DataChannel>> {
        let peer = self.peer.borrow().clone()?;
        let channel = if control { peer.control.borrow().clone() } else { peer.channel.borrow().clone() };
        channel.map(|channel| channel as Rc<dyn DataChannel>)
    }

    /// Performs `step` with the peer connection after a moment.
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
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError> {
        self.configured.borrow_mut().push(config.clone());
        if let Some(error) = self.ether.refuses.borrow().clone() {
            return Err(error);
        }
        let peer = FakePeer::new(&self.ether);
        if let Some(other) = self.peer.borrow().as_ref().filter(|other| !other.closed.get()) {
            self.ether.violation(format!("{} was made while {} of the same client was not closed", peer.id, other.id));
        }
        self.peer.replace(Some(Rc::clone(&peer)));
        Ok(Rc::new(PeerHandle(peer)))
    }

    fn create_offer(&self) -> RtcFuture<SessionDescription> {
        self.step(|peer| Ok(peer.offer()))
    }

    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription> {
        self.step(move |peer| {
            peer.apply_remote(&offer, true)?;
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
        self.step(move |peer| {
            let applied = peer.apply_remote(&description, false);
            peer.link();
            applied
        })
    }

    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()> {
        self.step(move |peer| {
            let applied = peer.apply_candidate(candidate);
            peer.link();
            applied
        })
    }

    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String> {
        let peer = self.peer.borrow().clone().ok_or("there is no peer connection")?;
        let channel = FakeChannel::new(label, &peer);
        peer.channel.replace(Some(Rc::clone(&channel)));
        Ok(channel)
    }

    fn create_control_channel(&self) -> Result<Option<Rc<dyn DataChannel>>, String> {
        if self.ether.plain.get() {
            return Ok(None);
        }
        let peer = self.peer.borrow().clone().ok_or("there is no peer connection")?;
        let channel = FakeChannel::new(CONTROL_CHANNEL_LABEL, &peer);
        peer.control.replace(Some(Rc::clone(&channel)));
        Ok(Some(channel))
    }

    fn set_configuration(&self, config: &PeerConfig) {
        self.configured.borrow_mut().push(config.clone());
    }

    fn restart_ice(&self) -> bool {
        if self.ether.no_restart.get() {
            return false;
        }
        if let Some(peer) = &*self.peer.borrow() {
            peer.restarts.set(true);
        }
        true
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
        Box::pin(std::future::ready(Some(self.ether.selected_pair())))
    }

    fn announces_pairs(&self) -> bool {
        self.ether.announces_pairs.get()
    }
}
