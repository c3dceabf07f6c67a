use serde::Serialize;

use crate::read::{Malformed, Node, Read, member};

/// Declares the error codes with their text on the wire.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// Why a Registry refused a request.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
            /// A code that this version does not know.
            #[serde(untagged)]
            #[cfg_attr(feature = "schema", schemars(skip))]
            Other(String),
        }

        read_words!(ErrorCode, $($text => $variant),*);

        impl ErrorCode {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(other) => other,
                }
            }
        }
    };
}

codes! {
    /// The user name is malformed (400).
    BadUsername = "bad_username",
    /// The join code is malformed (400) or wrong (403).
    BadJoinCode = "bad_join_code",
    /// The description is malformed (400) or too large (413).
    BadSdp = "bad_sdp",
    /// The candidate is malformed (400) or too large (413).
    BadCandidate = "bad_candidate",
    /// The body is not JSON, or not of the call's shape (400).
    BadJson = "bad_json",
    /// The version header is missing or unknown (400).
    MissingVersion = "missing_version",
    /// The access token is missing, wrong, or of the wrong role (403).
    Forbidden = "forbidden",
    /// No such room, or no such route (404).
    NotFound = "not_found",
    /// Somebody has joined already (409).
    NotOpen = "not_open",
    /// The guest answers before there is an offer (409).
    NoOffer = "no_offer",
    /// The handshake's descriptions are settled and cannot be replaced (409).
    AlreadyPaired = "already_paired",
    /// The peer has posted as many candidates as it may (409).
    TooManyCandidates = "too_many_candidates",
    /// The body is above the limit (413).
    BodyTooLarge = "body_too_large",
    /// Too many requests (429).
    RateLimited = "rate_limited",
    /// The server cannot take the request now (503), or not as slowly as it arrives (408).
    Retry = "retry",
    /// The server failed (500).
    InternalError = "internal_error",
}

/// The inside of an [`ErrorEnvelope`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// For programs.
    pub code: ErrorCode,
    /// For people. Never holds a token, a join code, an SDP or a candidate.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// When it may, in seconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_sec: Option<f64>,
}

impl Read for ErrorBody {
    /// A program needs the code; what else is missing or malformed is as good as not said.
    fn read(node: &impl Node, _: &'static str) -> Result<Self, Malformed> {
        Ok(Self {
            code: member(node, "code")?,
            message: member(node, "message").unwrap_or_default(),
            retryable: member(node, "retryable").unwrap_or_default(),
            retry_after_sec: member(node, "retryAfterSec").unwrap_or_default(),
        })
    }
}

/// The body of every answer that is an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorEnvelope {
    /// What went wrong.
    pub error: ErrorBody,
}

read_members!(ErrorEnvelope { error: "error" });
deserialize_by_reading!(ErrorBody, ErrorEnvelope);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_text_and_unknown_ones_survive() {
        for (code, text) in [(ErrorCode::BadSdp, "bad_sdp"), (ErrorCode::Other("new".into()), "new")] {
            assert_eq!(serde_json::to_value(&code).unwrap(), text);
            assert_eq!(serde_json::from_value::<ErrorCode>(text.into()).unwrap(), code);
            assert_eq!(code.as_str(), text);
        }
    }

    #[test]
    fn an_envelope_without_the_optional_parts_is_read() {
        let envelope: ErrorEnvelope = serde_json::from_str(r#"{"error":{"code":"retry"}}"#).unwrap();
        assert_eq!(envelope.error.retry_after_sec, None);
        assert!(!envelope.error.retryable);
    }
}
