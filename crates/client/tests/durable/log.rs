use std::cell::RefCell;
use std::rc::Rc;

use registry_client::event::{DropReason, Event};
use registry_client::{Subscription, WebRtcRegistryClient};
use serde_json::Value;

/// What a client has been told, over all its lives.
#[derive(Default)]
pub struct Log {
    received: Rc<RefCell<Vec<Value>>>,
    dropped: Rc<RefCell<Vec<(Value, DropReason)>>>,
    subscription: Option<Subscription>,
}

impl Log {
    /// Listens to a client from now on.
    pub fn follow(&mut self, client: &WebRtcRegistryClient) {
        let (received, dropped) = (Rc::clone(&self.received), Rc::clone(&self.dropped));
        self.subscription = Some(client.trace().subscribe(move |entry| match &entry.event {
            Event::Message { data, .. } => received.borrow_mut().push(data.value()),
            Event::MessageDropped { data, reason, .. } => dropped.borrow_mut().push((data.value(), *reason)),
            _ => {}
        }));
    }

    pub fn received(&self) -> Vec<Value> {
        self.received.borrow().clone()
    }

    pub fn dropped(&self) -> Vec<(Value, DropReason)> {
        self.dropped.borrow().clone()
    }
}
