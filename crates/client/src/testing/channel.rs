use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::peer::{FakePeer, call};
use crate::interfaces::webrtc::{CONTROL_CHANNEL_LABEL, Callback, ChannelEvent, DataChannel, DataChannelState};

/// A data channel in the [`Ether`](super::Ether).
pub(super) struct FakeChannel {
    label: String,
    pub(super) state: Cell<DataChannelState>,
    peer: Weak<FakePeer>,
    buffered: Cell<usize>,
    low: Cell<Option<usize>>,
    this: Weak<Self>,
    pub(super) on_event: RefCell<Option<Callback<ChannelEvent>>>,
}

/// A message in transit.
pub(super) struct Packet {
    from: Weak<FakeChannel>,
    control: bool,
    bytes: usize,
    event: ChannelEvent,
}

impl FakeChannel {
    pub(super) fn new(label: &str, peer: &Rc<FakePeer>) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            label: label.to_owned(),
            state: Cell::new(DataChannelState::Connecting),
            peer: Rc::downgrade(peer),
            buffered: Cell::new(0),
            low: Cell::new(None),
            this: this.clone(),
            on_event: RefCell::default(),
        })
    }

    pub(super) fn is_control(&self) -> bool {
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
        let peer = self.peer.upgrade().filter(|peer| !peer.closed.get());
        let (DataChannelState::Open, Some(peer)) = (self.state.get(), peer) else {
            return Err("the channel is not open".to_owned());
        };
        if bytes > peer.ether.max_message_bytes.get() {
            return Err("the message is too large".to_owned());
        }
        self.buffered.set(self.buffered.get() + bytes);
        let packet = Packet { from: self.this.clone(), control: self.is_control(), bytes, event };
        // Without another end nothing arrives, and nothing tells.
        if let Some(other) = peer.other_end() {
            // A constant pause keeps the order.
            peer.ether.later(Duration::from_millis(5), &other, move |other| other.arrive(packet));
        }
        Ok(())
    }
}

impl Packet {
    /// Delivers the message to `peer`, whose path works.
    pub(super) fn deliver(self, peer: &FakePeer) {
        if let Some(from) = self.from.upgrade() {
            let (before, after) = (from.buffered.get(), from.buffered.get().saturating_sub(self.bytes));
            from.buffered.set(after);
            if from.low.get().is_some_and(|low| before > low && after <= low) {
                call(&from.on_event, ChannelEvent::BufferedAmountLow);
            }
        }
        let slot = if self.control { &peer.control } else { &peer.channel };
        let channel = slot.borrow().clone();
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
