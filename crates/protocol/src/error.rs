use serde::{Deserialize, Serialize};
use strum::{AsRefStr, EnumString};

use crate::tolerant::or_default;

/// Why a Registry refused a request.
#[derive(Clone, Debug, PartialEq, Eq, AsRefStr, EnumString, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", from = "String")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorCode {
    /// The user name is malformed (400).
    BadUsername,
    /// The join code is malformed (400) or wrong (403).
    BadJoinCode,
    /// The description is malformed (400) or too large (413).
    BadSdp,
    /// The candidate is malformed (400) or too large (413).
    BadCandidate,
    /// The body is not JSON, or not what the call expects (400).
    BadJson,
    /// The version header is missing or unknown (400).
    MissingVersion,
    /// The access token is missing, wrong, or belongs to the other role (403).
    Forbidden,
    /// There is no such room or no such route (404).
    NotFound,
    /// The room already has a guest (409).
    NotOpen,
    /// The guest posted an answer before there was an offer (409).
    NoOffer,
    /// The offer/answer exchange is complete and its descriptions can no longer be replaced (409).
    AlreadyPaired,
    /// A newer attempt of the same two peers has replaced the one that this belongs to (409). Only earlier versions of our
    /// server refuse that; the present one responds with the room, which shows the newer attempt.
    OldAttempt,
    /// The peer has reached its limit of candidates (409).
    TooManyCandidates,
    /// The body exceeds the size limit (413).
    BodyTooLarge,
    /// Too many requests (429).
    RateLimited,
    /// The server is overloaded (503), or the request arrived too slowly (408).
    Retry,
    /// The server failed (500).
    InternalError,
    /// A code that this version does not know.
    #[serde(untagged)]
    #[strum(default, transparent)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        text.parse().unwrap_or(Self::Other(text))
    }
}

impl ErrorCode {
    /// The code as it appears on the wire.
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }
}

// Only the code is required when reading: any other field that is missing or malformed falls back to its default.
/// The content of an [`ErrorEnvelope`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// For programs.
    pub code: ErrorCode,
    /// For people. Never contains a token, a join code, an SDP or a candidate.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// Whether the same request may succeed later.
    #[serde(default, deserialize_with = "or_default")]
    pub retryable: bool,
    /// How long to wait before retrying, in seconds.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Option::is_none")]
    pub retry_after_sec: Option<f64>,
}

/// The body of every error response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorEnvelope {
    /// What went wrong.
    pub error: ErrorBody,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_text_and_unknown_ones_survive() {
        for (code, text) in [
            (ErrorCode::BadUsername, "bad_username"),
            (ErrorCode::BadJoinCode, "bad_join_code"),
            (ErrorCode::BadSdp, "bad_sdp"),
            (ErrorCode::BadCandidate, "bad_candidate"),
            (ErrorCode::BadJson, "bad_json"),
            (ErrorCode::MissingVersion, "missing_version"),
            (ErrorCode::Forbidden, "forbidden"),
            (ErrorCode::NotFound, "not_found"),
            (ErrorCode::NotOpen, "not_open"),
            (ErrorCode::NoOffer, "no_offer"),
            (ErrorCode::AlreadyPaired, "already_paired"),
            (ErrorCode::OldAttempt, "old_attempt"),
            (ErrorCode::TooManyCandidates, "too_many_candidates"),
            (ErrorCode::BodyTooLarge, "body_too_large"),
            (ErrorCode::RateLimited, "rate_limited"),
            (ErrorCode::Retry, "retry"),
            (ErrorCode::InternalError, "internal_error"),
            (ErrorCode::Other("new".into()), "new"),
        ] {
            assert_eq!(serde_json::to_value(&code).unwrap(), text);
            assert_eq!(serde_json::from_value::<ErrorCode>(text.into()).unwrap(), code);
            assert_eq!(code.as_str(), text);
        }
    }

    #[test]
    fn an_envelope_needs_only_its_code() {
        for rest in ["", r#","message":7,"retryable":null,"retryAfterSec":"soon","later":{}"#] {
            let text = format!(r#"{{"error":{{"code":"retry"{rest}}}}}"#);
            let ErrorEnvelope { error } = serde_json::from_str(&text).unwrap();
            assert_eq!((error.message.as_str(), error.retryable, error.retry_after_sec), ("", false, None));
        }
        assert!(serde_json::from_str::<ErrorEnvelope>(r#"{"error":{"message":"no"}}"#).is_err());
    }
}
