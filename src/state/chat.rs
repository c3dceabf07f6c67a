//! The conversation.

use std::rc::Rc;

use registry_client::describe::{Describe, Members};
use registry_client::event::DropReason;
use registry_client::json::Json;
use registry_client::protocol::read::{Malformed, Node, Read, member};

use crate::format;

/// How many messages the page keeps.
pub const CHAT_CAPACITY: usize = 20_000;

/// A text of more bytes than this is shown shortened,
const SHOWN_BYTES: usize = 16 * 1024;
/// to so many characters.
const SHOWN_CHARACTERS: usize = 1000;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatMessage {
    /// Whether this side sent it.
    pub own: bool,
    /// What is shown: the text, or the JSON of anything that is not a text message.
    pub text: Rc<str>,
    /// Whether it is shown as JSON.
    pub json: bool,
    /// When, by this side's wall clock, in milliseconds since the Unix epoch.
    pub epoch_ms: f64,
    /// For an own message: how far it has come.
    pub delivery: Delivery,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for the channel or the connection.
    Waiting,
    /// It was handed to the channel.
    Sent,
    /// The other side has it.
    Delivered,
    /// It was given up.
    Lost(DropReason),
}

impl Delivery {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Lost(_) => "lost",
        }
    }

    /// What became of it, in words for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting to be sent",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Lost(DropReason::Overflow) => "Not delivered: too many messages were waiting",
            Self::Lost(DropReason::Expired) => "Not delivered: it waited for too long",
            Self::Lost(DropReason::TooLarge) => "Not delivered: too large for the other side",
            Self::Lost(DropReason::Closed) => "Not delivered: the connection is gone",
            Self::Lost(DropReason::Unknown) => "Perhaps not delivered: the other side began anew",
        }
    }
}

impl ChatMessage {
    /// Reads what travelled.
    pub fn read(own: bool, data: &Json, epoch_ms: f64) -> Self {
        let (text, json) = match data.read::<TextMessage>() {
            Ok(message) => (shortened(&message.text), false),
            Err(_) => (shortened(data.as_str()), true),
        };
        Self { own, text, json, epoch_ms, delivery: Delivery::Sent }
    }
}

/// A text as it is shown and kept: of a very long one the beginning, and how much there is.
fn shortened(text: &str) -> Rc<str> {
    if text.len() <= SHOWN_BYTES {
        return text.into();
    }
    let shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
    format!("{shown}… ({})", format::bytes(text.len())).into()
}

/// What travels for a text: exactly `{"text": "…"}`. Anything with more in it is shown whole.
struct TextMessage {
    text: String,
}

impl Read for TextMessage {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        match node.member_count() {
            Some(1) => Ok(Self { text: member(node, "text")? }),
            _ => Err(Malformed(name)),
        }
    }
}

impl Describe for TextMessage {
    fn describe(&self, to: &mut dyn Members) {
        to.text("text", Some(&self.text));
    }
}

/// What travels for a text.
pub fn text_message(text: &str) -> Json {
    Json::of(&TextMessage { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_travels_there_and_back() {
        let message = ChatMessage::read(true, &text_message("hé \"x\""), 7.0);
        assert_eq!((&*message.text, message.json, message.own, message.epoch_ms), ("hé \"x\"", false, true, 7.0));
    }

    #[test]
    fn a_very_long_text_is_shown_by_its_beginning() {
        let message = ChatMessage::read(false, &text_message(&"ä".repeat(100_000)), 0.0);
        assert!(message.text.starts_with("ää") && message.text.ends_with(')') && message.text.len() < 3_000);
    }

    #[test]
    fn anything_else_is_shown_as_json() {
        for data in [json!("ping"), json!(null), json!({"text": 7}), json!({"text": "a", "type": "b"}), json!([1])] {
            let message = ChatMessage::read(false, &Json::from(&data), 0.0);
            assert!(message.json, "{data}");
            assert_eq!(*message.text, *data.to_string());
        }
    }
}
