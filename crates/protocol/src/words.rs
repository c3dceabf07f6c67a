//! Words of lists that may grow.

/// Reads a word; one that is not known is kept as `Other`. Derived, an untagged variant would try one after the other, at
/// ten times the size in WebAssembly.
macro_rules! read_words {
    ($type:ident, $($word:literal => $variant:ident),* $(,)?) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(deserializer)?;
                Ok(match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word),
                })
            }
        }
    };
}
