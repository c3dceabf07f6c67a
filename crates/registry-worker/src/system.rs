//! What the pure crate leaves to its host: the time, a random source, and a place for complaints.

use std::fmt::Display;

use registry::Refusal;
use worker::{Date, console_error};

/// The time, in milliseconds since the epoch. While a request is worked on, the platform's clock moves only when
/// something is waited for.
pub(crate) fn now() -> u64 {
    Date::now().as_millis()
}

/// Random bytes from the platform. Without them there can be no secrets, so without them there is no Registry.
pub(crate) fn random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        console_error!("the platform gives no random bytes: {error}");
        std::process::abort();
    }
}

/// Logs why the Registry failed; the client learns only that it did.
pub(crate) fn failed(error: impl Display) -> Refusal {
    console_error!("{error}");
    Refusal::Internal
}
