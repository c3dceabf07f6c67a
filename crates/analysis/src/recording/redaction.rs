use std::rc::Rc;

use registry_client::json::Json;
use registry_client::{Event, TraceEvent};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// What is not written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// IP addresses: others stand for them, the same for the same.
    pub addresses: bool,
    /// The texts of messages.
    pub messages: bool,
}

impl Default for Redaction {
    /// Neither addresses nor messages.
    fn default() -> Self {
        Self { addresses: true, messages: true }
    }
}

/// What others stand for in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Redacted {
    /// IP addresses.
    Addresses,
    /// The texts of messages.
    Messages,
}

impl Redacted {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    pub(super) fn of(redaction: Redaction) -> Vec<Self> {
        let all = [(redaction.addresses, Self::Addresses), (redaction.messages, Self::Messages)];
        all.into_iter().filter_map(|(redacts, what)| redacts.then_some(what)).collect()
    }
}

/// What stands for the text of a message.
const REDACTED: &str = "(redacted)";

impl Redaction {
    /// The event without the texts of messages, if they are redacted.
    pub(super) fn applied(self, entry: &Rc<TraceEvent>) -> Rc<TraceEvent> {
        if !self.messages {
            return Rc::clone(entry);
        }
        let mut event = entry.event.clone();
        match &mut event {
            Event::Message { data, .. }
            | Event::MessageSent { data, .. }
            | Event::MessageBuffered { data, .. }
            | Event::MessageReplayed { data, .. }
            | Event::MessageDropped { data, .. } => *data = Json::of(REDACTED),
            _ => return Rc::clone(entry),
        }
        Rc::new(TraceEvent { event, ..**entry })
    }
}
