use registry_protocol::ErrorCode;
use serde::Serialize;

use crate::{AllowedOrigins, Call, Refusal, Request, cors};

/// The result of a successful call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    body: Vec<u8>,
    etag: Option<String>,
}

impl Reply {
    /// Success without a body.
    pub const NO_CONTENT: Self = Self { status: 204, body: Vec::new(), etag: None };

    /// A reply with `value` as JSON.
    ///
    /// # Errors
    /// [`Refusal::Internal`] if `value` cannot be serialized.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(value).map_err(|_| Refusal::Internal)?;
        Ok(Self { status, body, etag: None })
    }

    /// Adds an entity tag. Becomes an empty `304` if the tag is among those in `known`, the value of `If-None-Match`.
    pub(crate) fn tagged(self, etag: String, known: Option<&str>) -> Self {
        let mut known = known.unwrap_or_default().split(',').map(|tag| tag.trim().trim_start_matches("W/"));
        let reply = if known.any(|tag| tag == "*" || tag == etag) {
            Self { status: 304, body: Vec::new(), ..self }
        } else {
            self
        };
        Self { etag: Some(etag), ..reply }
    }
}

/// What may be logged about a request: it contains no secrets and no identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecord {
    /// Method and path template, such as `POST /rooms/:code/join`; `OPTIONS`, or `unknown` for an unknown route.
    pub route: &'static str,
    /// The error code, if the request was refused.
    pub error: Option<ErrorCode>,
    /// Why it was refused: [`Refusal::reason`].
    pub reason: Option<&'static str>,
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON, or nothing.
    pub body: Vec<u8>,
    /// What may be logged.
    pub event: AccessRecord,
}

impl Response {
    /// Turns the outcome of `request` into a response: status, CORS and caching headers, and the reply or the error
    /// envelope.
    pub fn new(request: &Request, origins: &AllowedOrigins, outcome: Result<Reply, Refusal>) -> Self {
        let route = match request.method.as_str() {
            "OPTIONS" => "OPTIONS",
            method => Call::template_of(method, &request.path).unwrap_or("unknown"),
        };
        let error = outcome.as_ref().err().copied();
        let reply = outcome.unwrap_or_else(|refusal| Reply {
            status: refusal.status(),
            body: serde_json::to_vec(&refusal.envelope()).unwrap_or_default(),
            etag: None,
        });
        let mut headers = cors::headers(request, origins);
        headers.push(("Cache-Control", "no-store".to_owned()));
        if !reply.body.is_empty() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        if let Some(seconds) = error.and_then(|refusal| refusal.retry_after_sec()) {
            headers.push(("Retry-After", seconds.to_string()));
        }
        headers.extend(reply.etag.map(|etag| ("ETag", etag)));
        let event = AccessRecord {
            route,
            error: error.map(|refusal| refusal.code()),
            reason: error.map(|refusal| refusal.reason()),
        };
        Self { status: reply.status, headers, body: reply.body, event }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
