//! What can be read without a room: the description of the API, and whether the Worker is there.

use registry_core::Refusal;
use worker::{Request, ResponseBody, ResponseBuilder, Result};

/// The answer to a request for a document. `None` if there is none of that path. `ready` says whether the variables of the
/// deployment are valid, without which no call can be answered.
pub(crate) fn find(incoming: &Request, ready: bool) -> Option<Result<worker::Response>> {
    const TEXT: &str = "text/plain; charset=utf-8";
    let method = incoming.inner().method();
    let (status, kind, caching, text) = match incoming.path().as_str() {
        "/healthz" => (200, TEXT, "no-store", "ok\n".to_owned()),
        "/readyz" if ready => (200, TEXT, "no-store", "ready\n".to_owned()),
        "/readyz" => (503, TEXT, "no-store", "a variable is invalid; the log says which\n".to_owned()),
        "/openapi.json" => (200, "application/json", "public, max-age=300", registry_core::openapi().to_string()),
        _ => return None,
    };
    match method.as_str() {
        "GET" => Some(answer(status, kind, caching, text)),
        "HEAD" => Some(answer(status, kind, caching, String::new())),
        // The Registry answers it like any other.
        "OPTIONS" => None,
        _ => Some(read_only()),
    }
}

fn answer(status: u16, kind: &str, caching: &str, text: String) -> Result<worker::Response> {
    let builder = ResponseBuilder::new()
        .with_status(status)
        .with_header("Content-Type", kind)?
        .with_header("Cache-Control", caching)?
        .with_header("Access-Control-Allow-Origin", "*")?
        .with_header("X-Content-Type-Options", "nosniff")?;
    Ok(builder.body(ResponseBody::Body(text.into_bytes())))
}

fn read_only() -> Result<worker::Response> {
    let refusal = Refusal::ReadOnly;
    let body = serde_json::to_string(&refusal.envelope())?;
    let mut response = answer(refusal.status(), "application/json", "no-store", body)?;
    response.headers_mut().set("Allow", "GET, HEAD, OPTIONS")?;
    Ok(response)
}
