use std::rc::Rc;

use super::{Event, TraceEvent};
use crate::json::Json;

/// Messages of more bytes than this are not kept whole.
const KEPT_MESSAGE_BYTES: usize = 1024;
/// So many characters of them are.
const KEPT_CHARACTERS: usize = 200;

impl TraceEvent {
    /// The event as it is worth keeping: of a large message only the beginning, as text.
    pub fn abridged(self: &Rc<Self>) -> Rc<Self> {
        let mut event = match &self.event {
            Event::Message { bytes, .. } | Event::MessageSent { bytes, .. } | Event::MessageBuffered { bytes, .. }
                if *bytes <= KEPT_MESSAGE_BYTES =>
            {
                return Rc::clone(self);
            }
            Event::Message { .. }
            | Event::MessageSent { .. }
            | Event::MessageBuffered { .. }
            | Event::MessageReplayed { .. }
            | Event::MessageDropped { .. } => Self { event: self.event.clone(), ..**self },
            _ => return Rc::clone(self),
        };
        if let Event::Message { data, .. }
        | Event::MessageSent { data, .. }
        | Event::MessageBuffered { data, .. }
        | Event::MessageReplayed { data, .. }
        | Event::MessageDropped { data, .. } = &mut event.event
        {
            let text = data.as_str();
            if text.len() > KEPT_MESSAGE_BYTES {
                let beginning: String = text.chars().take(KEPT_CHARACTERS).chain(['…']).collect();
                *data = Json::of(&beginning);
            }
        }
        Rc::new(event)
    }
}
