//! Numbers and sentences for people.

pub use registry_client::text::tenths;
pub use registry_client::text::{bytes, clock, counted, duration};

/// The time of day as `hh:mm:ss.mmm`, where local time is `offset_minutes` ahead of UTC.
pub fn time_of_day(epoch_ms: f64, offset_minutes: f64) -> String {
    let ms = ((epoch_ms + offset_minutes * 60_000.0) as i64).rem_euclid(86_400_000);
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
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

/// A number that is not negative, with one digit after the point below ten, unless it is 0: `2.5`, `12`.
pub fn decimal(number: f64) -> String {
    let tenths_of = (number.max(0.0) * 10.0).round_ties_even() as usize;
    if tenths_of < 100 && !tenths_of.is_multiple_of(10) { tenths(tenths_of) } else { thousands((tenths_of + 5) / 10) }
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
    fn the_time_of_day_is_local() {
        assert_eq!(time_of_day(1_763_800_000_123.0, 0.0), "08:26:40.123");
        assert_eq!(time_of_day(0.0, -90.0), "22:30:00.000");
        assert_eq!(time_of_day(f64::NAN, 0.0), "00:00:00.000");
    }

    #[test]
    fn small_numbers_have_a_digit_after_the_point() {
        for (number, text) in [(0.0, "0"), (0.04, "0"), (2.46, "2.5"), (3.0, "3"), (9.99, "10"), (1234.5, "1,235")] {
            assert_eq!(decimal(number), text, "{number}");
        }
        assert_eq!([decimal(-1.0), decimal(f64::NAN)], ["0", "0"]);
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
