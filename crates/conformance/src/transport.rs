use std::time::Duration;

use crate::{Answer, Ask, Failure};

/// The way to a Registry, and the clock beside it.
pub trait Transport {
    /// Sends a request and waits for the answer, whatever its status.
    ///
    /// # Errors
    /// A [`Failure`] when there is no answer.
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure>;

    /// The time since some fixed moment, by a clock that never goes back.
    fn now(&self) -> Duration;

    /// Lets time pass; `why` tells a person who waits.
    fn wait(&mut self, time: Duration, why: &str);
}
