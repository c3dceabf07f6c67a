use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, http};
use http_body_util::BodyExt;
use registry_core::Refusal;
use registry_protocol::limits::MAX_BODY_BYTES;

use crate::connections::InFlight;
use crate::page::Page;
use crate::service::Service;

/// Maximum number of body bytes to read, including those that are discarded.
const MAX_DROPPED_BYTES: usize = 1024 * 1024;

/// State shared by all request handlers.
#[derive(Clone)]
struct App {
    service: Arc<Service>,
    page: Option<Page>,
    /// Time limit for receiving a request body.
    body_timeout: Duration,
}

/// The router. Each request must carry the peer's [`SocketAddr`] as an extension.
pub(crate) fn router(service: Arc<Service>, page: Option<Page>, body_timeout: Duration) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi))
        .fallback(fallback)
        .with_state(App { service, page, body_timeout })
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let text = app.service.metrics.render(app.service.stats());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], text)
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
    Extension(peer): Extension<SocketAddr>,
    request: Request<Body>,
) -> Response<Body> {
    let start = Instant::now();
    if let Some(page) = &app.page
        && !["/rooms", "/exchange"].iter().any(|api| request.uri().path().starts_with(api))
        && let Some(response) = page.serve(&request).await
    {
        tracing::debug!(event = "file", path = request.uri().path(), status = response.status().as_u16());
        app.service.metrics.record("page", response.status().as_u16(), Some(start.elapsed()));
        return response;
    }
    call(&app, peer, request, start).await
}

async fn call(app: &App, peer: SocketAddr, request: Request<Body>, start: Instant) -> Response<Body> {
    let service = &app.service;
    let (head, body) = request.into_parts();
    let (body, broken) = match receive(body, app.body_timeout).await {
        Ok(body) => (body, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let _in_flight = head.extensions.get::<InFlight>().and_then(InFlight::begin);
    let bytes_in = body.len();
    let request = to_registry(&head, body, client(service, peer, &head.headers));
    let (response, waited) = match broken {
        None => service.handle(&request).await,
        Some(refusal) => (service.refuse(&request, refusal), false),
    };
    let latency = start.elapsed();
    service.metrics.record(response.event.route, response.status, (!waited).then_some(latency));
    tracing::info!(
        event = "request",
        route = response.event.route,
        status = response.status,
        code = response.event.error.as_ref().map(|code| code.as_str()),
        bytes_in,
        bytes_out = response.body.len(),
        waited,
        ms = latency.as_micros() as f64 / 1000.0,
    );
    let mut answer = from_registry(response);
    if broken.is_some() {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

async fn receive(body: Body, timeout: Duration) -> Result<Vec<u8>, Refusal> {
    let read = tokio::time::timeout(timeout, read(body)).await.map_err(|_| Refusal::SlowBody)?;
    read.map_err(|_| Refusal::BrokenBody)
}

/// Reads a body, keeping only as much as the Registry needs to see that it is too large. The rest is read and discarded
/// up to a limit, since many clients do not read the response before they have sent everything.
async fn read(mut body: Body) -> Result<Vec<u8>, axum::Error> {
    let (mut kept, mut total) = (Vec::new(), 0);
    while total <= MAX_DROPPED_BYTES
        && let Some(frame) = body.frame().await
    {
        if let Some(data) = frame?.data_ref() {
            let space = (MAX_BODY_BYTES + 1).saturating_sub(kept.len());
            kept.extend_from_slice(&data[..data.len().min(space)]);
            total += data.len();
        }
    }
    Ok(kept)
}

fn to_registry(head: &http::request::Parts, body: Vec<u8>, client: IpAddr) -> registry_core::Request {
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    let mut request =
        registry_core::Request::new(head.method.as_str(), path).body(body).client(registry_core::client_key(client));
    for name in registry_core::READ_HEADERS {
        if let Some(value) = head.headers.get(name).and_then(|value| value.to_str().ok()) {
            request = request.header(name, value);
        }
    }
    request
}

/// The peer's address, or the last one in `X-Forwarded-For` if a proxy is trusted.
fn client(service: &Service, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next();
    let trusted = service.trust_forwarded_for.then(forwarded).flatten();
    trusted.and_then(|ip| ip.trim().parse().ok()).unwrap_or(peer.ip())
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use clap::Parser;
    use hyper::body::Frame;

    use super::*;
    use crate::Options;

    /// A body that never arrives.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_refused_with_an_envelope() {
        let service = Arc::new(Service::new(&Options::parse_from(["registry-server"])));
        let app = App { service, page: None, body_timeout: Duration::from_secs(10) };
        let request = Request::post("/rooms").header("x-registry-version", "1").body(Body::new(Never)).unwrap();
        let answer = call(&app, ([127, 0, 0, 1], 1).into(), request, Instant::now()).await;
        assert_eq!((answer.status().as_u16(), answer.headers()[CONNECTION].to_str().unwrap()), (408, "close"));
        let body: serde_json::Value = serde_json::from_slice(&read(answer.into_body()).await.unwrap()).unwrap();
        assert_eq!((&body["error"]["code"], &body["error"]["retryable"]), (&"retry".into(), &true.into()));
    }
}
