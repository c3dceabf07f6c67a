//! Does what the machine decides, and feeds the results back. It has no opinion of its own about the protocol.
//!
//! `requests` makes the calls to the Registry, `peer` handles the peer connection and its channels, `messages` hands
//! messages to the data channel, `servers` asks for STUN and TURN servers, `parting` closes a connection, `resume` keeps it
//! over a reload, `tasks` are futures that end together.

mod messages;
mod parting;
mod peer;
mod requests;
mod resume;
mod servers;
mod tasks;

use std::cell::{Cell, Ref, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;

use crate::config::{ClientConfig, ClientFuture, Dependencies};
use crate::error::{Error, ErrorKind, StateError};
use crate::event::Event;
use crate::interfaces::clock::Now;
use crate::interfaces::registry::RegistryClient;
use crate::interfaces::webrtc::DataChannel;
use crate::machine::{Command, CommandId, Effect, Input, Machine};
use crate::trace::Trace;
use servers::Servers;
use tasks::Scope;

/// Takes the outcome of a command to its caller.
type Settled = oneshot::Sender<Result<(), Error>>;

/// Carries out what the machine decides, and feeds the results back.
pub(crate) struct Runner {
    this: Weak<Self>,
    machine: RefCell<Machine>,
    registry: Rc<dyn RegistryClient>,
    outside: Dependencies,
    registry_api_url: String,
    servers: Servers,
    buffered_amount_low: usize,
    trace: Rc<Trace>,
    effects: RefCell<VecDeque<Effect>>,
    draining: Cell<bool>,
    commands: RefCell<Vec<(CommandId, Settled)>>,
    next_command: Cell<CommandId>,
    /// The data channel that the peer opened last and that is not in use yet.
    announced: RefCell<Option<Rc<dyn DataChannel>>>,
    control: RefCell<Option<Rc<dyn DataChannel>>>,
    /// Everything that belongs to the current attempt.
    attempt: Scope,
    /// The one timer.
    timer: Scope,
    /// When the timer is due.
    armed: Cell<Option<Duration>>,
    /// The long poll.
    waiting: Scope,
    /// Joining fallback rooms, which outlives the attempts.
    joining: Scope,
    /// Making and closing rooms, which outlives the session.
    farewells: Scope,
}

impl Runner {
    /// A runner whose machine is in state `idle`.
    pub(crate) fn new(
        config: ClientConfig,
        registry: Rc<dyn RegistryClient>,
        outside: Dependencies,
        trace: Rc<Trace>,
    ) -> Rc<Self> {
        let spawner = Rc::clone(&outside.spawner);
        let scope = || Scope::new(Rc::clone(&spawner));
        let buffered_amount_low = config.settings.buffered_amount_low;
        let servers = Servers::new(config.peer, outside.ice_servers.clone(), &config.settings);
        let machine = Machine::new(config.settings, outside.seed, registry.needs_permission());
        Rc::new_cyclic(|this| Self {
            this: this.clone(),
            machine: RefCell::new(machine),
            registry,
            registry_api_url: config.registry_api_url,
            servers,
            buffered_amount_low,
            trace,
            effects: RefCell::default(),
            draining: Cell::new(false),
            commands: RefCell::default(),
            next_command: Cell::new(1),
            announced: RefCell::default(),
            control: RefCell::default(),
            attempt: scope(),
            timer: scope(),
            armed: Cell::new(None),
            waiting: scope(),
            joining: scope(),
            farewells: scope(),
            outside,
        })
    }

    /// What the client was given from outside.
    pub(crate) fn outside(&self) -> &Dependencies {
        &self.outside
    }

    /// Looks at the machine.
    pub(crate) fn machine(&self) -> Ref<'_, Machine> {
        self.machine.borrow()
    }

    fn now(&self) -> Now {
        self.outside.clock.now()
    }

    pub(crate) fn command(&self, command: Command) -> impl Future<Output = Result<(), Error>> + use<> {
        let id = self.next_command.replace(self.next_command.get() + 1);
        let (sender, receiver) = oneshot::channel();
        self.commands.borrow_mut().push((id, sender));
        let fallback = self.error(StateError::Closed);
        self.input(Input::Command(id, command));
        // The sender is gone without a word only when the client itself is.
        receiver.map(move |outcome| outcome.unwrap_or(Err(fallback)))
    }

    pub(crate) fn refused<T: 'static>(&self, error: StateError) -> ClientFuture<T> {
        let error = self.error(error);
        self.trace.record(Event::Failure(error.clone()));
        Box::pin(std::future::ready(Err(error)))
    }

    fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        self.machine.borrow_mut().error_at(self.now(), kind)
    }

    /// Takes one input. Inputs that come while effects are being carried out (a listener calls the client) are
    /// decided at once, and their effects follow those that are still to be done.
    pub(crate) fn input(&self, input: Input) {
        let Some(this) = self.this.upgrade() else { return };
        let effects = this.machine.borrow_mut().handle(this.now(), input);
        this.follow(effects);
    }

    /// Carries out `effects` after those that are still to be done, and then hands over what waits.
    fn follow(&self, effects: Vec<Effect>) {
        self.effects.borrow_mut().extend(effects);
        if self.draining.replace(true) {
            return;
        }
        loop {
            while let Some(effect) = self.next_effect() {
                self.carry_out(effect);
            }
            if let Err(reason) = self.pump(None) {
                self.machine.borrow_mut().on_refused(reason);
            }
            let more = self.machine.borrow_mut().take_effects();
            if more.is_empty() {
                break;
            }
            self.effects.borrow_mut().extend(more);
        }
        self.draining.set(false);
        self.arm();
    }

    fn next_effect(&self) -> Option<Effect> {
        self.effects.borrow_mut().pop_front()
    }

    /// Sets the one timer to the machine's next deadline. One that is due earlier stays as it is: it may come to nothing, and
    /// then this sets the next. So a deadline that moves with each message costs no timer for each message.
    fn arm(&self) {
        let next = self.machine.borrow().next_timeout();
        let stays = match (self.armed.get(), next) {
            (Some(armed), Some(next)) => armed <= next,
            (armed, next) => armed == next,
        };
        if stays {
            return;
        }
        self.armed.set(next);
        self.timer.clear();
        let Some(at) = next else { return };
        let sleep = self.outside.clock.sleep(at.saturating_sub(self.now().monotonic));
        let this = self.this.clone();
        self.timer.spawn(Box::pin(async move {
            sleep.await;
            if let Some(inner) = this.upgrade() {
                inner.armed.set(None);
                inner.input(Input::Timeout);
            }
        }));
    }

    /// What belongs to the current attempt ends, even what waits for servers.
    fn end_attempt(&self) {
        self.attempt.clear();
        self.servers.forget();
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Request(number, request) => self.send_request(number, request),
            Effect::Rtc(number, action) => self.act(number, action),
            Effect::AbortLongPoll => self.waiting.clear(),
            Effect::SetState { from, to, reason } => {
                // A state manager of the application's may refuse; the machine's state is the one that counts.
                if let Err(error) = self.outside.state.set_state(to) {
                    self.trace.record(Event::Failure(self.error(error)));
                }
                self.trace.record(Event::State { from, to, reason });
            }
            Effect::SetRoom(room) => self.outside.state.set_room_info(*room),
            Effect::Abandon => {
                self.waiting.clear();
                self.end_attempt();
            }
            Effect::CloseConnection => self.close_connection(),
            Effect::Send(message) => self.send_control(&message),
            Effect::Release => self.release(),
            Effect::Part { command, durable, drain } => self.part(command, durable, drain),
            Effect::Reset => self.outside.state.reset(),
            Effect::Record(event) => self.trace.record(event),
            Effect::Settle(id, outcome) => {
                let waiting = self.commands.borrow().iter().position(|(command, _)| *command == id);
                if let Some(at) = waiting {
                    let (_, sender) = self.commands.borrow_mut().swap_remove(at);
                    let _ = sender.send(outcome);
                }
            }
        }
    }
}
