//! The beginning of a long text.

/// A text with at most this many bytes fits on a few lines, however narrow.
const SHORT_BYTES: usize = 160;

/// The beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// What is shown.
    pub shown: &'a str,
    /// How many characters are not.
    pub left_out: usize,
}

/// At most `most` characters of a text.
pub fn excerpt(text: &str, most: usize) -> Excerpt<'_> {
    // A text has at most as many characters as bytes.
    if text.len() <= most {
        return Excerpt { shown: text, left_out: 0 };
    }
    match text.char_indices().nth(most) {
        Some((end, _)) => Excerpt { shown: &text[..end], left_out: text[end..].chars().count() },
        None => Excerpt { shown: text, left_out: 0 },
    }
}

/// Whether the text certainly fits on a few lines: no wide glyphs and no line breaks.
pub fn is_short(text: &str) -> bool {
    text.len() <= SHORT_BYTES && text.bytes().all(|byte| byte.is_ascii() && byte != b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_between_characters_and_counts_the_rest() {
        assert_eq!(excerpt("äöü", 3), Excerpt { shown: "äöü", left_out: 0 });
        assert_eq!(excerpt("äöü", 2), Excerpt { shown: "äö", left_out: 1 });
        assert_eq!(excerpt("", 0), Excerpt { shown: "", left_out: 0 });
        let long = "x".repeat(1_000_000);
        assert_eq!(excerpt(&long, 1_000), Excerpt { shown: &long[..1_000], left_out: 999_000 });
    }

    #[test]
    fn only_what_is_certainly_short_counts_as_short() {
        assert!(is_short("hello") && is_short(&"W".repeat(SHORT_BYTES)));
        for long in ["a\nb", "﷽", &"x".repeat(SHORT_BYTES + 1)] {
            assert!(!is_short(long), "{long}");
        }
    }
}
