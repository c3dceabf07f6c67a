//! Text from elsewhere: a peer, a Registry, a link, a browser. It is shown so that nothing in it is hidden, and so that it
//! cannot change the direction of the text around it.
//!
//! In markup, `components::Foreign` puts such a text into an element of its own. In plain text (a title, a line of the
//! timeline), [`isolated`] wraps it in the characters that do the same.

mod excerpt;

use std::borrow::Cow;

pub use excerpt::{Excerpt, excerpt, is_short};

use crate::format;

/// Starts a text with a direction of its own (FIRST STRONG ISOLATE).
const ISOLATE: char = '\u{2068}';
/// Ends it (POP DIRECTIONAL ISOLATE).
const POP_ISOLATE: char = '\u{2069}';
/// How many kinds of invisible characters are named.
const NAMED_KINDS: usize = 4;
/// How much of a text is shown on a single line.
const BRIEF_CHARACTERS: usize = 200;

/// Invisible characters: controls, spaces, format characters, fillers.
const INVISIBLE: [(char, char); 24] = [
    ('\0', ' '),
    ('\u{7f}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether the character is invisible.
pub fn is_invisible(c: char) -> bool {
    !c.is_ascii_graphic() && INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Whether the character may hide something or change the direction of text: every invisible one except spaces and those
/// that affect how their neighbours are drawn.
fn is_hidden(c: char) -> bool {
    is_invisible(c)
        && !joins(c)
        && (!c.is_whitespace() || matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'))
}

/// Whether the character affects how its neighbours are drawn.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The text with each hidden character replaced by a mark like `[U+202E]`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    for (c, count) in runs(text) {
        match count {
            _ if !is_hidden(c) => visible.extend(std::iter::repeat_n(c, count)),
            1 => visible.push_str(&format!("[{}]", code_point(c))),
            _ => visible.push_str(&format!("[{} ×{}]", code_point(c), format::thousands(count))),
        }
    }
    Cow::Owned(visible)
}

/// A description of an invisible text: `(invisible characters: U+200B ×3)`; `None` if anything in it is visible.
pub fn unseen(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("(empty)".to_owned());
    }
    if !text.chars().all(is_invisible) {
        return None;
    }
    let mut kinds: Vec<(char, usize)> = Vec::new();
    for (c, count) in runs(text) {
        match kinds.iter_mut().find(|(known, _)| *known == c) {
            Some((_, known)) => *known += count,
            None => kinds.push((c, count)),
        }
    }
    let words = kinds.iter().take(NAMED_KINDS).map(|(c, count)| {
        let times = if *count == 1 { String::new() } else { format!(" ×{}", format::thousands(*count)) };
        format!("{}{times}", name(*c))
    });
    let mut words = words.collect::<Vec<_>>().join(", ");
    match kinds.iter().skip(NAMED_KINDS).map(|(_, count)| count).sum::<usize>() {
        0 => {}
        1 => words.push_str(" and another"),
        others => words.push_str(&format!(" and {} others", format::thousands(others))),
    }
    Some(format!("(invisible characters: {words})"))
}

fn name(c: char) -> String {
    match c {
        ' ' => "space".to_owned(),
        '\t' => "tab".to_owned(),
        '\n' => "line break".to_owned(),
        c => code_point(c),
    }
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The runs of equal characters, each with its length.
fn runs(text: &str) -> impl Iterator<Item = (char, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let after = rest.trim_start_matches(first);
        let count = (rest.len() - after.len()) / first.len_utf8();
        rest = after;
        Some((first, count))
    })
}

/// The text for a single line: nothing hidden, and only the beginning of a long one.
pub fn shown(text: &str) -> Cow<'_, str> {
    if let Some(words) = unseen(text) {
        return Cow::Owned(words);
    }
    let Excerpt { shown, left_out } = excerpt(text, BRIEF_CHARACTERS);
    match left_out {
        0 => visible(shown),
        _ => Cow::Owned(format!("{}… ({} more characters)", visible(shown), format::thousands(left_out))),
    }
}

/// The text for the middle of a line: as [`shown`], with a direction of its own.
pub fn isolated(text: &str) -> Cow<'_, str> {
    let shown = shown(text);
    // ASCII runs from left to right, like the page.
    if shown.is_ascii() { shown } else { Cow::Owned(format!("{ISOLATE}{shown}{POP_ISOLATE}")) }
}

/// The JSON text with hidden characters escaped. It stands for the same value.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_hidden) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// A line and the texts that are [`isolated`] in it: each part, and whether it comes from others.
pub fn parts(line: &str) -> impl Iterator<Item = (&str, bool)> {
    let pieces = line.split(ISOLATE).enumerate().flat_map(|(index, piece)| match piece.split_once(POP_ISOLATE) {
        Some((foreign, own)) if index > 0 => [(foreign, true), (own, false)],
        _ => [(piece, false), ("", false)],
    });
    pieces.filter(|(part, _)| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_is_made_visible() {
        for (text, seen) in [
            ("Ann", "Ann"),
            ("A\u{202e}nn", "A[U+202E]nn"),
            ("A\u{200b}\u{200b}nn", "A[U+200B ×2]nn"),
            ("\u{2069}\u{202e}x", "[U+2069][U+202E]x"),
            ("a\u{0}\u{1b}b", "a[U+0000][U+001B]b"),
            ("a\u{2028}b", "a[U+2028]b"),
            ("\u{feff}\u{e0041}x", "[U+FEFF][U+E0041]x"),
        ] {
            assert_eq!(visible(text), seen);
        }
    }

    #[test]
    fn ordinary_text_is_unchanged() {
        for text in [
            "a b\tc\nd\u{a0}e",
            "شلوم עולם",
            "می\u{200c}خواهم",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
            "größe",
            "日本\u{3000}語",
        ] {
            assert_eq!(visible(text), text);
            assert_eq!(escaped_json(text), text);
            assert_eq!(unseen(text), None);
        }
    }

    #[test]
    fn an_invisible_text_is_described() {
        for (text, words) in [
            ("", "(empty)"),
            ("   ", "(invisible characters: space ×3)"),
            ("\u{200b}\u{200b}\u{200b}", "(invisible characters: U+200B ×3)"),
            (" \n\u{202e} ", "(invisible characters: space ×2, line break, U+202E)"),
            (
                "\u{2800}\u{3164}\u{ad}\u{115f}\t\u{feff}",
                "(invisible characters: U+2800, U+3164, U+00AD, U+115F and 2 others)",
            ),
            ("\u{200d}\u{fe0f}", "(invisible characters: U+200D, U+FE0F)"),
        ] {
            assert_eq!(unseen(text).as_deref(), Some(words));
        }
        assert_eq!(unseen(&"\u{200b}".repeat(5_000)).as_deref(), Some("(invisible characters: U+200B ×5,000)"));
        assert_eq!(unseen("\u{200b}."), None);
    }

    #[test]
    fn the_table_is_in_order() {
        let ends: Vec<char> = INVISIBLE.iter().flat_map(|(first, last)| [*first, *last]).collect();
        assert!(ends.is_sorted());
        assert!(
            (0..=0x10_ffff)
                .filter_map(char::from_u32)
                .filter(|c| c.is_whitespace() || c.is_control())
                .all(is_invisible)
        );
    }

    #[test]
    fn a_foreign_text_in_a_line_ends_where_it_ends() {
        let line = format!("from {} to you", isolated("שלום\u{2069}\u{202e}x"));
        let all: Vec<_> = parts(&line).collect();
        assert_eq!(all, [("from ", false), ("שלום[U+2069][U+202E]x", true), (" to you", false)]);
        assert_eq!(isolated("plain"), "plain");
        assert_eq!(parts("plain").collect::<Vec<_>>(), [("plain", false)]);
        assert_eq!(parts("").count(), 0);
        // Malformed lines are drawn all the same.
        for odd in ["\u{2068}x", "x\u{2069}y", "\u{2068}\u{2068}x\u{2069}\u{2069}y"] {
            let whole: String = parts(odd).map(|(part, _)| part).collect();
            assert!(whole.contains('x'), "{odd:?}");
        }
    }

    #[test]
    fn a_long_text_on_a_line_says_how_much_is_left_out() {
        let long = shown(&"é".repeat(5_000)).into_owned();
        assert!(long.starts_with("éé") && long.ends_with("… (4,800 more characters)"), "{long}");
        assert_eq!(shown("\u{200b}"), "(invisible characters: U+200B)");
    }

    #[test]
    fn escaped_json_stands_for_the_same() {
        let value = serde_json::json!({ "te\u{202e}xt": "a\u{200b}\u{e0041}\u{2069}", "n": 1 });
        let (plain, escaped) = (value.to_string(), escaped_json(&value.to_string()).into_owned());
        assert!(escaped.contains("\\u202e") && escaped.contains("\\udb40\\udc41") && escaped.is_ascii(), "{escaped}");
        assert_ne!(plain, escaped);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
    }
}
