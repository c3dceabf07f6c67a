use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::limits::{JOIN_CODE_LEN, ROOM_CODE_LEN, USER_NAME_LEN};
use crate::read::{Malformed, Node, Read};

/// Why a text is not an identifier. The offending text is never repeated: it may be a secret.
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

/// An identifier: a text of a checked form. `$secret` ones print as `***`.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $valid:expr, $debug:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes `text` if it has the identifier's form.
            ///
            /// # Errors
            /// The [`ParseIdError`] that describes the form.
            pub fn parse(text: impl Into<String>) -> Result<Self, ParseIdError> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(ParseIdError::$name) }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let debug: fn(&str) -> &str = $debug;
                write!(f, concat!(stringify!($name), "({})"), debug(&self.0))
            }
        }

        impl Read for $name {
            fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
                Self::parse(String::read(node, name)?).map_err(|_| Malformed(name))
            }
        }

        deserialize_by_reading!($name);
    };
}

identifier!(
    /// The public name of a room. A Registry makes it of [`crate::limits::ROOM_CODE_ALPHABET`]; any capital letter or
    /// digit is well-formed.
    RoomCode,
    |text| text.len() == ROOM_CODE_LEN && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
    |text| text
);
identifier!(
    /// The single-use secret that admits a guest. Prints as `***`.
    JoinCode,
    |text| text.len() == JOIN_CODE_LEN && text.bytes().all(|b| b.is_ascii_digit()),
    |_| "***"
);
identifier!(
    /// What a peer calls itself; not unique.
    UserName,
    |text| USER_NAME_LEN.contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'),
    |text| text
);
identifier!(
    /// An access token: the right to act in one room in one role. A client treats it as opaque, so any non-empty
    /// printable text without spaces is well-formed. Prints as `***`.
    Token,
    |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()),
    |_| "***"
);

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
        assert_eq!(error, "the body is missing or malformed");
    }
}
