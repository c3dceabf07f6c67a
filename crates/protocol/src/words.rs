//! Words of lists that may grow.

/// Reads a word; one that is not known is kept as `Other`.
macro_rules! read_words {
    ($type:ident, $($word:literal => $variant:ident),* $(,)?) => {
        impl $crate::read::Read for $type {
            fn read(node: &impl $crate::read::Node, name: &'static str) -> Result<Self, $crate::read::Malformed> {
                let word = String::read(node, name)?;
                Ok(match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word),
                })
            }
        }

        deserialize_by_reading!($type);
    };
}
