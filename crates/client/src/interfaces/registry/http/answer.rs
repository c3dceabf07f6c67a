//! Interpreting a response: the result of the call, an error response, or something that does not come from a Registry.

use registry_protocol::{ErrorCode, ErrorEnvelope};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::super::Operation;
use crate::error::{ApiError, RequestError};
use crate::interfaces::clock;
use crate::interfaces::http::HttpResponse;
use crate::json;
use crate::text::counted;

/// The body of a successful response.
///
/// # Errors
/// [`RequestError::Api`] for any other response.
pub(super) fn check(operation: Operation, answer: HttpResponse) -> Result<String, RequestError> {
    let status = answer.status;
    if (200..300).contains(&status) {
        return Ok(answer.body);
    }
    let pause = |seconds: Option<f64>| seconds.filter(|seconds| *seconds >= 0.0).map(clock::seconds);
    let envelope = json::read::<ErrorEnvelope>(&answer.body).map(|envelope| envelope.error);
    Err(RequestError::Api(match envelope {
        Ok(error) => ApiError {
            operation,
            status,
            retryable: error.retryable || status == 429 || status == 503,
            retry_after: pause(error.retry_after_sec.or(answer.retry_after_sec)),
            code: error.code,
            message: error.message,
        },
        // Not the Registry's own response, but perhaps a proxy's.
        Err(_) => ApiError {
            operation,
            status,
            code: foreign_code(status),
            message: String::new(),
            retryable: status == 429 || status >= 500,
            retry_after: pause(answer.retry_after_sec),
        },
    }))
}

fn foreign_code(status: u16) -> ErrorCode {
    match status {
        404 => ErrorCode::NotFound,
        429 => ErrorCode::RateLimited,
        500 => ErrorCode::InternalError,
        503 => ErrorCode::Retry,
        status => ErrorCode::Other(format!("http_{status}")),
    }
}

/// Deserializes the body.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn read_json<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    json::read(body).map_err(|error| match body.trim_ascii_start().bytes().next() {
        None => "it has no body".to_owned(),
        Some(b'<') => "it is a web page, perhaps from a proxy or from a network that requires a login".to_owned(),
        Some(_) => error.to_string(),
    })
}

/// Reads the body of a call without result: there is none, or an object that says that all is well, as some Registries and
/// mocks have it.
///
/// # Errors
/// If there is anything else: then the response does not come from a Registry.
pub(super) fn read_nothing(body: &str) -> Result<(), String> {
    let is_object = || body.trim_ascii_start().starts_with('{') && json::read::<IgnoredAny>(body).is_ok();
    if body.trim_ascii().is_empty() || is_object() {
        Ok(())
    } else {
        Err(format!("it has a body of {} where none is expected", counted(body.len(), "byte")))
    }
}
