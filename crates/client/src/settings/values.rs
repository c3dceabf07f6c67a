//! Values of settings and their ranges. An error says what the value must be, and never what it is.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Overflow;

/// A time in milliseconds, above 0.
pub(super) mod time {
    use std::time::Duration;

    use serde::{Deserializer, Serializer};

    use crate::interfaces::clock::seconds;

    /// Some thirty thousand years.
    const LONGEST_MS: f64 = 1e15;

    pub(crate) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(time.as_secs_f64() * 1000.0)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let fits = |ms: f64| ms > 0.0 && ms <= LONGEST_MS;
        super::number(deserializer, fits, "must be a time in milliseconds, above 0").map(|ms| seconds(ms / 1000.0))
    }
}

/// A time in milliseconds that may be 0 and has a limit.
pub(super) mod wait {
    use std::time::Duration;

    use serde::Deserializer;

    pub(crate) use super::time::serialize;
    use crate::interfaces::clock::seconds;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let fits = |ms: f64| (0.0..=25_000.0).contains(&ms);
        super::number(deserializer, fits, "must be a time in milliseconds, from 0 to 25000")
            .map(|ms| seconds(ms / 1000.0))
    }
}

pub(super) fn fraction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    number(deserializer, |fraction| (0.0..=1.0).contains(&fraction), "must be a number from 0 to 1")
}

pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let fits = |count: f64| count.fract() == 0.0 && (0.0..=1000.0).contains(&count);
    number(deserializer, fits, "must be a whole number from 0 to 1000").map(|count| count as u32)
}

pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let fits = |size: f64| size.fract() == 0.0 && (1.0..=1e9).contains(&size);
    number(deserializer, fits, "must be a whole number from 1 to 1e9").map(|size| size as usize)
}

pub(super) fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    bool::deserialize(deserializer).map_err(|_| D::Error::custom("must be true or false"))
}

pub(super) fn overflow<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Overflow, D::Error> {
    Overflow::deserialize(deserializer).map_err(|_| D::Error::custom("must be \"refuse\" or \"drop-oldest\""))
}

fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
    fits: impl Fn(f64) -> bool,
    expected: &'static str,
) -> Result<f64, D::Error> {
    f64::deserialize(deserializer).ok().filter(|number| fits(*number)).ok_or_else(|| D::Error::custom(expected))
}
