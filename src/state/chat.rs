//! The conversation.

use std::collections::VecDeque;
use std::rc::Rc;

use registry_client::event::DropReason;
use registry_client::json::Json;
use serde::{Deserialize, Serialize};

use crate::foreign::{self, Excerpt};

/// How many messages the page keeps.
pub const CHAT_CAPACITY: usize = 20_000;

/// A text with more bytes than this is long.
const LONG_BYTES: usize = 4 * 1024;
/// How many bytes of long texts are kept whole.
const MOST_LONG_BYTES: usize = 32 * 1024 * 1024;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatMessage {
    /// Whether this side sent it.
    pub own: bool,
    /// The text; or, for anything other than a text message, its JSON with hidden characters escaped.
    pub text: Rc<str>,
    /// How many characters of its end are no longer kept.
    pub lost: usize,
    /// Whether it is JSON.
    pub json: bool,
    /// When it was sent or received, in milliseconds since the Unix epoch by this side's wall clock.
    pub epoch_ms: f64,
    /// The delivery status of an own message.
    pub delivery: Delivery,
}

/// The delivery status of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Queued until the channel can take it.
    Waiting,
    /// Handed to the channel.
    Sent,
    /// Acknowledged by the peer.
    Delivered,
    /// Dropped.
    Lost(DropReason),
}

impl Delivery {
    /// The value of `data-delivery`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Lost(_) => "lost",
        }
    }

    /// The status in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Waiting => "Queued",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Lost(DropReason::Overflow) => "Not delivered: too many messages were queued",
            Self::Lost(DropReason::Expired) => "Not delivered: queued for too long",
            Self::Lost(DropReason::TooLarge) => "Not delivered: too large for the peer",
            Self::Lost(DropReason::Closed) => "Not delivered: the connection was closed",
            Self::Lost(DropReason::Unknown) => "May not have been delivered: the peer lost its state",
        }
    }
}

impl ChatMessage {
    /// Decodes a message.
    pub fn read(own: bool, data: &Json, epoch_ms: f64) -> Self {
        // serde also reads a struct from an array.
        let message = data.read::<TextMessage>().ok().filter(|_| data.as_str().trim_start().starts_with('{'));
        let (text, json): (Rc<str>, bool) = match message {
            Some(message) => (message.text.into(), false),
            None => (foreign::escaped_json(data.as_str()).into(), true),
        };
        Self { own, text, lost: 0, json, epoch_ms, delivery: Delivery::Sent }
    }

    /// Keeps only the beginning of a long text.
    pub(super) fn abridge(&mut self) {
        let Excerpt { shown, left_out } = foreign::excerpt(&self.text, LONG_BYTES / 4);
        self.lost += left_out;
        self.text = shown.into();
    }
}

/// Tracks the long texts of a conversation, which are kept whole up to a limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LongTexts {
    /// Indices in the conversation, with sizes in bytes.
    known: Rc<VecDeque<(usize, usize)>>,
    bytes: usize,
}

impl LongTexts {
    /// Adds the text of the message at this index. Returns the indices of the messages to abridge.
    pub(super) fn add(&mut self, place: usize, text: &str) -> Vec<usize> {
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

/// A text message: exactly `{"text": "…"}`. A value with other members is shown as JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextMessage {
    text: String,
}

/// The JSON value of a text message.
pub fn text_message(text: &str) -> Json {
    Json::of(&TextMessage { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_message_survives_the_round_trip() {
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
        assert!((0..3).all(|place| texts.add(place, &large).is_empty()));
        assert!(texts.add(3, "short").is_empty());
        assert_eq!(texts.add(4, &large), [0]);
        assert_eq!(texts.add(5, &"x".repeat(MOST_LONG_BYTES + 1)), [1, 2, 4, 5], "not even this one fits");
        assert!(texts.add(6, &large).is_empty());
    }

    #[test]
    fn hidden_characters_in_json_are_escaped() {
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
