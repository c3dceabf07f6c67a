//! Receiving the body of a request, in bounded time and memory.

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;
use registry_core::Refusal;
use registry_protocol::limits::MAX_BODY_BYTES;
use tokio_util::sync::CancellationToken;

use super::{App, Origin};
use crate::budget::Taken;
use crate::connections::NEEDED_CLOSE_TIMEOUT;

/// Maximum number of body bytes to read, including those that are discarded.
const MAX_DROPPED_BYTES: usize = 1024 * 1024;

/// A body, and its share of the memory for bodies.
pub(super) struct Received {
    pub(super) body: Vec<u8>,
    pub(super) held: Option<Taken>,
}

/// Receives the body of a request.
///
/// # Errors
/// [`Refusal::SlowBody`]; [`Refusal::BrokenBody`]; [`Refusal::Busy`] if the memory is needed for another body, or the
/// connection for another client.
pub(super) async fn receive(app: &App, origin: &Origin, body: Body) -> Result<Received, Refusal> {
    if body.is_end_stream() {
        return Ok(Received { body: Vec::new(), held: None });
    }
    let give_way = CancellationToken::new();
    // A body whose size is not known can be as large as any.
    let size = body.size_hint().exact().unwrap_or(u64::MAX).min(MAX_BODY_BYTES as u64 + 1);
    let held = app.bytes.take(origin.client, size, give_way.clone());
    let closing = async {
        origin.connection.closing().cancelled().await;
        tokio::time::sleep(NEEDED_CLOSE_TIMEOUT).await;
    };
    tokio::select! {
        read = read(body) => match read {
            Ok(body) => Ok(Received { body, held: Some(held) }),
            Err(error) => {
                tracing::debug!(event = "body", id = origin.id, %error);
                Err(Refusal::BrokenBody)
            }
        },
        () = tokio::time::sleep(app.body_timeout) => Err(Refusal::SlowBody),
        () = give_way.cancelled() => Err(Refusal::Busy),
        () = closing => Err(Refusal::Busy),
    }
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
