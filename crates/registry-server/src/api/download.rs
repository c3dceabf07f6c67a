//! Sending a file of the page, in bounded time and memory.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::Response;
use tokio_util::task::AbortOnDropHandle;

use super::{App, Origin};
use crate::budget::Taken;
use crate::held::Held;

/// How much of a file is in memory while it is being sent, in bytes.
const MAX_BUFFERED: u64 = 64 * 1024;
/// How long a file may take to be sent. The page is no larger than that the slowest mobile network manages it.
const SEND_TIMEOUT: Duration = Duration::from_secs(300);

/// What a file takes until it has been sent.
struct Download {
    _file: Taken,
    _memory: Taken,
    _limit: AbortOnDropHandle<()>,
}

/// Sends a file. Its connection is aborted if that takes too long, or if what it takes is needed elsewhere.
pub(super) fn send(app: &App, origin: &Origin, response: Response<Body>) -> Response<Body> {
    let size = response.body().size_hint().exact();
    if size == Some(0) {
        return response;
    }
    let abort = origin.connection.abort().clone();
    let buffered = size.unwrap_or(u64::MAX).min(MAX_BUFFERED);
    let download = Download {
        _file: app.files.take(origin.client, 1, abort.clone()),
        _memory: app.bytes.take(origin.client, buffered, abort.clone()),
        _limit: AbortOnDropHandle::new(tokio::spawn(async move {
            tokio::time::sleep(SEND_TIMEOUT).await;
            abort.cancel();
        })),
    };
    response.map(|body| Held::body(body, download))
}
