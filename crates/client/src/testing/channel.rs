use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::ether::{FakePeer, call};
use crate::webrtc::{Callback, ChannelEvent, DataChannel, DataChannelState};

/// A data channel in the [`Ether`].
pub(super) struct FakeChannel {
    label: String,
    pub(super) state: Cell<DataChannelState>,
    peer: Weak<FakePeer>,
    pub(super) on_event: RefCell<Option<Callback<ChannelEvent>>>,
}

impl FakeChannel {
    pub(super) fn new(label: &str, peer: &Rc<FakePeer>) -> Rc<Self> {
        Rc::new(Self {
            label: label.to_owned(),
            state: Cell::new(DataChannelState::Connecting),
            peer: Rc::downgrade(peer),
            on_event: RefCell::default(),
        })
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
        let other = self.peer.upgrade().and_then(|peer| peer.other_end());
        let (DataChannelState::Open, Some(other)) = (self.state.get(), other) else {
            return Err("the channel is not open".to_owned());
        };
        let text = text.to_owned();
        // A constant pause keeps the order.
        other.ether.later(Duration::from_millis(5), &other, move |other| {
            let channel = other.channel.borrow().clone();
            if let Some(channel) = channel {
                call(&channel.on_event, ChannelEvent::Message(text));
            }
        });
        Ok(())
    }

    fn buffered_amount(&self) -> usize {
        0
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
