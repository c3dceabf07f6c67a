//! XML that is well-formed whatever is written into it. A drawing is a few kinds of elements: this is all that it takes.

use std::fmt::{self, Display, Write};

/// A document, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// An element with these attributes, and in it what `inner` writes.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &dyn Display)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.0 += "<";
        self.0 += name;
        for (key, value) in attributes {
            self.0 += " ";
            self.0 += key;
            self.0 += "=\"";
            self.text(value);
            self.0 += "\"";
        }
        let start = self.0.len();
        self.0 += ">";
        inner(self);
        if self.0.len() == start + 1 {
            self.0.truncate(start);
            self.0 += "/>";
        } else {
            self.0 += "</";
            self.0 += name;
            self.0 += ">";
        }
    }

    /// Text.
    pub(super) fn text(&mut self, text: &dyn Display) {
        // Writing to a string does not fail.
        let _ = write!(Escaped(&mut self.0), "{text}");
    }

    /// All that was written.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Escapes what XML 1.0 (section 2.4) asks for, and leaves out what it cannot hold (section 2.2) or what turns the text
/// around it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => *self.0 += "&amp;",
                '<' => *self.0 += "&lt;",
                '>' => *self.0 += "&gt;",
                '"' => *self.0 += "&quot;",
                '\'' => *self.0 += "&apos;",
                c if is_unfit(c) => self.0.push('\u{fffd}'),
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

/// Whether a character has no place in a line of a drawing: controls, and those that change the direction of text.
pub(super) fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_is_well_formed() {
        let mut markup = Markup::default();
        let hostile = "\"><script>&amp;'\u{0}\u{202e}\u{ffff}]]>";
        markup.element("svg", &[("title", &hostile), ("width", &12.5)], |markup| {
            markup.element("text", &[], |markup| markup.text(&hostile));
            markup.element("line", &[("x1", &1)], |_| {});
        });
        let text = markup.finish();
        let document = roxmltree::Document::parse(&text).expect("well-formed");
        let root = document.root_element();
        let expected = "\"><script>&amp;'\u{fffd}\u{fffd}\u{fffd}]]>";
        assert_eq!((root.attribute("title"), root.attribute("width")), (Some(expected), Some("12.5")));
        assert_eq!(root.first_element_child().and_then(|text| text.text()), Some(expected));
        assert!(text.contains(r#"<line x1="1"/>"#));
    }
}
