use serde::Serialize;

use crate::read::{Malformed, Node, Read};

/// A moment by the server's clock, in milliseconds since the Unix epoch; advisory for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct EpochMs(pub u64);

impl Read for EpochMs {
    /// Takes any JSON number: a server may send fractions, which are cut off.
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        f64::read(node, name).map(|ms| Self(ms as u64))
    }
}

deserialize_by_reading!(EpochMs);

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
