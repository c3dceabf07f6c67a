use std::time::Duration;

use crate::{Failure, HttpRequest, HttpResponse};

/// The result of a long poll and another request sent while it was pending.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// The response to the long poll.
    pub poll: HttpResponse,
    /// Whether the long poll was answered before the other request was sent.
    pub early: bool,
    /// The time from the response to the other request until the response to the long poll.
    pub latency: Duration,
    /// The response to the other request.
    pub other: HttpResponse,
}

/// A connection to a Registry, with a clock.
pub trait Transport {
    /// Sends a request and returns the response, whatever its status.
    ///
    /// # Errors
    /// A [`Failure`] if there is no response.
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure>;

    /// Sends `poll` and, after `pause`, sends `other`.
    ///
    /// # Errors
    /// A [`Failure`] if there is no response to either.
    fn send_during_poll(
        &mut self,
        poll: &HttpRequest,
        pause: Duration,
        other: &HttpRequest,
    ) -> Result<Overlap, Failure>;

    /// Monotonic time since an arbitrary fixed point.
    fn now(&self) -> Duration;

    /// Waits for `time` to pass; `why` is shown to the user.
    fn wait(&mut self, time: Duration, why: &str);
}
