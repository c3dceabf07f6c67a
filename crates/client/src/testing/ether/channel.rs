use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::interfaces::webrtc::{CONTROL_CHANNEL_LABEL, Callback, ChannelEvent, DataChannel, DataChannelState};

/// What carries the messages of channels: one end of a connection.
pub(in crate::testing) trait Carrier {
    /// Whether it was not closed.
    fn is_open(&self) -> bool;

    /// Largest message that it carries, in bytes.
    fn max_message_bytes(&self) -> usize;

    /// Sends a message to the other end, if there is one.
    fn send(&self, packet: Packet);
}

/// A data channel in the [`Ether`](super::Ether).
pub(in crate::testing) struct FakeChannel {
    label: String,
    pub(super) state: Cell<DataChannelState>,
    carrier: Weak<dyn Carrier>,
    buffered: Cell<usize>,
    low: Cell<Option<usize>>,
    this: Weak<Self>,
    on_event: RefCell<Option<Callback<ChannelEvent>>>,
}

/// A message in transit.
pub(in crate::testing) struct Packet {
    from: Weak<FakeChannel>,
    /// Whether it is for the other end's control channel.
    pub(super) control: bool,
    bytes: usize,
    event: ChannelEvent,
}

impl FakeChannel {
    pub(in crate::testing) fn new<C: Carrier + 'static>(label: &str, carrier: &Rc<C>) -> Rc<Self> {
        let carrier: Weak<dyn Carrier> = Rc::<C>::downgrade(carrier);
        Rc::new_cyclic(|this| Self {
            label: label.to_owned(),
            state: Cell::new(DataChannelState::Connecting),
            carrier,
            buffered: Cell::new(0),
            low: Cell::new(None),
            this: this.clone(),
            on_event: RefCell::default(),
        })
    }

    fn is_control(&self) -> bool {
        self.label == CONTROL_CHANNEL_LABEL
    }

    /// Changes its state and reports it.
    pub(super) fn become_state(&self, state: DataChannelState) {
        let open = state == DataChannelState::Open;
        if self.state.replace(state) != state {
            call(&self.on_event, if open { ChannelEvent::Open } else { ChannelEvent::Close });
        }
    }

    fn carry(&self, bytes: usize, event: ChannelEvent) -> Result<(), String> {
        let carrier = self.carrier.upgrade().filter(|carrier| carrier.is_open());
        let (DataChannelState::Open, Some(carrier)) = (self.state.get(), carrier) else {
            return Err("the channel is not open".to_owned());
        };
        if bytes > carrier.max_message_bytes() {
            return Err("the message is too large".to_owned());
        }
        self.buffered.set(self.buffered.get() + bytes);
        carrier.send(Packet { from: self.this.clone(), control: self.is_control(), bytes, event });
        Ok(())
    }
}

impl Packet {
    /// Takes the message out of its sender's buffer.
    pub(super) fn leave(&self) {
        if let Some(from) = self.from.upgrade() {
            let (before, after) = (from.buffered.get(), from.buffered.get().saturating_sub(self.bytes));
            from.buffered.set(after);
            if from.low.get().is_some_and(|low| before > low && after <= low) {
                call(&from.on_event, ChannelEvent::BufferedAmountLow);
            }
        }
    }

    /// Delivers the message to the channel of an end whose path works.
    pub(super) fn deliver(self, channel: Option<Rc<FakeChannel>>) {
        if let Some(channel) = channel.filter(|channel| channel.state.get() != DataChannelState::Closed) {
            call(&channel.on_event, self.event);
        }
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
        self.carry(text.len(), ChannelEvent::Message(text.to_owned()))
    }

    fn send_binary(&self, bytes: &[u8]) -> Result<(), String> {
        self.carry(bytes.len(), ChannelEvent::Binary(bytes.to_vec()))
    }

    fn buffered_amount(&self) -> usize {
        self.buffered.get()
    }

    fn set_buffered_amount_low(&self, bytes: usize) {
        self.low.set(Some(bytes));
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

/// Calls the callback in `slot`, which may be replaced during the call.
pub(super) fn call<T>(slot: &RefCell<Option<Callback<T>>>, value: T) {
    let callback = slot.take();
    if let Some(callback) = callback {
        callback(value);
        slot.borrow_mut().get_or_insert(callback);
    }
}
