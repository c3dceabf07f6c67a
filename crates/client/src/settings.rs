//! Deadlines and cadences, with the defaults of the design.

use std::time::Duration;

use registry_protocol::limits::MAX_WAIT_MS;

/// Deadlines and cadences. All can be set; the defaults suit a base Registry on the open internet.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long one HTTP request may take.
    pub request_timeout: Duration,
    /// How long the data channel may take to open once both descriptions are known.
    pub connection_timeout: Duration,
    /// When a gathering of candidates that is not complete is reported; not fatal.
    pub ice_gathering_timeout: Duration,
    /// How long ICE may take to heal by itself before the connection counts as lost.
    pub disconnected_grace: Duration,
    /// The shortest pause between two polls of one kind.
    pub poll_interval: Duration,
    /// The longest pause between two polls of one kind.
    pub poll_interval_max: Duration,
    /// How long a request may wait for news at a Registry that can do that, in whole seconds, at most 25; zero polls
    /// there too.
    pub poll_wait: Duration,
    /// The first pause after a call that failed and is repeated; doubles with each failure.
    pub retry_backoff_base: Duration,
    /// The longest pause after a call that failed and is repeated.
    pub retry_backoff_max: Duration,
    /// How much a pause may differ from its nominal length, as a fraction of it.
    pub jitter: f64,
    /// How often creating or joining is repeated when the Registry asks to come again.
    pub admission_retries: u32,
}

impl Settings {
    /// How long a request may wait for news: as set, in whole seconds, up to what a Registry admits.
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.poll_wait.as_secs().min(MAX_WAIT_MS / 1000))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            connection_timeout: Duration::from_secs(30),
            ice_gathering_timeout: Duration::from_secs(10),
            disconnected_grace: Duration::from_secs(5),
            poll_interval: Duration::from_millis(250),
            poll_interval_max: Duration::from_secs(2),
            poll_wait: Duration::from_secs(20),
            retry_backoff_base: Duration::from_millis(500),
            retry_backoff_max: Duration::from_secs(8),
            jitter: 0.1,
            admission_retries: 4,
        }
    }
}
