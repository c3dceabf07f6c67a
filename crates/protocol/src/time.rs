use serde::{Deserialize, Deserializer, Serialize};

/// The largest integer that JavaScript represents exactly: 2⁵³ − 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A point in time by the server's clock, in milliseconds since the Unix epoch. Advisory for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct EpochMs(pub u64);

impl<'de> Deserialize<'de> for EpochMs {
    /// Accepts any JSON number: fractions are cut off, and values out of range are clamped to 0 and 2⁵³ − 1.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(|ms| Self((ms as u64).min(MAX_SAFE_INTEGER)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_is_read_and_an_integer_is_written() {
        for (text, ms) in [("17", 17), ("1763800000000.7", 1_763_800_000_000), ("-1", 0), ("1e300", (1 << 53) - 1)] {
            assert_eq!(serde_json::from_str::<EpochMs>(text).unwrap(), EpochMs(ms));
        }
        assert_eq!(serde_json::to_string(&EpochMs(17)).unwrap(), "17");
    }
}
