//! The HTTP client that a [`RegistryClient`](crate::interfaces::registry::RegistryClient) talks through.
//! Specification: *Main Client Class*, `IHttpClient`.

use futures::future::LocalBoxFuture;
use registry_protocol::EpochMs;
use thiserror::Error;

use crate::json::Json;

/// Names and values of request headers.
pub type Headers = Vec<(&'static str, String)>;

/// What a server answered, whatever its status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The body as text; empty when there is none.
    pub body: String,
    /// The `Retry-After` header in seconds, where it can be read.
    pub retry_after_sec: Option<f64>,
    /// The `Date` header, where it can be read: a browser shows it to pages of the same origin only.
    pub date: Option<EpochMs>,
}

/// Why there is no answer at all: no connection, a refused preflight, a broken transfer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct HttpError(pub String);

/// The outcome of one request.
pub type HttpFuture = LocalBoxFuture<'static, Result<HttpResponse, HttpError>>;

/// Sends requests.
///
/// 1. Any status resolves to `Ok`; `Err` means that no complete answer came.
/// 2. Requests go out with `mode: "cors"` and `credentials: "omit"`, where there are such things.
/// 3. `headers` are all sent, and no others but `Content-Type: application/json` with a body; any other header would
///    make a base Registry's preflight fail.
/// 4. Dropping the future aborts the request.
pub trait HttpClient {
    /// Sends a `GET`.
    fn get(&self, url: &str, headers: Headers) -> HttpFuture;

    /// Sends a `POST` with a JSON body, or with none.
    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture;

    /// Sends a `POST` that outlives the page (`keepalive`), where the host can do that.
    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        self.post(url, body, headers)
    }
}
