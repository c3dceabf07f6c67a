//! The diagram as text for Mermaid.

use std::fmt::Write;

use super::markup::is_unfit;
use super::{Label, Lane, Row, Sequence};

/// A quoted text is cut after this many characters.
const MOST_QUOTED: usize = 80;

impl Sequence {
    /// The diagram as a Mermaid `sequenceDiagram`.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("sequenceDiagram\n");
        for lane in Lane::ALL {
            line(&mut text, format_args!("participant {} as {}", lane.word(), lane.title()));
        }
        if self.earlier > 0 {
            line(&mut text, format_args!("Note over host,guest: {} earlier rows are left out", self.earlier));
        }
        self.rows.iter().for_each(|row| self.write(row, &mut text));
        text
    }

    fn write(&self, row: &Row, text: &mut String) {
        let (from, to) = (row.from.word(), row.to.word());
        let said = escaped(&[&self.elapsed(row), " s ", &words(&row.label, &row.times())].concat());
        if row.is_note() {
            return line(text, format_args!("Note over {from}: {said}"));
        }
        let arrow = match (row.inferred, row.bad) {
            (true, _) => "-->>",
            (false, true) => "-x",
            (false, false) => "->>",
        };
        let via = row.via.as_ref().map(|via| escaped(&format!(" [{via}]"))).unwrap_or_default();
        let inferred = if row.inferred { " (inferred)" } else { "" };
        line(text, format_args!("{from}{arrow}{to}: {said}{via}{inferred}"));
        if let Some(back) = &row.back {
            line(text, format_args!("{to}-->>{from}: {}", escaped(&words(back, ""))));
        }
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "    {line}");
}

fn words(label: &Label, times: &str) -> String {
    let quote = label.quote.as_deref().unwrap_or_default();
    let quote: String = quote.chars().take(MOST_QUOTED).collect();
    let parts = [label.words.as_str(), times, &quote];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text that Mermaid takes for nothing but text: what may end a statement, begin a comment, a directive, a formula or an
/// element is written as the number of its character (`#59;`).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unfit(c) {
            escaped.push('\u{fffd}');
        } else if c.is_alphanumeric() || " .,:/-_()[]+=*!?·×→↔…\u{fffd}".contains(c) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_means_anything_to_mermaid() {
        let hostile = "a;b#c%%{init}%%<br>\n$$x$$\u{202e}\"'&°¶end";
        let text = escaped(hostile);
        let expected = "a#59;b#35;c#37;#37;#123;init#125;#37;#37;#60;br#62;\u{fffd}#36;#36;x#36;#36;\u{fffd}#34;#39;#38;#176;#182;end";
        assert_eq!(text, expected);
    }
}
