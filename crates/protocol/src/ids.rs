use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::limits::{JOIN_CODE_LEN, ROOM_CODE_LEN, USER_NAME_LEN};

/// Why a text is not a valid identifier. Never repeats the text itself, which may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseIdError {
    /// Not a room code.
    #[error("a room code is 8 capital letters and digits, like ACDE2345")]
    RoomCode,
    /// Not a join code.
    #[error("a join code is 6 digits")]
    JoinCode,
    /// Not a user name.
    #[error("a user name is 1 to 32 letters, digits, _ or -")]
    UserName,
    /// Not an access token.
    #[error("an access token is 43 characters of base64url")]
    Token,
}

/// An identifier: a checked string.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses `text`.
            ///
            /// # Errors
            /// The [`ParseIdError`] that describes the expected form.
            pub fn parse(text: impl Into<String>) -> Result<Self, ParseIdError> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(ParseIdError::$name) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                Self::parse(text)
            }
        }
    };
}

/// An identifier that anybody may see.
macro_rules! public {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )*};
}

/// A secret: it prints as `***`, and does not serialize unless the field that holds it asks for that.
macro_rules! secret {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }

        impl $name {
            /// Writes the secret out. The type does not implement `Serialize`; a field that has to carry the secret opts in
            /// with `#[serde(serialize_with = "…::expose")]`.
            ///
            /// # Errors
            /// Those of the serializer.
            pub fn expose<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }

            /// Like `expose`, for a secret that may be missing.
            ///
            /// # Errors
            /// Those of the serializer.
            pub fn expose_option<S: Serializer>(secret: &Option<Self>, serializer: S) -> Result<S::Ok, S::Error> {
                secret.as_ref().map(Self::as_str).serialize(serializer)
            }
        }
    )*};
}

public!(RoomCode, UserName);
secret!(JoinCode, Token);

identifier!(
    /// The public identifier of a room. A Registry draws it from [`crate::limits::ROOM_CODE_ALPHABET`]; any capital letters
    /// and digits are well-formed.
    RoomCode,
    |text| text.len() == ROOM_CODE_LEN && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
);
identifier!(
    /// The single-use secret that admits a guest. Prints as `***`, and serializes only where a field opts in.
    JoinCode,
    |text| text.len() == JOIN_CODE_LEN && text.bytes().all(|b| b.is_ascii_digit())
);
identifier!(
    /// A peer's display name; not unique.
    UserName,
    |text| USER_NAME_LEN.contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
);
identifier!(
    /// An access token, which grants one role in one room. Opaque to a client, so any non-empty printable ASCII without
    /// spaces is well-formed. Prints as `***`, and serializes only where a field opts in.
    ///
    /// ```compile_fail,E0277
    /// # let token = registry_protocol::Token::parse("secret").unwrap();
    /// serde_json::to_string(&token);
    /// ```
    Token,
    |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_codes_are_eight_capitals_and_digits() {
        for good in ["ACDE2345", "00000000", "ZZZZZZZZ"] {
            assert_eq!(RoomCode::parse(good).map(|c| c.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "ACDE234", "ACDE23456", "acde2345", "ACDE-345", "ÄCDE234"] {
            assert_eq!(RoomCode::parse(bad), Err(ParseIdError::RoomCode), "{bad:?}");
        }
    }

    #[test]
    fn join_codes_are_six_digits() {
        assert!(JoinCode::parse("012345").is_ok());
        for bad in ["", "12345", "1234567", "12345a", "１２"] {
            assert_eq!(JoinCode::parse(bad), Err(ParseIdError::JoinCode), "{bad:?}");
        }
    }

    #[test]
    fn user_names_are_limited_in_length_and_characters() {
        for good in ["a", "Host-User_1", &"x".repeat(32)] {
            assert!(UserName::parse(good).is_ok(), "{good:?}");
        }
        for bad in ["", "two words", "é", &"x".repeat(33)] {
            assert_eq!(UserName::parse(bad), Err(ParseIdError::UserName), "{bad:?}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", JoinCode::parse("123456").unwrap()), "JoinCode(***)");
        assert_eq!(format!("{:?}", Token::parse("abc").unwrap()), "Token(***)");
    }

    #[test]
    fn a_malformed_identifier_does_not_deserialize_and_is_not_repeated() {
        let error = serde_json::from_str::<JoinCode>("\"12345x\"").unwrap_err().to_string();
        assert!(error.starts_with("a join code is 6 digits"), "{error}");
    }
}
