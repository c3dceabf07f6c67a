//! Numbers and sentences for people.

pub use registry_client::text::counted;

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

/// The time of day as `hh:mm:ss.mmm`, where local time is `offset_minutes` ahead of UTC.
pub fn time_of_day(epoch_ms: f64, offset_minutes: f64) -> String {
    let ms = ((epoch_ms + offset_minutes * 60_000.0) as i64).rem_euclid(86_400_000);
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

/// A size in bytes: `512 B`, `2.1 kB`, `3.4 MB`.
pub fn bytes(count: usize) -> String {
    match count {
        0..=999 => format!("{count} B"),
        1_000..=999_949 => format!("{} kB", tenths((count + 50) / 100)),
        _ => format!("{} MB", tenths((count + 50_000) / 100_000)),
    }
}

/// A number with commas between thousands: `5,000`.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths with one digit after the point. The standard library's way to write fractions is ten kilobytes.
fn tenths(count: usize) -> String {
    format!("{}.{}", count / 10, count % 10)
}

/// The text with a capital letter at the start and a full stop at the end.
pub fn sentence(text: &str) -> String {
    let mut sentence = text.to_owned();
    // The page speaks English; the capital letters of all alphabets would be a large table.
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !sentence.ends_with(['.', '!', '?', '…', ')']) {
        sentence.push('.');
    }
    sentence
}

/// Whether `haystack` contains `needle`, ignoring ASCII case.
pub fn contains_ignoring_case(haystack: &str, needle: &str) -> bool {
    let needle = needle.as_bytes();
    needle.is_empty() || haystack.as_bytes().windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_time_of_day_is_local() {
        assert_eq!(time_of_day(1_763_800_000_123.0, 0.0), "08:26:40.123");
        assert_eq!(time_of_day(0.0, -90.0), "22:30:00.000");
        assert_eq!(time_of_day(f64::NAN, 0.0), "00:00:00.000");
    }

    #[test]
    fn sizes_are_decimal() {
        for (count, text) in [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (2_149, "2.1 kB"), (3_400_000, "3.4 MB")] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_000_000, "1,000,000")] {
            assert_eq!(thousands(count), text);
        }
    }

    #[test]
    fn a_sentence_begins_and_ends_like_one() {
        assert_eq!(sentence("the room is gone"), "The room is gone.");
        assert_eq!(sentence("éh?"), "éh?");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn searching_ignores_case_and_takes_anything() {
        assert!(contains_ignoring_case("Offer:Posted", "offer"));
        assert!(contains_ignoring_case("x", ""));
        assert!(contains_ignoring_case("größe", "größe"));
        assert!(!contains_ignoring_case("ab", "abc"));
    }
}
