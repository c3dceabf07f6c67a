use std::rc::Rc;

use registry_client::Event;
use registry_client::json::Json;

use super::Page;
use super::chat::{self, ChatMessage, Delivery};

impl Page {
    /// Updates the delivery status of own messages.
    pub(super) fn apply_delivery(&mut self, event: &Event, epoch_ms: f64) {
        match event {
            Event::MessageSent { id, buffered: true, .. } => self.mark(&[*id], Delivery::Sent),
            Event::MessageSent { id, data, .. } => self.add_own(*id, data, epoch_ms, Delivery::Sent),
            Event::MessageBuffered { id, data, .. } => self.add_own(*id, data, epoch_ms, Delivery::Waiting),
            Event::MessagesDelivered { ids } => self.mark(ids, Delivery::Delivered),
            Event::MessageDropped { id, reason, .. } => self.mark(&[*id], Delivery::Lost(*reason)),
            _ => {}
        }
    }

    fn add_own(&mut self, id: u64, data: &Json, epoch_ms: f64, delivery: Delivery) {
        Rc::make_mut(&mut self.pending).push_back((id, self.chat.end()));
        let mut message = ChatMessage::new(true, data, epoch_ms);
        message.delivery = delivery;
        self.add_message(message);
    }

    fn mark(&mut self, ids: &[u64], delivery: Delivery) {
        let pending = Rc::make_mut(&mut self.pending);
        for id in ids {
            // Usually they are in order, so this finds the first.
            let Some(at) = pending.iter().position(|(known, _)| known == id) else { continue };
            let index = pending[at].1;
            if matches!(delivery, Delivery::Delivered | Delivery::Lost(_)) {
                pending.remove(at);
            }
            self.chat.update(index, |message| Rc::make_mut(message).delivery = delivery);
        }
        if pending.len() > chat::CHAT_CAPACITY {
            // A plain peer never acknowledges, so these stay without a final status.
            pending.drain(..pending.len() - chat::CHAT_CAPACITY / 2);
        }
    }

    pub(super) fn add_message(&mut self, message: ChatMessage) {
        let too_many = self.long_texts.add(self.chat.end(), message.bytes());
        self.chat.push(Rc::new(message));
        for index in too_many {
            self.chat.update(index, |message| Rc::make_mut(message).abridge());
        }
    }
}
