//! The STUN and TURN servers: those that were given, or those that the application gives anew for each connection.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};

use super::Runner;
use crate::error::WebRtcError;
use crate::event::Event;
use crate::interfaces::webrtc::{IceServer, IceServerSource, IceServers, PeerConfig};
use crate::machine::{Effect, Input, RtcAction, RtcOutcome};
use crate::settings::Settings;

/// The servers, and what waits for them.
pub(super) struct Servers {
    peer: RefCell<PeerConfig>,
    source: RefCell<Option<Rc<dyn IceServerSource>>>,
    held: RefCell<Option<Held>>,
    /// Counts the questions.
    asked: Cell<u32>,
    /// Whether the source has answered, and what was asked for has not been done yet.
    known: Cell<bool>,
    /// Whether a peer connection was made with them: then they do if the source gives none.
    used: Cell<bool>,
    /// Whether they are others than the peer connection has.
    fresh: Cell<bool>,
    /// How long the source may take for a new connection.
    timeout: Duration,
    /// How long it may take for a restart of ICE, which has a deadline of its own.
    restart_timeout: Duration,
}

/// What is to be done with the peer connection once the servers are known, in order.
struct Held {
    /// The question whose answer it waits for.
    question: u32,
    /// The attempt.
    number: u32,
    actions: Vec<RtcAction>,
}

impl Servers {
    pub(super) fn new(peer: PeerConfig, source: Option<Rc<dyn IceServerSource>>, settings: &Settings) -> Self {
        Self {
            peer: RefCell::new(peer),
            used: Cell::default(),
            source: RefCell::new(source),
            held: RefCell::default(),
            asked: Cell::default(),
            known: Cell::default(),
            fresh: Cell::default(),
            timeout: settings.request_timeout,
            restart_timeout: settings.restart_timeout / 4,
        }
    }

    /// The configuration for a new peer connection.
    pub(super) fn config(&self) -> PeerConfig {
        self.fresh.set(false);
        self.used.set(true);
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

    /// Nothing waits for them any more.
    pub(super) fn forget(&self) {
        self.held.take();
    }

    fn source(&self) -> Option<Rc<dyn IceServerSource>> {
        self.source.borrow().clone()
    }
}

impl Runner {
    /// Replaces the servers, from the next connection and the next restart of ICE on, and for what waits for the earlier ones.
    pub(crate) fn set_ice_servers(&self, servers: IceServers) {
        match servers {
            IceServers::Fixed(servers) => {
                self.servers.source.take();
                self.servers.replace(servers);
            }
            IceServers::Asked(source) => {
                self.servers.source.replace(Some(source));
            }
        }
        if let Some(Held { number, actions, .. }) = self.servers.held.take() {
            self.follow(actions.into_iter().map(|action| Effect::Rtc(number, action)).collect());
        }
    }

    /// Does something with the peer connection, once its servers are known.
    pub(super) fn act(&self, number: u32, action: RtcAction) {
        let servers = &self.servers;
        // A new one makes whatever waits for an earlier one void.
        if action == RtcAction::CreatePeer {
            servers.held.take();
        }
        if let Some(held) = &mut *servers.held.borrow_mut() {
            return held.actions.push(action);
        }
        let needs_servers = matches!(action, RtcAction::CreatePeer | RtcAction::RestartIce);
        match servers.source().filter(|_| needs_servers && !servers.known.take()) {
            Some(source) => self.ask(number, action, &source),
            None => self.perform(number, action),
        }
    }

    fn ask(&self, number: u32, action: RtcAction, source: &Rc<dyn IceServerSource>) {
        let servers = &self.servers;
        let question = servers.asked.get() + 1;
        servers.asked.set(question);
        let timeout = if action == RtcAction::CreatePeer { servers.timeout } else { servers.restart_timeout };
        servers.held.replace(Some(Held { question, number, actions: vec![action] }));
        let (answer, timeout) = (source.ice_servers(), self.outside.clock.sleep(timeout));
        let this = self.this.clone();
        self.attempt.spawn(
            select(answer, timeout)
                .map(move |outcome| {
                    let answer = match outcome {
                        Either::Left((answer, _)) => answer,
                        Either::Right(_) => Err("they did not come in time".to_owned()),
                    };
                    if let Some(runner) = this.upgrade() {
                        runner.on_answer(question, answer);
                    }
                })
                .boxed_local(),
        );
    }

    /// Does what has waited for the servers. If there are none, those before are used; only a first connection has none.
    fn on_answer(&self, question: u32, answer: Result<Vec<IceServer>, String>) {
        let held = self.servers.held.borrow_mut().take_if(|held| held.question == question);
        let Some(Held { number, actions, .. }) = held else { return };
        match answer {
            Ok(servers) => self.servers.replace(servers),
            Err(reason) => {
                let failure = WebRtcError::NoIceServers(reason);
                if !self.servers.used.get() {
                    return self.input(Input::Rtc(number, RtcOutcome::PeerRefused(failure)));
                }
                self.trace.record(Event::Failure(self.error(failure)));
            }
        }
        self.servers.known.set(true);
        self.follow(actions.into_iter().map(|action| Effect::Rtc(number, action)).collect());
    }
}
