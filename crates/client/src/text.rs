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

/// A duration in milliseconds, briefly: `4 ms`, `1.2 s`, `2:05`, `1:02:03`.
pub fn duration(ms: f64) -> String {
    let ms = ms.max(0.0);
    if ms < 999.5 {
        return format!("{} ms", ms.round_ties_even() as u32);
    }
    if ms < 59_950.0 {
        return format!("{} s", tenths((ms / 100.0).round_ties_even() as usize));
    }
    clock(ms)
}

/// A duration in milliseconds as `m:ss` or `h:mm:ss`, rounded down to seconds.
pub fn clock(ms: f64) -> String {
    let seconds = (ms.max(0.0) / 1000.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A size in bytes: `512 B`, `2.1 kB`, `3.4 MB`.
pub fn bytes(count: usize) -> String {
    match count {
        0..=999 => format!("{count} B"),
        1_000..=999_949 => format!("{} kB", tenths((count + 50) / 100)),
        _ => format!("{} MB", tenths((count + 50_000) / 100_000)),
    }
}

/// Tenths with one digit after the point. The standard library's way to write fractions is ten kilobytes.
pub fn tenths(count: usize) -> String {
    format!("{}.{}", count / 10, count % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "byte")), ["0 bytes", "1 byte", "2 bytes"]);
    }

    #[test]
    fn durations_get_coarser_as_they_get_longer() {
        for (ms, text) in [
            (-3.0, "0 ms"),
            (0.4, "0 ms"),
            (999.4, "999 ms"),
            (999.6, "1.0 s"),
            (12_345.0, "12.3 s"),
            (59_960.0, "0:59"),
            (61_000.0, "1:01"),
            (3_723_000.0, "1:02:03"),
        ] {
            assert_eq!(duration(ms), text, "{ms}");
        }
    }

    #[test]
    fn sizes_are_decimal() {
        for (count, text) in [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (2_149, "2.1 kB"), (3_400_000, "3.4 MB")] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn seconds_have_the_decimals_they_need() {
        let texts = [0, 250, 1_050, 20_000, 100_001].map(|ms| seconds(Duration::from_millis(ms)));
        assert_eq!(texts, ["0 s", "0.25 s", "1.05 s", "20 s", "100.001 s"]);
    }
}
