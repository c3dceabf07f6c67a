//! Deadlines and cadences, with the defaults of the design.

use std::time::Duration;

use registry_protocol::limits::MAX_WAIT_MS;

/// What a full buffer does with one message more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It refuses the new one.
    #[default]
    Refuse,
    /// It drops the oldest that no channel has taken yet, and says which.
    DropOldest,
}

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
    /// Whether a lost connection is made again, where the peer can do that too.
    pub reconnect_enabled: bool,
    /// How many attempts are made to reconnect; 0 for no limit.
    pub max_reconnect_attempts: u32,
    /// The pause before the second attempt; it doubles with each further one.
    pub reconnect_backoff_base: Duration,
    /// The longest pause before an attempt.
    pub reconnect_backoff_max: Duration,
    /// How much the pause before an attempt may differ from its nominal length, as a fraction of it.
    pub reconnect_jitter: f64,
    /// How long one attempt waits for the peer to come to the standby room.
    pub reconnect_timeout: Duration,
    /// How long an ICE restart may take, once both descriptions are known.
    pub restart_timeout: Duration,
    /// How long a peer has to greet on the control channel before it counts as one that knows only the specification.
    pub greeting_timeout: Duration,
    /// The pause between two questions whether the peer is there.
    pub ping_interval: Duration,
    /// How long a peer may leave such a question unanswered.
    pub ping_timeout: Duration,
    /// Whether messages are accepted while there is no connection.
    pub buffer_enabled: bool,
    /// How many messages may wait to be handed to the data channel.
    pub max_buffer_size: usize,
    /// How many bytes of messages may wait or be unacknowledged.
    pub max_buffer_bytes: usize,
    /// How long a message may wait.
    pub max_buffer_age: Duration,
    /// What a full buffer does.
    pub buffer_overflow: Overflow,
    /// Whether what was not delivered when a room is closed goes to the peer of the next.
    pub preserve_buffer_on_close: bool,
    /// How long closing a room may take to deliver what was accepted before; zero closes at once.
    pub close_timeout: Duration,
    /// Messages wait while the data channel holds more bytes than this.
    pub buffered_amount_high: usize,
    /// And go on when it holds no more than this.
    pub buffered_amount_low: usize,
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
            reconnect_enabled: true,
            max_reconnect_attempts: 5,
            reconnect_backoff_base: Duration::from_secs(1),
            reconnect_backoff_max: Duration::from_secs(30),
            reconnect_jitter: 0.1,
            reconnect_timeout: Duration::from_secs(60),
            restart_timeout: Duration::from_secs(10),
            greeting_timeout: Duration::from_secs(2),
            ping_interval: Duration::from_secs(2),
            ping_timeout: Duration::from_secs(5),
            buffer_enabled: true,
            max_buffer_size: 100,
            max_buffer_bytes: 8 * 1024 * 1024,
            max_buffer_age: Duration::from_secs(60),
            buffer_overflow: Overflow::Refuse,
            preserve_buffer_on_close: false,
            close_timeout: Duration::from_secs(5),
            buffered_amount_high: 1024 * 1024,
            buffered_amount_low: 64 * 1024,
        }
    }
}
