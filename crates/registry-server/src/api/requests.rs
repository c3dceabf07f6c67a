//! What all requests have in common: where they come from, their number, the clock.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{DATE, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, Request, Response, Version};
use axum::middleware::Next;
use axum::response::IntoResponse;
use registry_core::{Client, Refusal};

use super::send::send;
use super::{App, admin, hash, refuse};
use crate::connections::Connection;

/// The header by which an answer and its line in the log are found.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Its number, in disguise.
    pub(super) id: String,
    pub(super) client: Client,
    /// Tells clients apart in the log without naming them.
    pub(super) client_hash: String,
    pub(super) connection: Connection,
}

/// For whom a router is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Public,
    Operators,
}

/// Finds out where a request comes from, refuses those that are not HTTP, and keeps the connection open until the answer has
/// been sent.
pub(super) async fn around(
    State((app, audience)): State<(App, Audience)>,
    mut request: Request<Body>,
    next: Next,
) -> Response<Body> {
    let extensions = request.extensions();
    let (Some(peer), Some(connection)) = (extensions.get::<SocketAddr>(), extensions.get::<Connection>().cloned())
    else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let in_flight = connection.begin();
    // Whatever watches over a server may call it directly, and says nothing about its proxies.
    let direct = audience == Audience::Operators || admin::PATHS.contains(&request.uri().path());
    let client = Client::of(if direct { peer.ip() } else { app.forwarded.client(*peer, request.headers()) });
    let id = hash(&app.log_key, app.requests.fetch_add(1, Ordering::Relaxed));
    let origin = Origin { id: id.clone(), client, client_hash: hash(&app.log_key, client), connection };
    let mut answer = if names_one_host(&request) {
        request.extensions_mut().insert(origin.clone());
        next.run(request).await
    } else {
        refuse(&app, &origin, request, Refusal::BadHost)
    };
    for (name, value) in [(DATE, app.service.clock.date()), (REQUEST_ID, id)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    send(&app, &origin, in_flight, answer)
}

/// Whether a request says which host it is for, and only once (RFC 9112, section 3.2).
fn names_one_host(request: &Request<Body>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let missing = request.version() == Version::HTTP_11 && first.is_none();
    !missing && second.is_none() && first.is_none_or(is_host)
}

/// Whether this is a host with or without a port, or nothing.
fn is_host(value: &HeaderValue) -> bool {
    let authority = |text: &str| text.parse::<Authority>().is_ok_and(|host| !host.as_str().contains('@'));
    value.to_str().is_ok_and(|text| text.is_empty() || authority(text))
}
