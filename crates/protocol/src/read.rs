//! Reading JSON that somebody has parsed: `serde_json` natively, the browser in WebAssembly, where code that reads while
//! it parses is many times the size.

use serde_json::Value;
use thiserror::Error;

/// A parsed JSON value, whoever parsed it.
pub trait Node: Sized {
    /// The member of that name, if this is an object that has it.
    fn member(&self, name: &str) -> Option<Self>;
    /// How many members it has, if this is an object.
    fn member_count(&self) -> Option<usize>;
    /// The items, if this is an array.
    fn items(&self) -> Option<Vec<Self>>;
    /// The text, if this is a string.
    fn text(&self) -> Option<String>;
    /// The number, if this is one.
    fn number(&self) -> Option<f64>;
    /// The truth value, if this is one.
    fn flag(&self) -> Option<bool>;
    /// Whether this is null.
    fn is_null(&self) -> bool;
    /// The value written as JSON again.
    fn json(&self) -> Option<String>;
}

/// The JSON is not of the shape that belongs there. Its content is never repeated: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is missing or malformed")]
pub struct Malformed(
    /// The member that is missing or malformed.
    pub &'static str,
);

/// What can be read from parsed JSON.
pub trait Read: Sized {
    /// Reads the value of the member `name`.
    ///
    /// # Errors
    /// [`Malformed`], with the innermost member that is wrong.
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed>;

    /// What it means that the member is missing, or null.
    ///
    /// # Errors
    /// [`Malformed`], unless it may be missing.
    fn read_nothing(name: &'static str) -> Result<Self, Malformed> {
        Err(Malformed(name))
    }
}

/// Reads the member `name` of an object.
///
/// # Errors
/// [`Malformed`] when it is missing and may not be, or is not of its type.
pub fn member<T: Read>(node: &impl Node, name: &'static str) -> Result<T, Malformed> {
    match node.member(name).filter(|member| !member.is_null()) {
        Some(member) => T::read(&member, name),
        None => T::read_nothing(name),
    }
}

/// Reads a whole body.
///
/// # Errors
/// [`Malformed`] when it is not of its type.
pub fn body<T: Read>(node: &impl Node) -> Result<T, Malformed> {
    T::read(node, "the body")
}

impl Node for &Value {
    fn member(&self, name: &str) -> Option<Self> {
        self.get(name)
    }

    fn member_count(&self) -> Option<usize> {
        self.as_object().map(serde_json::Map::len)
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().map(|items| items.iter().collect())
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        Value::is_null(self)
    }

    fn json(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Read for String {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        node.text().ok_or(Malformed(name))
    }
}

impl Read for bool {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        node.flag().ok_or(Malformed(name))
    }
}

impl Read for f64 {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        node.number().ok_or(Malformed(name))
    }
}

/// Numbers that JSON cannot tell from fractions: those with one are refused, and those out of range.
macro_rules! read_integers {
    ($($type:ty),*) => {
        $(impl Read for $type {
            fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
                let number = f64::read(node, name)?;
                let fits = number.fract() == 0.0 && (0.0..=<$type>::MAX as f64).contains(&number);
                fits.then_some(number as $type).ok_or(Malformed(name))
            }
        })*
    };
}

read_integers!(u16, u32, u64);

impl<T: Read> Read for Option<T> {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        T::read(node, name).map(Some)
    }

    fn read_nothing(_: &'static str) -> Result<Self, Malformed> {
        Ok(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        let mut all = Self::new();
        for item in node.items().ok_or(Malformed(name))? {
            all.push(T::read(&item, name)?);
        }
        Ok(all)
    }
}

/// Reads a structure by its members' names, and lets `serde` read it so.
#[macro_export]
macro_rules! read_members {
    ($type:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl $crate::read::Read for $type {
            fn read(node: &impl $crate::read::Node, _: &'static str) -> Result<Self, $crate::read::Malformed> {
                Ok(Self { $($field: $crate::read::member(node, $name)?),* })
            }
        }
    };
}

/// Lets `serde` read what can be read from parsed JSON, so that both ways follow one rule.
macro_rules! deserialize_by_reading {
    ($($type:ty),*) => {
        $(impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::read::body(&&value).map_err(serde::de::Error::custom)
            }
        })*
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    struct Example {
        count: u16,
        words: Vec<String>,
        note: Option<bool>,
    }

    read_members!(Example { count: "count", words: "words", note: "note" });

    #[test]
    fn members_are_read_by_name_and_what_is_unknown_is_left_out() {
        let read = |value: Value| body::<Example>(&&value);
        let whole = json!({"count": 7.0, "words": ["a"], "note": true, "more": {}});
        assert_eq!(read(whole), Ok(Example { count: 7, words: vec!["a".into()], note: Some(true) }));
        let without = json!({"count": 65_535, "words": [], "note": null});
        assert_eq!(read(without), Ok(Example { count: 65_535, words: vec![], note: None }));
    }

    #[test]
    fn what_is_wrong_is_named_and_not_repeated() {
        let count = |count: Value| body::<Example>(&&json!({"count": count, "words": []})).unwrap_err();
        for wrong in [json!(null), json!("7"), json!(-1), json!(0.5), json!(65_536), json!([7])] {
            assert_eq!(count(wrong), Malformed("count"));
        }
        let words = body::<Example>(&&json!({"count": 1, "words": ["a", 5]})).unwrap_err();
        assert_eq!(words.to_string(), "words is missing or malformed");
        assert_eq!(body::<Example>(&&json!([])), Err(Malformed("count")));
    }
}
