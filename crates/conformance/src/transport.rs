use std::time::Duration;

use crate::{Answer, Ask, Failure};

/// What came of a request that waits, and of another one in the meantime.
#[derive(Clone, Debug)]
pub struct Meanwhile {
    /// The answer to the request that waits.
    pub waiting: Answer,
    /// Whether it came before the other request was sent.
    pub early: bool,
    /// How long it took from the other request's answer on.
    pub after: Duration,
    /// The answer to the other request.
    pub then: Answer,
}

/// The way to a Registry, and the clock beside it.
pub trait Transport {
    /// Sends a request and waits for the answer, whatever its status.
    ///
    /// # Errors
    /// A [`Failure`] when there is no answer.
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure>;

    /// Sends `waiting` and, when it has waited for `pause`, sends `then`.
    ///
    /// # Errors
    /// A [`Failure`] when there is no answer to either.
    fn send_meanwhile(&mut self, waiting: &Ask, pause: Duration, then: &Ask) -> Result<Meanwhile, Failure>;

    /// The time since some fixed moment, by a clock that never goes back.
    fn now(&self) -> Duration;

    /// Lets time pass; `why` tells a person who waits.
    fn wait(&mut self, time: Duration, why: &str);
}
