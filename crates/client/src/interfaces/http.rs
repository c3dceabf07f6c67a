//! The HTTP client that a [`RegistryClient`](crate::interfaces::registry::RegistryClient) talks through.
//! Specification: *Main Client Class*, `IHttpClient`.

use futures::future::LocalBoxFuture;
use registry_protocol::EpochMs;
use thiserror::Error;

use crate::json::Json;

/// Names and values of request headers.
pub type Headers = Vec<(&'static str, String)>;

/// A response of any status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The body as text; empty if there is none.
    pub body: String,
    /// The `Retry-After` header in seconds, if it is readable (RFC 9110, section 10.2.3).
    pub retry_after_sec: Option<f64>,
    /// The `Date` header, if it is readable: browsers expose it only to pages of the same origin.
    pub date: Option<EpochMs>,
}

/// Why there is no response: no connection, a failed preflight, an interrupted transfer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct HttpError(pub String);

/// The outcome of one request.
pub type HttpFuture = LocalBoxFuture<'static, Result<HttpResponse, HttpError>>;

/// Sends requests.
///
/// 1. Any status resolves to `Ok`; `Err` means that there was no complete response.
/// 2. Requests are sent with `mode: "cors"` and `credentials: "omit"`, where these exist.
/// 3. Exactly `headers` are sent, plus `Content-Type: application/json` if there is a body; any other header would fail the
///    preflight of a base Registry.
/// 4. Dropping the future aborts the request.
pub trait HttpClient {
    /// Sends a `GET`.
    fn get(&self, url: &str, headers: Headers) -> HttpFuture;

    /// Sends a `POST`, with or without a JSON body.
    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture;

    /// Sends a `POST` that outlives the page (`keepalive`), if that is supported.
    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.post(url, body, headers)
    }

    /// Whether the server must permit requests to `url` before the first one (CORS preflight), which takes a round trip:
    /// in a browser, unless the page has the same origin. A client that does not know says that it must.
    fn needs_permission(&self, url: &str) -> bool {
        let _ = url;
        true
    }
}
