//! JSON as it travels: a text, which is parsed only where somebody looks into it.

use std::fmt;
use std::rc::Rc;

use registry_protocol::read::{Malformed, Read, body};
use serde_json::Value;

#[cfg(target_family = "wasm")]
use crate::browser::js;
use crate::describe::Describe;
#[cfg(not(target_family = "wasm"))]
use crate::describe::to_value;

/// A JSON value as its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Rc<str>);

impl Json {
    /// The value that has this text.
    pub fn from_text(text: impl Into<Rc<str>>) -> Self {
        Self(text.into())
    }

    /// The value that has this text, unless it is no JSON.
    pub fn parse(text: impl Into<Rc<str>>) -> Option<Self> {
        let text = text.into();
        #[cfg(target_family = "wasm")]
        let is_json = js::Parsed::parse(&text).is_some();
        #[cfg(not(target_family = "wasm"))]
        let is_json = serde_json::from_str::<Value>(&text).is_ok();
        is_json.then_some(Self(text))
    }

    /// All that a thing says about itself.
    pub fn of(thing: &dyn Describe) -> Self {
        #[cfg(target_family = "wasm")]
        return js::to_json(&js::described(thing)).unwrap_or_else(|_| Self::from_text("null"));
        #[cfg(not(target_family = "wasm"))]
        Self::from(to_value(thing))
    }

    /// A string.
    pub fn string(text: &str) -> Self {
        #[cfg(target_family = "wasm")]
        return js::to_json(&text.into()).unwrap_or_else(|_| Self::from_text("null"));
        #[cfg(not(target_family = "wasm"))]
        Self::from(Value::from(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, shared.
    pub fn text(&self) -> Rc<str> {
        Rc::clone(&self.0)
    }

    /// The parsed value.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_else(|_| Value::from(&*self.0))
    }

    /// Reads what is in it.
    ///
    /// # Errors
    /// [`Malformed`] when it is no JSON, or not of that type.
    pub fn read<T: Read>(&self) -> Result<T, Malformed> {
        read(&self.0)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        Self(value.to_string().into())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

/// Parses a text and reads what is in it.
///
/// # Errors
/// [`Malformed`] when it is no JSON, or not of that type.
pub fn read<T: Read>(text: &str) -> Result<T, Malformed> {
    #[cfg(target_family = "wasm")]
    let parsed = js::Parsed::parse(text);
    #[cfg(not(target_family = "wasm"))]
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    #[cfg(not(target_family = "wasm"))]
    let parsed = parsed.as_ref();
    body(&parsed.ok_or(Malformed("the body"))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_its_text_and_what_is_no_json_stands_for_itself() {
        let value = json!({"a": [1.5, null, "ü"]});
        assert_eq!(Json::from(&value).value(), value);
        assert_eq!(Json::from_text("hello there").value(), json!("hello there"));
        assert_eq!(Json::string("say \"hi\"").as_str(), r#""say \"hi\"""#);
    }

    #[test]
    fn what_is_no_json_or_of_another_type_is_malformed() {
        assert_eq!(read::<u64>("17"), Ok(17));
        for text in ["", "{", "\"17\"", "[17]"] {
            assert_eq!(read::<u64>(text), Err(Malformed("the body")), "{text}");
        }
    }
}
