//! Faults on purpose, between a client and what is outside it: for step-by-step debugging, and for tests of applications.
//!
//! [`Faults`] is put between a client and its Registry and its peer connections ([`Faults::inject`]). What it does is asked for
//! by [`Rule`]s, by a [`Preset`], or by hand: a message that is held is released, edited, dropped or repeated one by one.
//! Everything is random by a seed, and marked in the trace (`fault:injected`). As long as nothing is asked for, calls pass as
//! if it was not there.

mod call;
mod content;
mod held;
mod preset;
mod registry;
mod rule;
mod webrtc;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use crate::client::WebRtcRegistryClient;
use crate::config::Dependencies;
use crate::event::Event;
use crate::interfaces::clock::{Clock, Now, seconds};
use crate::trace::Trace;
use crate::types::fault::InjectedFault;
use crate::types::operation::Operation;
use crate::types::state::ConnectionState;

pub use held::{HeldMessage, HeldProblem, Holds, Release};
pub use preset::Preset;
pub use rule::{Direction, Effect, Rule};

/// Faults on purpose. Clones are the same.
#[derive(Clone)]
pub struct Faults {
    shared: Rc<Shared>,
}

struct Shared {
    clock: Rc<dyn Clock>,
    rng: RefCell<fastrand::Rng>,
    rules: RefCell<Vec<Active>>,
    next_rule: Cell<u32>,
    held: held::Desk,
    /// Calls that wait to be overtaken.
    overtaken: RefCell<Vec<oneshot::Sender<()>>>,
    offline: Cell<bool>,
    relay_only: Cell<bool>,
    dropped: RefCell<Vec<String>>,
    trace: RefCell<Option<Rc<Trace>>>,
}

/// A rule with its number, and how often it may still apply.
struct Active {
    number: u32,
    rule: Rule,
    left: Option<u32>,
}

impl Faults {
    /// Nothing is asked for yet. All randomness comes from `seed`.
    pub fn new(clock: Rc<dyn Clock>, seed: u64) -> Self {
        let shared = Shared {
            clock,
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
            rules: RefCell::default(),
            next_rule: Cell::new(1),
            held: held::Desk::default(),
            overtaken: RefCell::default(),
            offline: Cell::new(false),
            relay_only: Cell::new(false),
            dropped: RefCell::default(),
            trace: RefCell::default(),
        };
        Self { shared: Rc::new(shared) }
    }

    /// Puts itself between a client and its dependencies.
    pub fn inject(&self, dependencies: &mut Dependencies) {
        dependencies.webrtc = webrtc::between(self.clone(), Rc::clone(&dependencies.webrtc));
        let faults = self.clone();
        dependencies.interpose = Some(Rc::new(move |registry, trace| {
            faults.shared.trace.replace(Some(Rc::clone(trace)));
            registry::between(faults.clone(), registry)
        }));
    }

    /// Starts all randomness again.
    pub fn seed(&self, seed: u64) {
        self.shared.rng.borrow_mut().seed(seed);
    }

    /// Adds a rule; returns its number.
    pub fn add(&self, rule: Rule) -> u32 {
        let number = self.shared.next_rule.replace(self.shared.next_rule.get() + 1);
        let left = rule.times;
        self.shared.rules.borrow_mut().push(Active { number, rule, left });
        number
    }

    /// Removes the rule with this number; returns whether there was one.
    pub fn remove(&self, number: u32) -> bool {
        let mut rules = self.shared.rules.borrow_mut();
        let before = rules.len();
        rules.retain(|active| active.number != number);
        rules.len() < before
    }

    /// The rules with their numbers, in the order in which they apply.
    pub fn rules(&self) -> Vec<(u32, Rule)> {
        self.shared.rules.borrow().iter().map(|active| (active.number, active.rule.clone())).collect()
    }

    /// Replaces all rules by those of a preset.
    pub fn preset(&self, preset: Preset) {
        self.shared.rules.borrow_mut().clear();
        preset.rules().into_iter().for_each(|rule| {
            self.add(rule);
        });
    }

    /// Asks for nothing any more; what is held is released.
    pub fn clear(&self) {
        self.shared.rules.borrow_mut().clear();
        self.shared.offline.set(false);
        self.shared.relay_only.set(false);
        self.shared.dropped.borrow_mut().clear();
        self.hold(Holds::default());
        self.shared.held.release_all();
    }

    /// Whether the Registry cannot be reached.
    pub fn is_offline(&self) -> bool {
        self.shared.offline.get()
    }

    /// Makes the Registry unreachable, or reachable again.
    pub fn set_offline(&self, offline: bool) {
        self.shared.offline.set(offline);
    }

    /// Whether peer connections use relays only.
    pub fn is_relay_only(&self) -> bool {
        self.shared.relay_only.get()
    }

    /// Lets the next peer connections use relays only, or what they are configured for.
    pub fn set_relay_only(&self, relay_only: bool) {
        self.shared.relay_only.set(relay_only);
    }

    /// The types of candidates that are dropped.
    pub fn dropped_types(&self) -> Vec<String> {
        self.shared.dropped.borrow().clone()
    }

    /// Drops candidates of these types (`host`, `srflx`, `prflx`, `relay`), this side's and the peer's.
    pub fn drop_types(&self, types: Vec<String>) {
        self.shared.dropped.replace(types);
    }

    /// What is held from now on.
    pub fn hold(&self, holds: Holds) {
        self.shared.held.set_holds(holds);
    }

    /// What is held.
    pub fn holds(&self) -> Holds {
        self.shared.held.holds()
    }

    /// The messages that are held, oldest first.
    pub fn held(&self) -> Vec<HeldMessage> {
        self.shared.held.messages()
    }

    /// Lets a message that is held go on, in one way or another.
    ///
    /// # Errors
    /// [`HeldProblem`]: there is none of this number, or the edited text is not one of its kind.
    pub fn release(&self, number: u32, how: Release) -> Result<(), HeldProblem> {
        self.shared.held.release(number, how)
    }

    /// Breaks the connection of the client that this was put before, as if its peer connection had crashed, without notifying
    /// the peer. Only has an effect in state `connected`.
    pub fn cut(&self, client: &WebRtcRegistryClient) {
        if client.connection_state() == ConnectionState::Connected {
            self.mark("cut", "connection", Mark::default());
            client.cut();
        }
    }

    /// Restarts ICE, as after a change of the network.
    pub fn restart_ice(&self, client: &WebRtcRegistryClient) {
        self.mark("restarted", "ICE", Mark::default());
        client.network_changed();
    }

    fn now(&self) -> Now {
        self.shared.clock.now()
    }

    fn sleep(&self, ms: f64) -> LocalBoxFuture<'static, ()> {
        self.shared.clock.sleep(seconds(ms / 1000.0))
    }

    /// Whether nothing is asked for.
    fn is_idle(&self) -> bool {
        !self.is_offline() && self.shared.rules.borrow().is_empty() && self.holds() == Holds::default()
    }

    /// Whether a candidate is to be dropped.
    fn drops(&self, candidate: &str) -> bool {
        let kind = candidate.split_ascii_whitespace().skip_while(|word| *word != "typ").nth(1);
        kind.is_some_and(|kind| self.shared.dropped.borrow().iter().any(|dropped| dropped == kind))
    }

    /// The effects of the rules that apply to a call in this direction now.
    fn effects(&self, operation: Operation, direction: Direction) -> Vec<(Effect, Option<String>)> {
        let now = self.now().monotonic;
        let mut rng = self.shared.rng.borrow_mut();
        let mut effects = Vec::new();
        for active in self.shared.rules.borrow_mut().iter_mut() {
            let rule = &active.rule;
            if active.left != Some(0) && rule.is_about(operation, direction) && rule.is_due(now, &mut rng) {
                effects.push((rule.effect.drawn(&mut rng), rule.name.clone()));
                active.left = active.left.map(|left| left - 1);
            }
        }
        effects
    }

    fn mark(&self, action: &str, target: impl Into<String>, more: Mark) {
        let Mark { delay_ms, status, rule } = more;
        let fault = InjectedFault { action: action.to_owned(), target: target.into(), delay_ms, status, rule };
        // A listener may call back.
        let trace = self.shared.trace.borrow().clone();
        if let Some(trace) = trace {
            trace.record(Event::Fault(fault));
        }
    }
}

/// What a mark in the trace says beside action and target.
#[derive(Default)]
struct Mark {
    delay_ms: Option<f64>,
    status: Option<u16>,
    rule: Option<String>,
}

/// Milliseconds of a duration.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
