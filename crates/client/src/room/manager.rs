use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use registry_protocol::{JoinCode, RoomCode, UserName};

use super::effect::Effect;
use super::input::{Command, CommandId, Input};
use super::machine::Machine;
use super::tasks::Scope;
use crate::client::{BufferLevels, ClientConfig, ClientFuture, Dependencies, SendOutcome};
use crate::clock::Now;
use crate::error::{Diagnostics, Error, ErrorKind, StateError};
use crate::event::Event;
use crate::json::Json;
use crate::registry::RegistryClient;
use crate::state::{ConnectionState, RoomInfo};
use crate::trace::Trace;
use crate::webrtc::{DataChannel, PeerConfig};

/// Takes the outcome of a command to whoever waits for it.
type Settled = oneshot::Sender<Result<(), Error>>;

/// Carries out what the pure machine decides, and feeds the results back. It decides nothing about the protocol.
pub struct RoomManager {
    pub(super) inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) this: Weak<Inner>,
    pub(super) machine: RefCell<Machine>,
    pub(super) registry: Rc<dyn RegistryClient>,
    pub(super) outside: Dependencies,
    pub(super) peer: PeerConfig,
    pub(super) buffered_amount_low: usize,
    pub(super) trace: Rc<Trace>,
    effects: RefCell<VecDeque<Effect>>,
    draining: Cell<bool>,
    commands: RefCell<Vec<(CommandId, Settled)>>,
    next_command: Cell<CommandId>,
    pub(super) announced: RefCell<Option<Rc<dyn DataChannel>>>,
    /// The control channel.
    pub(super) control: RefCell<Option<Rc<dyn DataChannel>>>,
    /// Everything that belongs to the present attempt.
    pub(super) attempt: Scope,
    /// The one timer.
    timer: Scope,
    /// The request that waits for news of the room.
    pub(super) waiting: Scope,
    armed: Cell<Option<Duration>>,
    /// Joining standby rooms, which outlives the attempts.
    pub(super) standby: Scope,
    /// Making and closing rooms, which outlives the session.
    pub(super) farewells: Scope,
}

impl RoomManager {
    /// A manager in state `idle`.
    pub fn new(
        config: ClientConfig,
        registry: Rc<dyn RegistryClient>,
        outside: Dependencies,
        trace: Rc<Trace>,
    ) -> Self {
        let spawner = Rc::clone(&outside.spawner);
        let scope = || Scope::new(Rc::clone(&spawner));
        let buffered_amount_low = config.settings.buffered_amount_low;
        let inner = Rc::new_cyclic(|this| Inner {
            this: this.clone(),
            machine: RefCell::new(Machine::new(config.settings, outside.seed)),
            registry,
            peer: config.peer,
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
            waiting: scope(),
            armed: Cell::new(None),
            standby: scope(),
            farewells: scope(),
            outside,
        });
        Self { inner }
    }

    /// Makes a room. Specification: `createRoom`.
    pub fn create_room(&self, host_user_name: &str) -> ClientFuture<RoomInfo> {
        match UserName::parse(host_user_name) {
            Ok(name) => self.inner.admission(Command::Create(name)),
            Err(error) => self.inner.refused(StateError::BadArgument(error)),
        }
    }

    /// Joins a room. Specification: `joinRoom`.
    pub fn join_room(&self, room: &str, join_code: &str, guest_user_name: &str) -> ClientFuture<RoomInfo> {
        let parsed = RoomCode::parse(room.trim().to_ascii_uppercase()).and_then(|room| {
            let join_code = JoinCode::parse(join_code.trim())?;
            Ok(Command::Join { room, join_code, guest_user_name: UserName::parse(guest_user_name)? })
        });
        match parsed {
            Ok(command) => self.inner.admission(command),
            Err(error) => self.inner.refused(StateError::BadArgument(error)),
        }
    }

    /// Begins the handshake. Specification: `startConnection`.
    pub fn start_connection(&self) -> ClientFuture<()> {
        self.inner.command(Command::Start).boxed_local()
    }

    /// Ends everything. Specification: `closeRoom`.
    pub fn close_room(&self) -> futures::future::LocalBoxFuture<'static, ()> {
        self.inner.command(Command::Close).map(drop).boxed_local()
    }

    /// Sends a message, now or when it can be. Specification: `sendMessage`.
    ///
    /// # Errors
    /// A state error before the first connection, or without one where there is no buffer; a full buffer; a message too
    /// large; the browser's refusal.
    pub fn send_message(&self, message: &Json) -> Result<SendOutcome, Error> {
        self.inner.send(message)
    }

    /// The page is visible again.
    pub fn wake(&self) {
        self.inner.input(Input::Wake);
    }

    /// The network has changed, or is back.
    pub fn network_changed(&self) {
        self.inner.input(Input::NetworkChanged);
    }

    /// Breaks the connection.
    pub fn cut(&self) {
        self.inner.input(Input::Cut);
    }

    /// How much is on its way.
    pub fn buffer(&self) -> BufferLevels {
        self.inner.machine.borrow().buffer()
    }

    /// The state. Specification: `getConnectionState`.
    pub fn connection_state(&self) -> ConnectionState {
        self.inner.outside.state.get_state()
    }

    /// The room. Specification: `getRoomInfo`.
    pub fn room_info(&self) -> Option<RoomInfo> {
        self.inner.outside.state.get_room_info()
    }
}

impl Inner {
    pub(super) fn now(&self) -> Now {
        self.outside.clock.now()
    }

    pub(super) fn command(&self, command: Command) -> impl Future<Output = Result<(), Error>> + use<> {
        let id = self.next_command.replace(self.next_command.get() + 1);
        let (sender, receiver) = oneshot::channel();
        self.commands.borrow_mut().push((id, sender));
        let fallback = self.error(StateError::Closed);
        self.input(Input::Command(id, command));
        // The sender is gone without a word only when the client itself is.
        receiver.map(move |outcome| outcome.unwrap_or(Err(fallback)))
    }

    fn admission(&self, command: Command) -> ClientFuture<RoomInfo> {
        let (this, outcome) = (self.this.clone(), self.command(command));
        Box::pin(async move {
            outcome.await?;
            let room = this.upgrade().and_then(|inner| inner.outside.state.get_room_info());
            room.ok_or_else(|| Error::new(StateError::Closed, Diagnostics::default()))
        })
    }

    pub(super) fn refused<T: 'static>(&self, error: StateError) -> ClientFuture<T> {
        let error = self.error(error);
        self.trace.record(Event::Failure(error.clone()));
        Box::pin(std::future::ready(Err(error)))
    }

    pub(super) fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        self.machine.borrow_mut().error_at(self.now(), kind)
    }

    /// Takes one input. Inputs that come while effects are being carried out (a listener calls the client) are
    /// decided at once, and their effects follow those that are still to be done.
    pub(super) fn input(&self, input: Input) {
        let Some(this) = self.this.upgrade() else { return };
        let effects = this.machine.borrow_mut().handle(this.now(), input);
        this.follow(effects);
    }

    /// Carries out `effects` after those that are still to be done, and then hands over what waits.
    pub(super) fn follow(&self, effects: Vec<Effect>) {
        self.effects.borrow_mut().extend(effects);
        if self.draining.replace(true) {
            return;
        }
        loop {
            while let Some(effect) = self.next_effect() {
                self.carry_out(effect);
            }
            if let Err(reason) = self.pump(None) {
                self.machine.borrow_mut().refused(reason);
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

    /// Sets the one timer to the machine's next deadline.
    fn arm(&self) {
        let next = self.machine.borrow().next_timeout();
        if self.armed.replace(next) == next {
            return;
        }
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

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Request(number, request) => self.send_request(number, request),
            Effect::Rtc(number, action) => self.act(number, action),
            Effect::StopWaiting => self.waiting.clear(),
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
                self.attempt.clear();
            }
            Effect::CloseConnection => self.close_connection(),
            Effect::Say(message) => self.say(&message),
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
