use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use registry_protocol::{JoinCode, RoomCode, UserName};
use serde_json::Value;

use super::effect::Effect;
use super::input::{Command, CommandId, Input};
use super::machine::Machine;
use super::tasks::Scope;
use crate::client::{ClientConfig, ClientFuture, Dependencies, SendOutcome};
use crate::clock::Now;
use crate::error::{Error, ErrorKind, StateError, WebRtcError};
use crate::event::Event;
use crate::registry::RegistryClient;
use crate::state::{ConnectionState, RoomInfo};
use crate::trace::Trace;
use crate::webrtc::{DataChannel, PeerConfig};

/// Carries out what a [`Machine`] decides, and feeds the results back. It decides nothing about the protocol.
pub struct RoomManager {
    inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) this: Weak<Inner>,
    machine: RefCell<Machine>,
    pub(super) registry: Rc<dyn RegistryClient>,
    pub(super) outside: Dependencies,
    pub(super) peer: PeerConfig,
    trace: Rc<Trace>,
    effects: RefCell<VecDeque<Effect>>,
    draining: Cell<bool>,
    commands: RefCell<HashMap<CommandId, oneshot::Sender<Result<(), Error>>>>,
    next_command: Cell<CommandId>,
    pub(super) announced: RefCell<Option<Rc<dyn DataChannel>>>,
    /// Everything that belongs to the present attempt.
    pub(super) attempt: Scope,
    /// The one timer.
    timer: Scope,
    /// The request that waits for news of the room.
    pub(super) waiting: Scope,
    armed: Cell<Option<Duration>>,
    /// Closing rooms, which outlives what it ends.
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
        let inner = Rc::new_cyclic(|this| Inner {
            this: this.clone(),
            machine: RefCell::new(Machine::new(config.settings, outside.seed)),
            registry,
            peer: config.peer,
            trace,
            effects: RefCell::default(),
            draining: Cell::new(false),
            commands: RefCell::default(),
            next_command: Cell::new(1),
            announced: RefCell::default(),
            attempt: scope(),
            timer: scope(),
            waiting: scope(),
            armed: Cell::new(None),
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

    /// Hands a message to the data channel. Specification: `sendMessage`.
    ///
    /// # Errors
    /// A state error unless `connected`; the browser's refusal.
    pub fn send_message(&self, message: &Value) -> Result<SendOutcome, Error> {
        self.inner.send(message)
    }

    /// The page is going away.
    pub fn leave(&self) {
        self.inner.input(Input::Leave);
    }

    /// The page is visible again, or the network is back.
    pub fn wake(&self) {
        self.inner.input(Input::Wake);
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

impl Drop for Inner {
    fn drop(&mut self) {
        self.close_connection();
    }
}

impl Inner {
    fn now(&self) -> Now {
        self.outside.clock.now()
    }

    fn command(&self, command: Command) -> impl Future<Output = Result<(), Error>> + use<> {
        let id = self.next_command.replace(self.next_command.get() + 1);
        let (sender, receiver) = oneshot::channel();
        self.commands.borrow_mut().insert(id, sender);
        let fallback = self.error(StateError::Closed);
        self.input(Input::Command(id, command));
        // The sender is gone without a word only when the client itself is.
        receiver.map(move |outcome| outcome.unwrap_or(Err(fallback)))
    }

    fn admission(&self, command: Command) -> ClientFuture<RoomInfo> {
        let (this, outcome) = (self.this.clone(), self.command(command));
        Box::pin(async move {
            outcome.await?;
            let inner = this.upgrade();
            let room = inner.as_ref().and_then(|inner| inner.outside.state.get_room_info());
            room.ok_or_else(|| Error { kind: StateError::Closed.into(), diagnostics: Box::default() })
        })
    }

    fn refused<T: 'static>(&self, error: StateError) -> ClientFuture<T> {
        let error = self.error(error);
        self.trace.record(Event::Failure(error.clone()));
        Box::pin(std::future::ready(Err(error)))
    }

    fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        self.machine.borrow_mut().error_at(self.now(), kind)
    }

    fn send(&self, message: &Value) -> Result<SendOutcome, Error> {
        self.hand_over(message).inspect_err(|error| self.trace.record(Event::Failure(error.clone())))
    }

    fn hand_over(&self, message: &Value) -> Result<SendOutcome, Error> {
        let allowed = self.machine.borrow().may_send();
        allowed.map_err(|error| self.error(error))?;
        let not_connected = || self.error(StateError::NotConnected(self.outside.state.get_state()));
        let channel = self.outside.state.get_data_channel().ok_or_else(not_connected)?;
        let text = message.to_string();
        channel.send(&text).map_err(|reason| self.error(WebRtcError::SendFailed(reason)))?;
        self.trace.record(Event::MessageSent { data: message.clone(), bytes: text.len() });
        Ok(SendOutcome::Sent)
    }

    /// Takes one input. Inputs that come while effects are being carried out (a listener calls the client) are
    /// decided at once, and their effects follow those that are still to be done.
    pub(super) fn input(&self, input: Input) {
        let Some(this) = self.this.upgrade() else { return };
        let effects = this.machine.borrow_mut().handle(this.now(), input);
        this.effects.borrow_mut().extend(effects);
        if this.draining.replace(true) {
            return;
        }
        while let Some(effect) = this.next_effect() {
            this.carry_out(effect);
        }
        this.draining.set(false);
        this.arm();
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
        self.timer.spawn(async move {
            sleep.await;
            if let Some(inner) = this.upgrade() {
                inner.armed.set(None);
                inner.input(Input::Timeout);
            }
        });
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
            Effect::Release => self.release(),
            Effect::Reset => self.outside.state.reset(),
            Effect::Record(event) => self.trace.record(event),
            Effect::Settle(id, outcome) => {
                if let Some(sender) = self.commands.borrow_mut().remove(&id) {
                    let _ = sender.send(outcome);
                }
            }
        }
    }

    fn release(&self) {
        self.waiting.clear();
        self.attempt.clear();
        self.close_connection();
    }

    fn close_connection(&self) {
        self.announced.take();
        let (channel, connection) = (self.outside.state.get_data_channel(), self.outside.state.get_peer_connection());
        self.outside.state.forget_connection();
        if let Some(channel) = channel {
            channel.close();
        }
        if let Some(connection) = connection {
            connection.close();
        }
    }
}
