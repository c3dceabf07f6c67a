//! The conversation.

use std::collections::VecDeque;
use std::rc::Rc;

use registry_client::event::DropReason;
use registry_client::json::Json;
use serde::{Deserialize, Serialize};

use crate::foreign::{self, Excerpt};

/// How many messages the page keeps.
pub const CHAT_CAPACITY: usize = 20_000;

/// A text of more bytes than this is long,
const LONG_BYTES: usize = 4 * 1024;
/// and so many bytes of long texts are kept.
const MOST_LONG_BYTES: usize = 32 * 1024 * 1024;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatMessage {
    /// Whether this side sent it.
    pub own: bool,
    /// The text, or the JSON of anything that is not a text message, in which nothing is hidden.
    pub text: Rc<str>,
    /// How many characters of its end are no longer kept.
    pub lost: usize,
    /// Whether it is JSON.
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
        // serde also reads a struct from an array.
        let message = data.read::<TextMessage>().ok().filter(|_| data.as_str().trim_start().starts_with('{'));
        let (text, json): (Rc<str>, bool) = match message {
            Some(message) => (message.text.into(), false),
            None => (foreign::escaped_json(data.as_str()).into(), true),
        };
        Self { own, text, lost: 0, json, epoch_ms, delivery: Delivery::Sent }
    }

    /// Keeps no more than the beginning of a long text.
    pub(super) fn abridge(&mut self) {
        let Excerpt { shown, left_out } = foreign::excerpt(&self.text, LONG_BYTES / 4);
        self.lost += left_out;
        self.text = shown.into();
    }
}

/// The long texts of a conversation, which are kept whole up to a limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LongTexts {
    /// Places in the conversation, with the sizes in bytes.
    known: Rc<VecDeque<(usize, usize)>>,
    bytes: usize,
}

impl LongTexts {
    /// Notes the text of the message at this place. Those at the places that it returns are to be abridged.
    pub(super) fn note(&mut self, place: usize, text: &str) -> Vec<usize> {
        let mut too_many = Vec::new();
        if text.len() <= LONG_BYTES {
            return too_many;
        }
        let known = Rc::make_mut(&mut self.known);
        known.push_back((place, text.len()));
        self.bytes += text.len();
        while self.bytes > MOST_LONG_BYTES
            && let Some((place, bytes)) = known.pop_front()
        {
            self.bytes -= bytes;
            too_many.push(place);
        }
        too_many
    }
}

/// A text message: exactly `{"text": "…"}`. Anything with more in it is shown whole.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextMessage {
    text: String,
}

/// The message that carries a text.
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
    fn a_very_long_text_is_kept_whole() {
        let text = "ä".repeat(1_000_000);
        let mut message = ChatMessage::read(false, &text_message(&text), 0.0);
        assert!(*message.text == *text && message.lost == 0);
        message.abridge();
        message.abridge();
        assert_eq!((message.text.chars().count(), message.lost), (1_024, 998_976));
    }

    #[test]
    fn the_oldest_of_too_many_long_texts_are_abridged() {
        let mut texts = LongTexts::default();
        let large = "x".repeat(MOST_LONG_BYTES / 3);
        assert!((0..3).all(|place| texts.note(place, &large).is_empty()));
        assert!(texts.note(3, "short").is_empty());
        assert_eq!(texts.note(4, &large), [0]);
        assert_eq!(texts.note(5, &"x".repeat(MOST_LONG_BYTES + 1)), [1, 2, 4, 5], "not even this one fits");
        assert!(texts.note(6, &large).is_empty());
    }

    #[test]
    fn json_hides_nothing() {
        let message = ChatMessage::read(false, &Json::from(&json!({ "text": "a\u{202e}b", "n": 1 })), 0.0);
        assert!(message.json && message.text.contains("a\\u202eb"), "{}", message.text);
    }

    #[test]
    fn anything_else_is_shown_as_json() {
        for data in [
            json!("ping"),
            json!(null),
            json!({"text": 7}),
            json!({"text": "a", "type": "b"}),
            json!([1]),
            json!(["a"]),
        ] {
            let message = ChatMessage::read(false, &Json::from(&data), 0.0);
            assert!(message.json, "{data}");
            assert_eq!(*message.text, *data.to_string());
        }
    }
}
