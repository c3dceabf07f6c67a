//! What a [`Network`](super::Network) does to requests, and what it records of them.

use std::time::Duration;

use crate::interfaces::http::HttpResponse;

/// The faults of a network. Probabilities are from 0 to 1 and apply to each request; the default network has no faults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// Maximum delay, each way; requests may overtake each other.
    pub delay: Duration,
    /// The request is lost.
    pub lose_request: f64,
    /// The response is lost.
    pub lose_answer: f64,
    /// The request is duplicated, with a delay.
    pub duplicate: f64,
    /// The server responds with 429, with or without `retryAfterSec`.
    pub too_many: f64,
    /// The server responds with 500.
    pub internal_error: f64,
    /// The response is not JSON.
    pub rubbish: f64,
    /// When the faults end; `None` for never.
    pub until: Option<Duration>,
}

/// A request, as seen by the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// When it was sent.
    pub at: Duration,
    /// Who sent it.
    pub client: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// Whether it was sent with `keepalive`.
    pub keepalive: bool,
    /// The status of the Registry's own response; `None` if the request did not arrive.
    pub status: Option<u16>,
}

/// Replaces the Registry's response to a request.
pub type Tamper = Box<dyn Fn(&Exchange, HttpResponse) -> HttpResponse>;
