use std::fmt;

use serde_json::Value;

use crate::HttpResponse;

/// Describes a violation of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with this message.
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

/// Fails unless the values are equal.
pub(crate) fn expect_eq(what: &str, got: &Value, expected: &Value) -> Checked {
    ensure(got == expected, || format!("{what} is {}, expected {}", brief(got), brief(expected)))
}

/// The value of a required string field.
pub(crate) fn text(object: &Value, field: &str) -> Result<String, Failure> {
    object[field].as_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("{field} is not a string")))
}

/// The value of a required number field.
pub(crate) fn number(object: &Value, field: &str) -> Result<f64, Failure> {
    object[field].as_f64().ok_or_else(|| Failure::new(format!("{field} is not a number")))
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

/// Checks what must hold for every response.
pub(crate) fn check_common(response: &HttpResponse, secrets: &[String]) -> Checked {
    ensure(response.list("Cache-Control").contains(&"no-store".to_owned()), || {
        "Cache-Control: no-store is missing".to_owned()
    })?;
    ensure(response.header("Access-Control-Allow-Credentials").is_none(), || {
        "Access-Control-Allow-Credentials is set".to_owned()
    })?;
    match response.status {
        204 | 304 => ensure(response.body.is_empty(), || format!("a {} response with a body", response.status)),
        200..300 => media_type(response),
        _ => media_type(response).and_then(|()| envelope(response, secrets)),
    }
}

fn media_type(response: &HttpResponse) -> Checked {
    let kind = response.header("Content-Type").unwrap_or_default();
    ensure(kind.split(';').next() == Some("application/json"), || {
        format!("status {} has Content-Type {kind:?}", response.status)
    })
}

fn envelope(response: &HttpResponse, secrets: &[String]) -> Checked {
    let error = &response.json()?["error"];
    text(error, "code")?;
    text(error, "message")?;
    let retryable = error["retryable"].as_bool().ok_or_else(|| Failure::new("retryable is not a boolean"))?;
    ensure(retryable || !matches!(response.status, 429 | 500), || {
        format!("a {} response that is not retryable", response.status)
    })?;
    if error.get("retryAfterSec").is_some() {
        number(error, "retryAfterSec")?;
    }
    let body = String::from_utf8_lossy(&response.body);
    ensure(!secrets.iter().any(|secret| body.contains(secret)), || "the error body contains a secret".to_owned())
}
