//! The two versions of HTTP, and how much of either a client may ask for.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;

use crate::connections::{Connection, Limits, Slot};

/// Maximum number of request headers. A browser sends about fifteen, and proxies add some.
const MAX_HEADERS: usize = 64;
/// Maximum size of the request headers, in bytes. Each request in flight may use that much memory.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Maximum number of requests in flight on an HTTP/2 connection.
const MAX_STREAMS: u32 = 32;
/// Maximum size of what is buffered of a response on an HTTP/2 connection, in bytes.
const MAX_SEND_BUFFER: usize = 32 * 1024;
/// How often a silent HTTP/2 connection is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(30);

/// How long a connection may take to close if nothing is in flight: the part of a head that has come counts for nothing.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(100);
/// The same with TLS, whose buffer may hold the end of an answer that has been written.
const TLS_CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A connection to serve, and whose it is.
pub(crate) struct Accepted<S> {
    pub(crate) stream: S,
    pub(crate) peer: SocketAddr,
    pub(crate) slot: Slot,
    pub(crate) is_tls: bool,
}

impl<S> Accepted<S> {
    fn limits(&self, first_request: Duration) -> Limits {
        Limits { first_request, close: if self.is_tls { TLS_CLOSE_TIMEOUT } else { CLOSE_TIMEOUT } }
    }
}

/// Serves a connection by HTTP/1.1 until it closes. The headers of each request must come within `head_timeout`.
pub(crate) async fn http1<S>(accepted: Accepted<S>, router: Router, head_timeout: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = accepted.limits(head_timeout);
    let Accepted { stream, peer, slot, .. } = accepted;
    let connection = slot.connection();
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| answer(&router, peer, &connection, request)));
    slot.run(served, limits).await;
}

/// Serves a connection by HTTP/2 until it closes. The first request must come within `head_timeout`.
pub(crate) async fn http2<S>(accepted: Accepted<S>, router: Router, head_timeout: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = accepted.limits(head_timeout);
    let Accepted { stream, peer, slot, .. } = accepted;
    let connection = slot.connection();
    let served = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD_BYTES as u32)
        .max_send_buf_size(MAX_SEND_BUFFER)
        .keep_alive_interval(PING_INTERVAL)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| answer(&router, peer, &connection, request)));
    slot.run(served, limits).await;
}

fn answer(
    router: &Router,
    peer: SocketAddr,
    connection: &Connection,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(connection.clone());
    router.clone().oneshot(request)
}
