//! Deadlines and cadences, with the defaults of the design.

mod values;

use std::time::Duration;

use registry_protocol::limits::MAX_WAIT_MS;
use serde::{Deserialize, Serialize};

/// What happens to a message when the buffer is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overflow {
    /// The new message is rejected.
    #[default]
    Refuse,
    /// The oldest message that has not been handed to a channel is dropped and reported.
    DropOldest,
}

/// Deadlines and cadences. All can be set; the defaults suit a base Registry on the open internet.
///
/// In JSON and JavaScript times are in milliseconds. A value that is out of range is an error that says what the value must be
/// and does not repeat it; fields that are missing have their defaults, and unknown ones are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Timeout of an HTTP request.
    #[serde(with = "values::time")]
    pub request_timeout: Duration,
    /// Timeout from both descriptions being known to the data channel being open.
    #[serde(with = "values::time")]
    pub connection_timeout: Duration,
    /// When incomplete candidate gathering is reported. Not fatal.
    #[serde(with = "values::time")]
    pub ice_gathering_timeout: Duration,
    /// How long ICE may take to recover by itself before the connection counts as lost.
    #[serde(with = "values::time")]
    pub disconnected_grace: Duration,
    /// Shortest polling interval.
    #[serde(with = "values::time")]
    pub poll_interval: Duration,
    /// Longest polling interval.
    #[serde(with = "values::time")]
    pub poll_interval_max: Duration,
    /// Long-poll timeout at a Registry that supports long polls, in whole seconds, at most 25; zero disables them.
    #[serde(with = "values::wait")]
    pub poll_wait: Duration,
    /// Delay before the first retry of a failed call; it doubles with each failure.
    #[serde(with = "values::time")]
    pub retry_backoff_base: Duration,
    /// Longest delay before a retry.
    #[serde(with = "values::time")]
    pub retry_backoff_max: Duration,
    /// Maximum deviation of an interval or a delay from its nominal value, as a fraction of it.
    #[serde(deserialize_with = "values::fraction")]
    pub jitter: f64,
    /// How often creating or joining a room is retried if the Registry asks for it.
    #[serde(deserialize_with = "values::count")]
    pub admission_retries: u32,
    /// Whether to reconnect when the connection is lost, if the peer supports it.
    #[serde(deserialize_with = "values::switch")]
    pub reconnect_enabled: bool,
    /// Maximum number of attempts to reconnect; 0 for no limit.
    #[serde(deserialize_with = "values::count")]
    pub max_reconnect_attempts: u32,
    /// Delay before the second attempt; it doubles with each further one.
    #[serde(with = "values::time")]
    pub reconnect_backoff_base: Duration,
    /// Longest delay before an attempt.
    #[serde(with = "values::time")]
    pub reconnect_backoff_max: Duration,
    /// Maximum deviation of the delay before an attempt from its nominal value, as a fraction of it.
    #[serde(deserialize_with = "values::fraction")]
    pub reconnect_jitter: f64,
    /// How long an attempt waits for the peer to join the fallback room.
    #[serde(with = "values::time")]
    pub reconnect_timeout: Duration,
    /// Timeout of an ICE restart, from both descriptions being known.
    #[serde(with = "values::time")]
    pub restart_timeout: Duration,
    /// How long to wait for the peer's greeting on the control channel before treating it as one without support for durable
    /// connections.
    #[serde(with = "values::time")]
    pub greeting_timeout: Duration,
    /// Interval between two pings.
    #[serde(with = "values::time")]
    pub ping_interval: Duration,
    /// How long the peer may leave a ping unanswered.
    #[serde(with = "values::time")]
    pub ping_timeout: Duration,
    /// Whether messages are accepted while the connection is interrupted.
    #[serde(deserialize_with = "values::switch")]
    pub buffer_enabled: bool,
    /// Maximum number of messages waiting for the data channel.
    #[serde(deserialize_with = "values::size")]
    pub max_buffer_size: usize,
    /// Maximum size of waiting and unacknowledged messages, in bytes.
    #[serde(deserialize_with = "values::size")]
    pub max_buffer_bytes: usize,
    /// How long a message may wait before it expires.
    #[serde(with = "values::time")]
    pub max_buffer_age: Duration,
    /// What happens to a message when the buffer is full.
    #[serde(deserialize_with = "values::overflow")]
    pub buffer_overflow: Overflow,
    /// Whether messages that were not delivered when a room was closed are sent to the peer in the next room.
    #[serde(deserialize_with = "values::switch")]
    pub preserve_buffer_on_close: bool,
    /// How long closing a room may take to deliver messages accepted earlier; zero closes at once.
    #[serde(with = "values::wait")]
    pub close_timeout: Duration,
    /// Messages are held back while the data channel has buffered more bytes than this.
    #[serde(deserialize_with = "values::size")]
    pub buffered_amount_high: usize,
    /// They are sent again when it has buffered no more than this.
    #[serde(deserialize_with = "values::size")]
    pub buffered_amount_low: usize,
}

impl Settings {
    /// Long-poll timeout in whole seconds, limited to what a Registry accepts.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::{Json, Malformed};

    /// The settings with their defaults, as `settings.d.ts` documents them.
    fn defaults() -> Value {
        json!({
            "requestTimeout": 10_000.0, "connectionTimeout": 30_000.0, "iceGatheringTimeout": 10_000.0,
            "disconnectedGrace": 5000.0, "pollInterval": 250.0, "pollIntervalMax": 2000.0, "pollWait": 20_000.0,
            "retryBackoffBase": 500.0, "retryBackoffMax": 8000.0, "jitter": 0.1, "admissionRetries": 4,
            "reconnectEnabled": true, "maxReconnectAttempts": 5, "reconnectBackoffBase": 1000.0,
            "reconnectBackoffMax": 30_000.0, "reconnectJitter": 0.1, "reconnectTimeout": 60_000.0,
            "restartTimeout": 10_000.0, "greetingTimeout": 2000.0, "pingInterval": 2000.0, "pingTimeout": 5000.0,
            "bufferEnabled": true, "maxBufferSize": 100, "maxBufferBytes": 8_388_608, "maxBufferAge": 60_000.0,
            "bufferOverflow": "refuse", "preserveBufferOnClose": false, "closeTimeout": 5000.0,
            "bufferedAmountHigh": 1_048_576, "bufferedAmountLow": 65_536,
        })
    }

    #[test]
    fn names_and_defaults_are_those_of_javascript() {
        assert_eq!(Json::of(&Settings::default()).value(), defaults());
        assert_eq!(Json::of(&json!({"unknown": 1})).read::<Settings>(), Ok(Settings::default()));
    }

    #[test]
    fn every_setting_is_read_and_one_that_is_out_of_range_is_not() {
        for (name, default) in defaults().as_object().unwrap() {
            let (good, bad) = match default {
                Value::Bool(flag) => (json!(!flag), json!("true")),
                Value::String(_) => (json!("drop-oldest"), json!("secret")),
                number if number.is_f64() && number.as_f64() < Some(1.0) => (json!(0.5), json!(1.5)),
                number if number.is_f64() => (json!(1), json!(-1)),
                _ => (json!(7.0), json!(0.5)),
            };
            let with = |value: &Value| Json::of(&json!({ name: value })).read::<Settings>();
            assert_ne!(with(&good), Ok(Settings::default()), "{name}");
            assert!(matches!(with(&bad), Err(Malformed::Unexpected { .. })), "{name}");
        }
    }
}
