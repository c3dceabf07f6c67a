use registry_protocol::{TOKEN_HEADER, VERSION, VERSION_HEADER};
use serde_json::Value;

/// An HTTP request to the Registry under test.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method, in upper case.
    pub method: &'static str,
    /// Path and query, relative to the Registry's base URL.
    pub path: String,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request without headers or body.
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A `GET`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    /// A `POST` with the version header.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path).header(VERSION_HEADER, VERSION).header("Content-Type", "application/json")
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Removes a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| *n != name);
        self
    }

    /// Adds an access token.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header(TOKEN_HEADER, token)
    }

    /// Sets the body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// Sets the body to arbitrary bytes.
    #[must_use]
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}
