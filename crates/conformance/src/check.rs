use std::fmt;

use serde_json::Value;

use crate::Answer;

/// What a Registry did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The outcome of a check.
pub(crate) type Checked = Result<(), Failure>;

/// Fails with `text` unless `holds`.
pub(crate) fn ensure(holds: bool, text: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Failure::new(text())) }
}

/// Fails unless both are the same.
pub(crate) fn same(what: &str, got: &Value, expected: &Value) -> Checked {
    ensure(got == expected, || format!("{what} is {} instead of {}", brief(got), brief(expected)))
}

/// The text of a field, which must be there.
pub(crate) fn text(object: &Value, field: &str) -> Result<String, Failure> {
    object[field].as_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("{field} is no string")))
}

/// The number in a field, which must be there.
pub(crate) fn number(object: &Value, field: &str) -> Result<f64, Failure> {
    object[field].as_f64().ok_or_else(|| Failure::new(format!("{field} is no number")))
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

/// What holds for every answer there is.
pub(crate) fn universal(answer: &Answer, secrets: &[String]) -> Checked {
    ensure(answer.list("Cache-Control").contains(&"no-store".to_owned()), || "no Cache-Control: no-store".to_owned())?;
    ensure(answer.header("Access-Control-Allow-Credentials").is_none(), || "credentials are allowed".to_owned())?;
    match answer.status {
        204 | 304 => ensure(answer.body.is_empty(), || format!("a {} with a body", answer.status)),
        200..300 => media_type(answer),
        _ => media_type(answer).and_then(|()| envelope(answer, secrets)),
    }
}

fn media_type(answer: &Answer) -> Checked {
    let kind = answer.header("Content-Type").unwrap_or_default();
    ensure(kind.split(';').next() == Some("application/json"), || {
        format!("status {} has Content-Type {kind:?}", answer.status)
    })
}

fn envelope(answer: &Answer, secrets: &[String]) -> Checked {
    let error = &answer.json()?["error"];
    text(error, "code")?;
    text(error, "message")?;
    let retryable = error["retryable"].as_bool().ok_or_else(|| Failure::new("retryable is no boolean"))?;
    ensure(retryable || !matches!(answer.status, 429 | 500), || format!("a {} that is not retryable", answer.status))?;
    if error.get("retryAfterSec").is_some() {
        number(error, "retryAfterSec")?;
    }
    let body = String::from_utf8_lossy(&answer.body);
    ensure(!secrets.iter().any(|secret| body.contains(secret)), || "an error's text holds a secret".to_owned())
}
