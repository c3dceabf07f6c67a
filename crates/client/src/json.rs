//! JSON text: an application's messages travel as their text, and everything else is read and written by serde.

use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

/// A JSON value as its text, which is parsed only when somebody looks into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Rc<str>);

impl Json {
    /// Takes a text as it is. One that is not JSON stands for itself, as a string.
    pub fn from_text(text: impl Into<Rc<str>>) -> Self {
        Self(text.into())
    }

    /// Takes a text if it is JSON.
    pub fn parse(text: impl Into<Rc<str>>) -> Option<Self> {
        let text = text.into();
        serde_json::from_str::<IgnoredAny>(&text).is_ok().then_some(Self(text))
    }

    /// Serializes a value; one that JSON cannot represent becomes null.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Self {
        Self::from_text(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
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

    /// Deserializes the value.
    ///
    /// # Errors
    /// [`Malformed`] if the text is not JSON, or not of type `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
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
        Self::of(value)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::of(&value)
    }
}

impl Serialize for Json {
    /// Writes the value itself, not a string that contains it. Only for `serde_json`, like [`RawValue`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(&self.0) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Keeps the text of any value. Only for `serde_json`, like [`RawValue`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Box::<RawValue>::deserialize(deserializer)?.get().into()))
    }
}

/// Why a JSON text could not be read: where the problem is, but never what is there, since it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The text is not JSON.
    #[error("it is not JSON")]
    NotJson,
    /// A member is missing.
    #[error("it has no member {0}")]
    Missing(String),
    /// A value is not of the expected type. Lines and columns count from 1; the column is that of the value's end.
    #[error("it has an unexpected value at line {line}, column {column}")]
    Unexpected {
        /// The line.
        line: usize,
        /// The column, in bytes.
        column: usize,
    },
}

impl From<serde_json::Error> for Malformed {
    fn from(error: serde_json::Error) -> Self {
        if !error.is_data() {
            return Self::NotJson;
        }
        // Serde's other messages quote what they found.
        match error.to_string().strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(member) => Self::Missing(member.to_owned()),
            None => Self::Unexpected { line: error.line(), column: error.column() },
        }
    }
}

/// Deserializes a JSON text.
///
/// # Errors
/// [`Malformed`] if it is not JSON, or not of type `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Malformed> {
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests {
    use registry_protocol::RoomCreationResponse;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_its_text_and_what_is_not_json_stands_for_itself() {
        let value = json!({"a": [1.5, null, "ü"]});
        assert_eq!(Json::from(&value).value(), value);
        assert_eq!(Json::from_text("hello there").value(), json!("hello there"));
        assert_eq!(Json::of("say \"hi\"").as_str(), r#""say \"hi\"""#);
    }

    #[test]
    fn a_message_inside_a_value_keeps_its_text() {
        let texts = ["[0.43785233306495347,1e400, -0.0]", r#"{"z":1,"a":"\ud800","z":2}"#, "null"];
        for text in texts {
            let written = Json::of(&[Json::from_text(text)]);
            assert_eq!(written.as_str(), format!("[{text}]"));
            assert_eq!(written.read::<Vec<Json>>(), Ok(vec![Json::from_text(text)]));
        }
        assert_eq!(Json::of(&[Json::from_text("no JSON")]).as_str(), r#"["no JSON"]"#);
    }

    #[test]
    fn json_is_told_from_other_text_however_deep_it_is() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        for text in ["1", " [1.5e9999] ", "\"\"", &deep] {
            assert!(Json::parse(text).is_some(), "{text:.20}");
        }
        for text in ["", "hello", "{", "[1]x", "'a'", "\u{feff}{}", "NaN"] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_error_says_where_and_never_repeats_what_is_there() {
        let whole = json!({"code": "ACDE2345", "joinCode": "123456", "ownerToken": "secret", "expiresAt": 1});
        for name in ["code", "joinCode", "ownerToken", "expiresAt"] {
            for wrong in [json!({"secret": "secret"}), json!(["secret"]), json!("secret "), json!(null), json!(true)] {
                let mut value = whole.clone();
                value[name] = wrong;
                let error = Json::from(value).read::<RoomCreationResponse>().unwrap_err();
                assert!(matches!(error, Malformed::Unexpected { line: 1, .. }), "{name}: {error}");
                assert!(!error.to_string().contains("secret"), "{error}");
            }
            let mut value = whole.clone();
            value.as_object_mut().unwrap().remove(name);
            let error = Json::from(value).read::<RoomCreationResponse>().unwrap_err();
            assert_eq!(error, Malformed::Missing(name.to_owned()));
        }
    }

    #[test]
    fn what_is_not_json_or_of_another_kind_is_malformed() {
        assert_eq!(read::<u64>("17"), Ok(17));
        for text in ["", "17 secret", "secret"] {
            assert_eq!(read::<u64>(text), Err(Malformed::NotJson), "{text}");
        }
        for text in ["{", "\"secret\"", "[17]", "null"] {
            assert!(matches!(read::<u64>(text), Err(Malformed::Unexpected { .. })), "{text}");
        }
    }
}
