use serde::{Deserialize, Deserializer, Serialize};

/// A moment by the server's clock, in milliseconds since the Unix epoch; advisory for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct EpochMs(pub u64);

impl<'de> Deserialize<'de> for EpochMs {
    /// Takes any JSON number: a server may send fractions, which are cut off.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(|ms| Self(ms as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_is_read_and_an_integer_is_written() {
        for (text, ms) in [("17", 17), ("1763800000000.7", 1_763_800_000_000), ("-1", 0)] {
            assert_eq!(serde_json::from_str::<EpochMs>(text).unwrap(), EpochMs(ms));
        }
        assert_eq!(serde_json::to_string(&EpochMs(17)).unwrap(), "17");
    }
}
