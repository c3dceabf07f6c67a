//! What a reader tolerates: numbers that JavaScript has written, and optional fields that mean something else to the sender.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Reads a whole number that may be written as a fraction (`7.0`), since JSON does not distinguish the two. Use it with
/// `#[serde(deserialize_with = "…")]`.
///
/// # Errors
/// What is not a number, has a fractional part, or is out of the range of `T`.
pub fn whole<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let number = f64::deserialize(deserializer)?;
    let whole = (number.fract() == 0.0 && (0.0..=u64::MAX as f64).contains(&number)).then_some(number as u64);
    whole.and_then(|whole| T::try_from(whole).ok()).ok_or_else(|| D::Error::custom("expected a whole number"))
}

/// Like [`whole`], for a number that may be null; combine it with `#[serde(default)]` if it may also be missing.
///
/// # Errors
/// As for [`whole`], except for null.
pub fn whole_or_null<'de, T: TryFrom<u64>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Whole<T>>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// A whole number as [`whole`] reads it.
#[derive(Deserialize)]
#[serde(bound = "T: TryFrom<u64>")]
pub(crate) struct Whole<T>(#[serde(deserialize_with = "whole")] pub(crate) T);

/// Reads a value; one of another shape counts as missing.
///
/// # Errors
/// Only what is not JSON.
pub(crate) fn or_none<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_str(Box::<RawValue>::deserialize(deserializer)?.get()).ok())
}

/// Reads a value; one of another shape counts as the default.
///
/// # Errors
/// Only what is not JSON.
pub(crate) fn or_default<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(or_none(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Example {
        #[serde(deserialize_with = "whole")]
        count: u16,
        #[serde(default, deserialize_with = "whole_or_null")]
        more: Option<u32>,
        #[serde(default, deserialize_with = "or_default")]
        note: String,
    }

    fn read(text: &str) -> Option<Example> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn whole_numbers_may_look_like_fractions() {
        let example = |count, more| Some(Example { count, more, note: String::new() });
        assert_eq!(read(r#"{"count":7.0,"more":5e2,"unknown":{}}"#), example(7, Some(500)));
        assert_eq!(read(r#"{"count":65535,"more":null}"#), example(65_535, None));
        for wrong in ["null", "\"7\"", "-1", "0.5", "65536", "[7]", "1e99"] {
            assert_eq!(read(&format!(r#"{{"count":{wrong}}}"#)), None, "{wrong}");
        }
    }

    #[test]
    fn an_optional_field_of_another_shape_counts_as_missing() {
        for (note, read_as) in [("\"a\"", "a"), ("7", ""), ("null", ""), ("{\"a\":[1]}", "")] {
            assert_eq!(read(&format!(r#"{{"count":1,"note":{note}}}"#)).unwrap().note, read_as);
        }
    }
}
