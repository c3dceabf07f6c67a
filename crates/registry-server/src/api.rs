//! The routes, and how a request is turned into a call of the Registry and back.

mod admin;
mod receive;
mod requests;
mod send;

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use registry_core::Refusal;

use crate::budget::Budget;
use crate::connections::Connections;
use crate::forwarded::ForwardedFor;
use crate::metrics::Metrics;
use crate::page::{Page, Served};
use crate::service::{Service, Submission};
pub(crate) use requests::{Audience, Origin};

/// State shared by all request handlers.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) service: Service,
    pub(crate) page: Option<Page>,
    pub(crate) metrics: Metrics,
    pub(crate) connections: Connections,
    /// Memory for bodies.
    pub(crate) bytes: Budget,
    /// Files of the page that are being sent.
    pub(crate) files: Budget,
    pub(crate) forwarded: ForwardedFor,
    /// Time limit for receiving a request body.
    pub(crate) body_timeout: Duration,
    /// Whether new requests are welcome: not any more, once the server has been asked to stop.
    pub(crate) ready: AtomicBool,
    /// Numbers the requests.
    pub(crate) requests: AtomicU64,
    /// The key of the hashes in the log. A new one with every start.
    pub(crate) log_key: RandomState,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// From now on the server says that it is not ready.
    pub(crate) fn begin_stopping(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }
}

/// The public router. Each request must carry its [`Connection`](crate::connections::Connection) and the peer's
/// [`SocketAddr`](std::net::SocketAddr) as extensions. `with_metrics` adds the routes that only operators need.
pub(crate) fn router(app: App, with_metrics: bool) -> Router {
    let router = Router::new()
        .route("/openapi.json", get(openapi).fallback(read_only))
        .merge(admin::health())
        .merge(if with_metrics { admin::metrics() } else { Router::new() })
        .fallback(fallback);
    finish(router, app, Audience::Public)
}

/// The router for operators.
pub(crate) fn admin_router(app: App) -> Router {
    let router = Router::new().merge(admin::health()).merge(admin::metrics()).fallback(not_found);
    finish(router, app, Audience::Operators)
}

fn finish(router: Router<App>, app: App, audience: Audience) -> Router {
    router.layer(from_fn_with_state((app.clone(), audience), requests::around)).with_state(app)
}

/// The OpenAPI document. It is public, and changes only with the program.
async fn openapi() -> impl IntoResponse {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| registry_core::openapi().to_string());
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT.as_str())
}

/// Serves the page's files, and passes everything else to the Registry, which also answers unknown paths.
async fn fallback(
    State(app): State<App>,
    Extension(origin): Extension<Origin>,
    request: Request<Body>,
) -> Response<Body> {
    let start = Instant::now();
    if let Some(page) = &app.page
        && !["/rooms", "/exchange"].iter().any(|api| request.uri().path().starts_with(api))
    {
        match page.serve(&request).await {
            Served::Nothing => {}
            Served::File(response) => {
                let status = response.status().as_u16();
                tracing::debug!(event = "file", id = origin.id, path = request.uri().path(), status);
                app.metrics.record("page", status, Some(start.elapsed()));
                return send::send_file(&app, &origin, *response);
            }
            Served::Failed(error) => {
                tracing::error!(event = "file", id = origin.id, path = request.uri().path(), %error);
                return refuse(&app, &origin, request, Refusal::Internal);
            }
        }
    }
    call(&app, &origin, request, start).await
}

async fn not_found(
    State(app): State<App>,
    Extension(origin): Extension<Origin>,
    request: Request<Body>,
) -> Response<Body> {
    refuse(&app, &origin, request, Refusal::NoRoute)
}

/// The answer to another method than `GET` and `HEAD` where there is something to read.
async fn read_only(state: State<App>, origin: Extension<Origin>, request: Request<Body>) -> Response<Body> {
    if request.method() == Method::OPTIONS {
        return fallback(state, origin, request).await;
    }
    let mut answer = refuse(&state, &origin, request, Refusal::ReadOnly);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    answer
}

/// Refuses what is not a call of the Registry. The body, if there is one, is not read.
fn refuse(app: &App, origin: &Origin, request: Request<Body>, refusal: Refusal) -> Response<Body> {
    let start = Instant::now();
    let (head, _) = request.into_parts();
    let mut response = app.service.response(&to_registry(&head, Vec::new()), Err(refusal));
    response.event.route = "unknown";
    record(app, origin, &response, Cost { bytes_in: 0, waited: false, latency: start.elapsed() });
    closing(&head, from_registry(response))
}

async fn call(app: &App, origin: &Origin, request: Request<Body>, start: Instant) -> Response<Body> {
    let (head, body) = request.into_parts();
    let received = receive::receive(app, origin, body).await;
    let (bytes_in, waited, response, broken) = match received {
        Ok(received) => {
            let bytes_in = received.body.len();
            let mut request = to_registry(&head, received.body).client(origin.client);
            let submission = app.service.submit(&request);
            // Whoever waits needs no memory for what has been posted.
            request.body = Vec::new();
            drop(received.held);
            let (outcome, waited) = match submission {
                Submission::Done(outcome) => (outcome, false),
                Submission::Waits(poll) => {
                    let _waits = origin.connection.wait();
                    (poll.wait(origin.connection.closing()).await, true)
                }
            };
            (bytes_in, waited, app.service.response(&request, outcome), false)
        }
        Err(refusal) => (0, false, app.service.response(&to_registry(&head, Vec::new()), Err(refusal)), true),
    };
    record(app, origin, &response, Cost { bytes_in, waited, latency: start.elapsed() });
    let answer = from_registry(response);
    if broken { closing(&head, answer) } else { answer }
}

/// What an answer took.
struct Cost {
    bytes_in: usize,
    waited: bool,
    latency: Duration,
}

/// Counts an answer, and writes it to the log.
fn record(app: &App, origin: &Origin, response: &registry_core::Response, cost: Cost) {
    let event = &response.event;
    app.metrics.record(event.route, response.status, (!cost.waited).then_some(cost.latency));
    if let Some(reason) = event.reason {
        app.metrics.refused(reason);
    }
    tracing::info!(
        event = "request",
        id = origin.id,
        client = origin.client_hash,
        route = event.route,
        status = response.status,
        code = event.error.as_ref().map(|code| code.as_str()),
        reason = event.reason,
        bytes_in = cost.bytes_in,
        bytes_out = response.body.len(),
        waited = cost.waited,
        ms = cost.latency.as_micros() as f64 / 1000.0,
    );
}

fn to_registry(head: &Parts, body: Vec<u8>) -> registry_core::Request {
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    let mut request = registry_core::Request::new(head.method.as_str(), path).body(body);
    for name in registry_core::READ_HEADERS {
        if let Some(value) = head.headers.get(name).and_then(|value| value.to_str().ok()) {
            request = request.header(name, value);
        }
    }
    request
}

fn from_registry(response: registry_core::Response) -> Response<Body> {
    let mut answer = Response::new(Body::from(response.body));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    answer
}

/// Closes the connection with this answer, since the rest of the request was not read. HTTP/2 has no such header, and resets
/// the stream by itself.
fn closing(head: &Parts, mut answer: Response<Body>) -> Response<Body> {
    if head.version <= Version::HTTP_11 {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

/// A number that says nothing, for the log.
fn hash(key: &RandomState, value: impl std::hash::Hash) -> String {
    format!("{:016x}", key.hash_one(value))
}
