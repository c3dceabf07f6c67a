use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use registry_client::event::{DropReason, Event};
use registry_client::{Subscription, WebRtcRegistryClient};
use serde_json::Value;

/// What a client has been told, over all its lives.
#[derive(Default)]
pub struct Log {
    told: Rc<Told>,
    subscription: Option<Subscription>,
}

#[derive(Default)]
struct Told {
    received: RefCell<Vec<Value>>,
    dropped: RefCell<Vec<(Value, DropReason)>>,
    delivered: RefCell<Vec<Value>>,
    /// The messages that were accepted, by their numbers.
    accepted: RefCell<BTreeMap<u64, Value>>,
    plain: Cell<bool>,
}

impl Told {
    fn hear(&self, event: &Event) {
        match event {
            Event::Message { data, .. } => self.received.borrow_mut().push(data.value()),
            Event::MessageSent { id, data, .. } | Event::MessageBuffered { id, data, .. } => {
                self.accepted.borrow_mut().insert(*id, data.value());
            }
            Event::MessageDropped { data, reason, .. } => self.dropped.borrow_mut().push((data.value(), *reason)),
            Event::MessagesDelivered { ids } => {
                let accepted = self.accepted.borrow();
                self.delivered.borrow_mut().extend(ids.iter().filter_map(|id| accepted.get(id).cloned()));
            }
            Event::PeerKind { durable: false } => self.plain.set(true),
            _ => {}
        }
    }
}

impl Log {
    /// Listens to a client from now on.
    pub fn follow(&mut self, client: &WebRtcRegistryClient) {
        let told = Rc::clone(&self.told);
        self.subscription = Some(client.trace().subscribe(move |entry| told.hear(&entry.event)));
    }

    pub fn received(&self) -> Vec<Value> {
        self.told.received.borrow().clone()
    }

    pub fn dropped(&self) -> Vec<(Value, DropReason)> {
        self.told.dropped.borrow().clone()
    }

    /// What was reported as delivered.
    pub fn delivered(&self) -> Vec<Value> {
        self.told.delivered.borrow().clone()
    }

    /// Whether the other side was ever taken for a plain peer, to which nothing is promised.
    pub fn met_a_plain_peer(&self) -> bool {
        self.told.plain.get()
    }
}
