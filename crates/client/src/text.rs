//! Words and numbers in texts.

use std::time::Duration;

/// Gives enums that derive `IntoStaticStr` an `as_str`.
macro_rules! as_str {
    ($($name:ident),*) => {
        $(impl $name {
            /// The value as JSON and JavaScript have it.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        })*
    };
}

/// A count and a noun: `1 message`, `2 messages`.
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// A duration in seconds with as many decimals as it needs, up to milliseconds: `20 s`, `0.25 s`.
// The standard library's formatting of floats is large in WebAssembly.
pub(crate) fn seconds(duration: Duration) -> String {
    let text = format!("{}.{:03}", duration.as_secs(), duration.subsec_millis());
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "byte")), ["0 bytes", "1 byte", "2 bytes"]);
    }

    #[test]
    fn seconds_have_the_decimals_they_need() {
        let texts = [0, 250, 1_050, 20_000, 100_001].map(|ms| seconds(Duration::from_millis(ms)));
        assert_eq!(texts, ["0 s", "0.25 s", "1.05 s", "20 s", "100.001 s"]);
    }
}
