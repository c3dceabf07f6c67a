//! Sending an answer in bounded time and memory.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use tokio_util::task::AbortOnDropHandle;

use super::{App, Origin};
use crate::budget::Taken;
use crate::connections::SEND_TIMEOUT;
use crate::held::Held;

/// How much of an answer is in memory at most if it comes from a file, in bytes.
const MAX_BUFFERED: u64 = 64 * 1024;
/// What an answer takes at least, in bytes: its headers, and what keeps track of it.
const LEAST: u64 = 1024;

/// What an answer takes until it has been sent.
struct Sending {
    _in_flight: Arc<()>,
    _memory: Taken,
}

/// What a file takes as well.
struct Download {
    _file: Taken,
    _limit: AbortOnDropHandle<()>,
}

/// Sends an answer. Its connection is aborted if the memory is needed elsewhere; until then, closing it waits.
pub(super) fn send(app: &App, origin: &Origin, in_flight: Arc<()>, response: Response<Body>) -> Response<Body> {
    let size = response.body().size_hint().exact();
    if size == Some(0) {
        return response.map(|body| Held::body(body, in_flight));
    }
    let memory = size.unwrap_or_else(|| buffered(&response)).max(LEAST);
    let memory = app.bytes.take(origin.client, memory, origin.connection.abort().clone());
    response.map(|body| Held::body(body, Sending { _in_flight: in_flight, _memory: memory }))
}

/// How much of a file is in memory while it is sent.
fn buffered(response: &Response<Body>) -> u64 {
    let length = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(MAX_BUFFERED).min(MAX_BUFFERED)
}

/// Sends a file of the page. Its connection is aborted if that takes too long, or if too many files are being sent.
pub(super) fn send_file(app: &App, origin: &Origin, response: Response<Body>) -> Response<Body> {
    if response.body().size_hint().exact() == Some(0) {
        return response;
    }
    let abort = origin.connection.abort().clone();
    let download = Download {
        _file: app.files.take(origin.client, 1, abort.clone()),
        _limit: AbortOnDropHandle::new(tokio::spawn(async move {
            tokio::time::sleep(SEND_TIMEOUT).await;
            abort.cancel();
        })),
    };
    response.map(|body| Held::body(body, download))
}
