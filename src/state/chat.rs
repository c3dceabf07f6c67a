//! The conversation.

use std::borrow::Cow;
use std::cell::OnceCell;
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
#[derive(Clone, Debug)]
pub struct ChatMessage {
    /// Whether this side sent it.
    pub own: bool,
    /// When it was sent or received, in milliseconds since the Unix epoch by this side's wall clock.
    pub epoch_ms: f64,
    /// The delivery status of an own message.
    pub delivery: Delivery,
    data: Json,
    content: OnceCell<Content>,
}

/// What is shown of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The text; or, for anything other than a text message, its JSON with hidden characters escaped.
    pub text: Rc<str>,
    /// How many characters of its end are no longer kept.
    pub lost: usize,
    /// Whether it is JSON.
    pub json: bool,
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
    /// A message with this JSON value.
    pub fn new(own: bool, data: &Json, epoch_ms: f64) -> Self {
        Self { own, epoch_ms, delivery: Delivery::Sent, data: data.clone(), content: OnceCell::new() }
    }

    /// What is shown of it. It is decoded when it is drawn for the first time: of very many messages, most never are.
    pub fn content(&self) -> &Content {
        self.content.get_or_init(|| Content::of(&self.data))
    }

    /// Its size in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.data.as_str().len()
    }

    /// Keeps only the beginning of a long text.
    pub(super) fn abridge(&mut self) {
        let Content { text, lost, json } = self.content();
        let Excerpt { shown, left_out } = foreign::excerpt(text, LONG_BYTES / 4);
        self.content = Content { text: shown.into(), lost: lost + left_out, json: *json }.into();
        self.data = Json::from_text("");
    }
}

impl Content {
    fn of(data: &Json) -> Self {
        // serde also reads a struct from an array.
        let message = data.as_str().trim_start().starts_with('{').then(|| data.read::<TextMessage>().ok()).flatten();
        if let Some(message) = message {
            return Self { text: message.text.into(), lost: 0, json: false };
        }
        let text = match foreign::escaped_json(data.as_str()) {
            Cow::Borrowed(_) => data.text(),
            Cow::Owned(escaped) => escaped.into(),
        };
        Self { text, lost: 0, json: true }
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
    /// Adds the text of the message at this index, with its size in bytes. Returns the indices of the messages to abridge.
    pub(super) fn add(&mut self, place: usize, size: usize) -> Vec<usize> {
        let mut too_many = Vec::new();
        if size <= LONG_BYTES {
            return too_many;
        }
        let known = Rc::make_mut(&mut self.known);
        known.push_back((place, size));
        self.bytes += size;
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
        let message = ChatMessage::new(true, &text_message("hé \"x\""), 7.0);
        let Content { text, json, .. } = message.content();
        assert_eq!((&**text, *json, message.own, message.epoch_ms), ("hé \"x\"", false, true, 7.0));
    }

    #[test]
    fn a_very_long_text_is_kept_whole() {
        let text = "ä".repeat(1_000_000);
        let mut message = ChatMessage::new(false, &text_message(&text), 0.0);
        assert!(*message.content().text == *text && message.content().lost == 0);
        message.abridge();
        message.abridge();
        let Content { text, lost, json } = message.content();
        assert_eq!((text.chars().count(), *lost, *json), (1_024, 998_976, false));
    }

    #[test]
    fn the_oldest_of_too_many_long_texts_are_abridged() {
        let mut texts = LongTexts::default();
        let large = MOST_LONG_BYTES / 3;
        assert!((0..3).all(|place| texts.add(place, large).is_empty()));
        assert!(texts.add(3, 5).is_empty());
        assert_eq!(texts.add(4, large), [0]);
        assert_eq!(texts.add(5, MOST_LONG_BYTES + 1), [1, 2, 4, 5], "not even this one fits");
        assert!(texts.add(6, large).is_empty());
    }

    #[test]
    fn hidden_characters_in_json_are_escaped() {
        let Content { text, json, .. } = Content::of(&Json::from(&json!({ "text": "a\u{202e}b", "n": 1 })));
        assert!(json && text.contains("a\\u202eb"), "{text}");
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
            let Content { text, json, .. } = Content::of(&Json::from(&data));
            assert!(json, "{data}");
            assert_eq!(*text, *data.to_string());
        }
    }
}
