use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

/// A body that holds something until the last of its data has been sent, or is not to be sent any more. Each piece of data holds
/// it as well: it may wait long in the buffers of a connection whose client does not read.
pub(crate) struct Held<T> {
    body: Body,
    held: Arc<T>,
}

impl<T: Send + Sync + 'static> Held<T> {
    /// A body like this one that holds `held`.
    pub(crate) fn body(body: Body, held: T) -> Body {
        Body::new(Self { body, held: Arc::new(held) })
    }
}

/// Data that holds something.
struct HeldData<T> {
    data: Bytes,
    _held: Arc<T>,
}

impl<T> AsRef<[u8]> for HeldData<T> {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

impl<T: Send + Sync + 'static> HttpBody for Held<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let hold = |data| Bytes::from_owner(HeldData { data, _held: Arc::clone(&self.held) });
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(hold))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn what_is_held_is_released_with_the_last_piece_of_data() {
        let held = Arc::new(());
        let mut body = Held::body(Body::from("sent"), Arc::clone(&held));
        let mut data = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(body.frame().await.is_none());
        drop(body);
        let rest = data.split_off(2);
        drop(data);
        assert_eq!((&rest[..], Arc::strong_count(&held)), (&b"nt"[..], 2));
        drop(rest);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
