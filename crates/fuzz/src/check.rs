//! Invariants of every response.

use registry_core::{Request, Response};
use registry_protocol::{ErrorCode, ErrorEnvelope};
use serde_json::Value;

/// The statuses that the contract allows for each call, apart from 413 and a missing version, which any call can
/// return.
const STATUSES: [(&str, &[u16]); 13] = [
    ("OPTIONS", &[204]),
    ("unknown", &[404]),
    ("POST /rooms", &[201, 400, 429, 503]),
    ("GET /rooms/:code/public", &[200, 404, 429]),
    ("POST /rooms/:code/join", &[200, 400, 403, 404, 409, 429]),
    ("POST /rooms/:code/offer", &[204, 400, 403, 404, 409, 429]),
    ("POST /rooms/:code/answer", &[204, 400, 403, 404, 409, 429]),
    ("POST /rooms/:code/candidate", &[204, 400, 403, 404, 409, 429]),
    ("GET /rooms/:code", &[200, 304, 403, 404, 429]),
    ("GET /rooms/:code/candidates", &[200, 403, 404, 429]),
    ("POST /rooms/:code/join-code", &[200, 403, 404, 409, 429]),
    ("POST /rooms/:code/close", &[204, 403, 404, 429]),
    ("POST /exchange", &[200, 400, 403, 404, 409, 429]),
];

/// Panics unless the contract allows this response to this request.
pub(crate) fn well_formed(request: &Request, response: &Response) {
    let Response { status, event, .. } = response;
    let (_, statuses) = STATUSES.iter().find(|(route, _)| *route == event.route).expect("a route in the contract");
    let general = match status {
        400 => event.error == Some(ErrorCode::MissingVersion),
        413 => true,
        _ => false,
    };
    assert!(general || statuses.contains(status), "{} returned {status}", event.route);
    headers(request, response);
    match status {
        204 | 304 => assert!(response.body.is_empty(), "{status} with a body"),
        200 | 201 => assert!(matches!(serde_json::from_slice(&response.body), Ok(Value::Object(_)))),
        _ => envelope(response),
    }
}

fn headers(request: &Request, response: &Response) {
    let allowed = response.header("Access-Control-Allow-Origin");
    let origin = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Origin"));
    assert!(allowed.is_none_or(|allowed| origin.is_some_and(|(_, origin)| origin.trim() == allowed)));
    assert_eq!(response.header("Access-Control-Allow-Credentials"), None);
    assert_eq!(response.header("Cache-Control"), Some("no-store"));
    assert_eq!(response.header("Vary"), Some("Origin"));
    assert_eq!(response.header("Content-Type"), (!response.body.is_empty()).then_some("application/json"));
    assert_eq!(response.header("Retry-After").is_some(), matches!(response.status, 429 | 503));
}

fn envelope(response: &Response) {
    let ErrorEnvelope { error } = serde_json::from_slice(&response.body).expect("an error envelope");
    assert_eq!(response.event.error.as_ref(), Some(&error.code));
    assert!(status_fits(response.status, &error.code), "{} {}", response.status, error.code.as_str());
    assert!(!error.message.is_empty());
    assert_eq!(error.retryable, matches!(response.status, 429 | 500 | 503));
    let after = error.retry_after_sec.map(|seconds| seconds.to_string());
    assert_eq!(after.as_deref(), response.header("Retry-After"));
    assert!(error.retry_after_sec.is_none_or(|seconds| seconds >= 1.0));
}

fn status_fits(status: u16, code: &ErrorCode) -> bool {
    match code {
        ErrorCode::BadUsername | ErrorCode::BadJson | ErrorCode::MissingVersion => status == 400,
        ErrorCode::BadJoinCode => matches!(status, 400 | 403),
        ErrorCode::BadSdp | ErrorCode::BadCandidate => matches!(status, 400 | 413),
        ErrorCode::Forbidden => status == 403,
        ErrorCode::NotFound => status == 404,
        ErrorCode::NotOpen | ErrorCode::NoOffer | ErrorCode::AlreadyPaired | ErrorCode::TooManyCandidates => {
            status == 409
        }
        ErrorCode::BodyTooLarge => status == 413,
        ErrorCode::RateLimited => status == 429,
        ErrorCode::Retry => status == 503,
        ErrorCode::OldAttempt | ErrorCode::InternalError | ErrorCode::Other(_) => false,
    }
}
