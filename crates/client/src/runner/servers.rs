//! The STUN and TURN servers: those that were given, or those that the application gives anew for each connection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};

use super::Runner;
use crate::error::WebRtcError;
use crate::interfaces::webrtc::{IceServer, IceServerSource, IceServers, PeerConfig};
use crate::machine::{Effect, Input, RtcAction, RtcOutcome};

/// The servers, and what waits for them.
pub(super) struct Servers {
    peer: RefCell<PeerConfig>,
    source: RefCell<Option<Rc<dyn IceServerSource>>>,
    /// What is to be done with the peer connection once they are known, in order; `None` when nothing waits for them.
    held: RefCell<Option<Vec<RtcAction>>>,
    /// Whether the source has answered, and what was asked for has not been done yet.
    known: Cell<bool>,
    /// Whether they are others than the peer connection has.
    fresh: Cell<bool>,
    /// How long they may take.
    timeout: Duration,
}

impl Servers {
    pub(super) fn new(peer: PeerConfig, source: Option<Rc<dyn IceServerSource>>, timeout: Duration) -> Self {
        let (peer, source) = (RefCell::new(peer), RefCell::new(source));
        Self { peer, source, held: RefCell::default(), known: Cell::default(), fresh: Cell::default(), timeout }
    }

    /// The configuration for a new peer connection.
    pub(super) fn config(&self) -> PeerConfig {
        self.fresh.set(false);
        self.peer.borrow().clone()
    }

    /// The configuration for the peer connection that there is, if it is another one than it has.
    pub(super) fn other_config(&self) -> Option<PeerConfig> {
        self.fresh.take().then(|| self.config())
    }

    fn replace(&self, servers: Vec<IceServer>) {
        let earlier = std::mem::replace(&mut self.peer.borrow_mut().ice_servers, servers);
        self.fresh.set(self.fresh.get() || earlier != self.peer.borrow().ice_servers);
    }

    fn source(&self) -> Option<Rc<dyn IceServerSource>> {
        self.source.borrow().clone()
    }
}

impl Runner {
    /// Replaces the servers, from the next connection and the next restart of ICE on.
    pub(crate) fn set_ice_servers(&self, servers: IceServers) {
        let source = match servers {
            IceServers::Fixed(servers) => {
                self.servers.replace(servers);
                None
            }
            IceServers::Asked(source) => Some(source),
        };
        self.servers.source.replace(source);
    }

    /// Does something with the peer connection, once its servers are known.
    pub(super) fn act(&self, number: u32, action: RtcAction) {
        let servers = &self.servers;
        // A new one makes whatever waits for an earlier one void.
        if action == RtcAction::CreatePeer {
            servers.held.take();
        }
        if let Some(held) = &mut *servers.held.borrow_mut() {
            return held.push(action);
        }
        let needs_servers = matches!(action, RtcAction::CreatePeer | RtcAction::RestartIce);
        match servers.source().filter(|_| needs_servers && !servers.known.take()) {
            Some(source) => {
                servers.held.replace(Some(vec![action]));
                self.ask(number, &source);
            }
            None => self.perform(number, action),
        }
    }

    fn ask(&self, number: u32, source: &Rc<dyn IceServerSource>) {
        let (answer, timeout) = (source.ice_servers(), self.outside.clock.sleep(self.servers.timeout));
        let this = self.this.clone();
        self.attempt.spawn(
            select(answer, timeout)
                .map(move |outcome| {
                    let answer = match outcome {
                        Either::Left((answer, _)) => answer,
                        Either::Right(_) => Err("they did not come in time".to_owned()),
                    };
                    if let Some(runner) = this.upgrade() {
                        runner.go_on(number, answer);
                    }
                })
                .boxed_local(),
        );
    }

    /// Does what has waited for the servers. Without them there is no connection, but one that exists is restarted with those
    /// that it has.
    fn go_on(&self, number: u32, answer: Result<Vec<IceServer>, String>) {
        let Some(held) = self.servers.held.take() else { return };
        match answer {
            Ok(servers) => self.servers.replace(servers),
            Err(reason) if held.first() == Some(&RtcAction::CreatePeer) => {
                let refusal = WebRtcError::BadConfiguration(format!("no STUN and TURN servers: {reason}"));
                return self.input(Input::Rtc(number, RtcOutcome::PeerRefused(refusal)));
            }
            Err(_) => {}
        }
        self.servers.known.set(true);
        self.follow(held.into_iter().map(|action| Effect::Rtc(number, action)).collect());
    }
}
