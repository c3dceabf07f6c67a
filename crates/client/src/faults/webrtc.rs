use std::future::ready;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use registry_protocol::{IceCandidate, SessionDescription};

use super::{Faults, Mark};
use crate::error::WebRtcError;
use crate::interfaces::webrtc::{
    Callback, CandidatePair, DataChannel, IceTransportPolicy, PeerConfig, PeerConnection, PeerConnectionState,
    RtcDiagnostic, RtcFuture, WebRtcManager,
};
use crate::json::Json;

/// Peer connections with faults between them and their user.
struct Between {
    faults: Faults,
    inner: Rc<dyn WebRtcManager>,
}

pub(super) fn between(faults: Faults, inner: Rc<dyn WebRtcManager>) -> Rc<dyn WebRtcManager> {
    Rc::new(Between { faults, inner })
}

impl Between {
    /// Whether a candidate is dropped, which is marked.
    fn drops(&self, candidate: &IceCandidate, side: &str) -> bool {
        drops(&self.faults, candidate, side)
    }
}

fn drops(faults: &Faults, candidate: &IceCandidate, side: &str) -> bool {
    let dropped = faults.drops(&candidate.candidate);
    if dropped {
        faults.mark("dropped", format!("{side} candidate"), Mark::default());
    }
    dropped
}

impl WebRtcManager for Between {
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError> {
        if !self.faults.is_relay_only() {
            return self.inner.create_peer_connection(config);
        }
        self.faults.mark("relay only", "peer connection", Mark::default());
        let config = PeerConfig { ice_transport_policy: IceTransportPolicy::Relay, ..config.clone() };
        self.inner.create_peer_connection(&config)
    }

    fn create_offer(&self) -> RtcFuture<SessionDescription> {
        self.inner.create_offer()
    }

    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription> {
        self.inner.create_answer(offer)
    }

    fn set_local_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.inner.set_local_description(description)
    }

    fn set_remote_description(&self, mut description: SessionDescription) -> RtcFuture<()> {
        let (dropped, kept): (Vec<_>, Vec<_>) = description.sdp.split_inclusive('\n').partition(|line| {
            let candidate = line.strip_prefix("a=").filter(|line| line.starts_with("candidate:"));
            candidate.is_some_and(|candidate| self.faults.drops(candidate))
        });
        if !dropped.is_empty() {
            dropped.iter().for_each(|_| self.faults.mark("dropped", "remote candidate", Mark::default()));
            description.sdp = kept.concat();
        }
        self.inner.set_remote_description(description)
    }

    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()> {
        if self.drops(&candidate, "remote") {
            return Box::pin(ready(Err("dropped by an injected fault".to_owned())));
        }
        self.inner.add_ice_candidate(candidate)
    }

    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String> {
        self.inner.create_data_channel(label)
    }

    fn create_control_channel(&self) -> Result<Option<Rc<dyn DataChannel>>, String> {
        self.inner.create_control_channel()
    }

    fn set_configuration(&self, config: &PeerConfig) {
        self.inner.set_configuration(config);
    }

    fn restart_ice(&self) -> bool {
        self.inner.restart_ice()
    }

    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>) {
        let faults = self.faults.clone();
        self.inner.on_ice_candidate(Box::new(move |candidate| {
            if candidate.as_ref().is_none_or(|candidate| !drops(&faults, candidate, "local")) {
                callback(candidate);
            }
        }));
    }

    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>) {
        self.inner.on_connection_state_change(callback);
    }

    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>) {
        self.inner.on_data_channel(callback);
    }

    fn on_diagnostic(&self, callback: Callback<RtcDiagnostic>) {
        self.inner.on_diagnostic(callback);
    }

    fn statistics(&self) -> LocalBoxFuture<'static, Option<Json>> {
        self.inner.statistics()
    }

    fn selected_pair(&self) -> LocalBoxFuture<'static, Option<CandidatePair>> {
        self.inner.selected_pair()
    }

    fn announces_pairs(&self) -> bool {
        self.inner.announces_pairs()
    }
}
