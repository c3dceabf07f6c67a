//! The short text that markup becomes while it is compiled.
//!
//! An element is `<name`, then ` name` and its value for each attribute, then `>`, what is in it, and `/`. A text stands
//! between quotation marks, and `{` stands for a value that is known only when it is drawn.

/// How deep elements can be in each other.
const DEPTH: usize = 16;

/// The length of what [`pack`] makes of this.
pub const fn packed_len(source: &str) -> usize {
    write(source.as_bytes(), &mut [])
}

/// Makes the short text of the tokens of markup, each with a space behind it. Where an element is not closed, or closed
/// by another's name, it does not compile.
pub const fn pack<const LEN: usize>(source: &str) -> [u8; LEN] {
    let mut packed = [0; LEN];
    write(source.as_bytes(), &mut packed);
    packed
}

/// Writes the short text as far as there is room for it, and says how long it is.
const fn write(source: &[u8], packed: &mut [u8]) -> usize {
    let (mut at, mut len) = (0, 0);
    let (mut open, mut depth) = ([0; DEPTH], 0);
    let (mut in_tag, mut last) = (false, b' ');
    while at < source.len() {
        let byte = source[at];
        match byte {
            b' ' | b'=' => {}
            b'"' => {
                let mut end = at + 1;
                while source[end] != b'"' {
                    end += 1;
                }
                while at < end {
                    len = push(packed, len, source[at]);
                    at += 1;
                }
                len = push(packed, len, b'"');
            }
            b'<' if source[at + 2] == b'/' => {
                assert!(
                    depth > 0 && same_word(source, open[depth - 1], at + 4),
                    "an element is closed by another's name"
                );
                depth -= 1;
                len = push(packed, len, b'/');
                while source[at] != b'>' {
                    at += 1;
                }
            }
            b'<' => {
                (open[depth], in_tag) = (at + 2, true);
                depth += 1;
                len = push(packed, len, byte);
            }
            b'/' => {
                assert!(in_tag && source[at + 2] == b'>', "a stroke stands at the end of a tag");
                (at, depth, in_tag) = (at + 2, depth - 1, false);
                len = push(packed, len, b'>');
                len = push(packed, len, b'/');
            }
            b'>' | b'{' => {
                in_tag &= byte == b'{';
                len = push(packed, len, byte);
            }
            _ => {
                assert!(in_tag, "a text stands between quotation marks");
                if last != b'<' && last != b'-' && byte != b'-' {
                    len = push(packed, len, b' ');
                }
                while source[at] != b' ' {
                    len = push(packed, len, source[at]);
                    at += 1;
                }
            }
        }
        if byte != b' ' {
            last = byte;
        }
        at += 1;
    }
    assert!(depth == 0, "an element is not closed");
    len
}

const fn push(packed: &mut [u8], len: usize, byte: u8) -> usize {
    if len < packed.len() {
        packed[len] = byte;
    }
    len + 1
}

const fn same_word(source: &[u8], mut one: usize, mut other: usize) -> bool {
    while source[one] == source[other] {
        if source[one] == b' ' {
            return true;
        }
        (one, other) = (one + 1, other + 1);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(source: &str) -> String {
        let mut packed = vec![0; packed_len(source)];
        write(source.as_bytes(), &mut packed);
        String::from_utf8(packed).unwrap()
    }

    #[test]
    fn an_element_keeps_its_names_its_texts_and_the_places_of_its_values() {
        let source = r#"< p class = { data - test - id = "a b" > "Some <text>" { < / p > "#;
        assert_eq!(packed(source), r#"<p class{ data-test-id"a b">"Some <text>"{/"#);
    }

    #[test]
    fn elements_are_in_and_after_each_other() {
        assert_eq!(packed("< svg > < path d = { / > < g / > < / svg > "), "<svg><path d{>/<g>//");
        assert_eq!(packed("{ < br / > "), "{<br>/");
    }

    #[test]
    #[should_panic(expected = "closed by another's name")]
    fn an_element_is_closed_by_its_own_name() {
        packed("< dt > < / dd > ");
    }

    #[test]
    #[should_panic(expected = "not closed")]
    fn an_element_is_closed() {
        packed("< dl > < dt / > ");
    }

    #[test]
    #[should_panic(expected = "between quotation marks")]
    fn a_text_is_quoted() {
        packed("< p > hello < / p > ");
    }
}
