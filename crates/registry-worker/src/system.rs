//! What the pure crate leaves to its environment: the clock, a random source, and the error log.

use std::fmt::Display;

use registry_core::Refusal;
use worker::{Date, console_error};

/// The time, in milliseconds since the epoch. While a request is being handled, the platform's clock advances only on
/// I/O.
pub(crate) fn now() -> u64 {
    Date::now().as_millis()
}

/// Fills `bytes` from the platform's random source. Secrets cannot be generated without it, so failure aborts.
pub(crate) fn random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        console_error!("the platform's random source failed: {error}");
        std::process::abort();
    }
}

/// Logs an internal error; the client learns only that there was one.
pub(crate) fn internal_error(error: impl Display) -> Refusal {
    console_error!("{error}");
    Refusal::Internal
}
