//! The conversation.

use std::rc::Rc;

use serde_json::{Value, json};

/// How many messages the page keeps.
pub const CHAT_CAPACITY: usize = 20_000;

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
}

impl ChatMessage {
    /// Reads what travelled.
    pub fn read(own: bool, data: &Value, epoch_ms: f64) -> Self {
        match text_of(data) {
            Some(text) => Self { own, text: text.into(), json: false, epoch_ms },
            None => Self { own, text: data.to_string().into(), json: true, epoch_ms },
        }
    }
}

/// What travels for a text: `{"text": "…"}`.
pub fn text_message(text: &str) -> Value {
    json!({ "text": text })
}

/// The text of exactly `{"text": "…"}`; anything with more in it is shown whole.
fn text_of(data: &Value) -> Option<&str> {
    let object = data.as_object().filter(|object| object.len() == 1)?;
    object.get("text")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_travels_there_and_back() {
        let message = ChatMessage::read(true, &text_message("hé \"x\""), 7.0);
        assert_eq!((&*message.text, message.json, message.own, message.epoch_ms), ("hé \"x\"", false, true, 7.0));
    }

    #[test]
    fn anything_else_is_shown_as_json() {
        for data in [json!("ping"), json!(null), json!({"text": 7}), json!({"text": "a", "type": "b"}), json!([1])] {
            let message = ChatMessage::read(false, &data, 0.0);
            assert!(message.json, "{data}");
            assert_eq!(*message.text, *data.to_string());
        }
    }
}
