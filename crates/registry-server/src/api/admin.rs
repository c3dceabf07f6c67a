//! What the operator of a server asks it for.

use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use super::{App, read_only};
use crate::metrics::Gauges;

/// What there is for operators.
pub(super) const PATHS: [&str; 3] = [HEALTH, READY, METRICS];

const HEALTH: &str = "/healthz";
const READY: &str = "/readyz";
const METRICS: &str = "/metrics";

/// `/healthz` and `/readyz`, for whatever watches over the server or distributes requests.
pub(super) fn health() -> Router<App> {
    Router::new().route(HEALTH, get(healthz).fallback(read_only)).route(READY, get(readyz).fallback(read_only))
}

/// `/metrics`, for Prometheus.
pub(super) fn metrics() -> Router<App> {
    Router::new().route(METRICS, get(render).fallback(read_only))
}

/// The server runs, and its Registry can be used.
async fn healthz(State(app): State<App>) -> impl IntoResponse {
    app.service.tick();
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// Whether new requests are welcome.
async fn readyz(State(app): State<App>) -> impl IntoResponse {
    let (status, text) = match app.ready.load(Ordering::Relaxed) {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}

async fn render(State(app): State<App>) -> impl IntoResponse {
    let gauges = Gauges {
        stats: app.service.stats(),
        connections: app.connections.count(),
        bytes_in_flight: app.bytes.total(),
        uptime: app.service.clock.uptime(),
    };
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], app.metrics.render(&gauges))
}
