//! JSON Schemas of what has a form that no derive can see.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::limits::{JOIN_CODE_LEN, MAX_SDP_BYTES, ROOM_CODE_LEN, TOKEN_BYTES, USER_NAME_LEN};
use crate::session::SDP_LINES;
use crate::{JoinCode, RoomCode, Token, UserName};

/// Declares the schema of each identifier: its pattern, what it is, and an example.
macro_rules! identifiers {
    ($($name:ident: $pattern:expr, $description:literal, $example:literal;)*) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string", "pattern": $pattern, "description": $description, "examples": [$example],
                })
            }
        }
    )*};
}

identifiers! {
    RoomCode: format!("^[A-Z0-9]{{{ROOM_CODE_LEN}}}$"), "The public name of a room.", "ACDE2345";
    JoinCode: format!("^[0-9]{{{JOIN_CODE_LEN}}}$"), "The single-use secret that admits a guest.", "123456";
    UserName: format!("^[a-zA-Z0-9_-]{{{},{}}}$", USER_NAME_LEN.start(), USER_NAME_LEN.end()),
        "What a peer calls itself; not unique.", "Ann";
    Token: format!("^[a-zA-Z0-9_-]{{{}}}$", (TOKEN_BYTES * 8).div_ceil(6)),
        "The right to act in one room in one role.", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
}

/// Of an SDP text. Its size is limited in bytes, which a schema cannot say: the limit in characters is a part of that.
pub(crate) fn sdp(_: &mut SchemaGenerator) -> Schema {
    let example = SDP_LINES.map(|start| format!("{start}-\r\n")).concat();
    json_schema!({
        "type": "string", "format": "sdp", "maxLength": MAX_SDP_BYTES, "pattern": sdp_pattern(), "examples": [example],
    })
}

/// Matches a text that has all the lines that an SDP has, in whatever order.
fn sdp_pattern() -> String {
    let ahead = |prefix: &str| format!(r"(?=(?:[\s\S]*\n)?{prefix})");
    SDP_LINES.iter().fold("^".to_owned(), |pattern, prefix| pattern + &ahead(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the schema of `T`.
    fn example<T: JsonSchema>() -> String {
        T::json_schema(&mut SchemaGenerator::default()).get("examples").unwrap()[0].as_str().unwrap().to_owned()
    }

    #[test]
    fn examples_are_what_they_are_examples_of() {
        assert!(RoomCode::parse(example::<RoomCode>()).is_ok());
        assert!(JoinCode::parse(example::<JoinCode>()).is_ok());
        assert!(UserName::parse(example::<UserName>()).is_ok());
        assert!(Token::parse(example::<Token>()).is_ok());
    }

    #[test]
    fn patterns_have_the_limits_in_them() {
        let pattern = |schema: Schema| schema.get("pattern").unwrap().as_str().unwrap().to_owned();
        let generator = &mut SchemaGenerator::default();
        assert_eq!(pattern(UserName::json_schema(generator)), "^[a-zA-Z0-9_-]{1,32}$");
        assert_eq!(pattern(Token::json_schema(generator)), "^[a-zA-Z0-9_-]{43}$");
        assert!(sdp_pattern().ends_with(r"(?=(?:[\s\S]*\n)?m=)"));
    }
}
