//! Errors that are read from a recorded trace.

use serde::{Deserialize, Deserializer};
use strum::IntoStaticStr;
use thiserror::Error;

use super::{Diagnostics, Error as ClientError};

/// An error as a trace has recorded it: its words and its code, without the values they were made of.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RecordedError {
    /// Its kind.
    pub kind: RecordedKind,
    /// Its code ([`ErrorKind::code`](super::ErrorKind::code)).
    pub code: String,
    /// Its message.
    pub message: String,
    /// Whether retrying might have succeeded.
    pub retryable: bool,
}

/// The kind of a recorded error, under the specification's names ([`ErrorKind::name`](super::ErrorKind::name)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum RecordedKind {
    /// The Registry responded with an error.
    Api,
    /// The peer connection or its data channel failed.
    WebRtc,
    /// The call was not allowed in that state.
    State,
    /// The Registry could not be reached.
    Network,
    /// A deadline passed.
    Timeout,
}

as_str!(RecordedKind);

impl<'de> Deserialize<'de> for ClientError {
    /// Reads what [`Error`](struct@super::Error)'s `Serialize` has written, as [`ErrorKind::Recorded`](super::ErrorKind::Recorded).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Report {
            kind: RecordedKind,
            code: String,
            message: String,
            retryable: bool,
            #[serde(default)]
            diagnostics: Diagnostics,
        }
        let Report { kind, code, message, retryable, diagnostics } = Report::deserialize(deserializer)?;
        Ok(Self::new(RecordedError { kind, code, message, retryable }, diagnostics))
    }
}
