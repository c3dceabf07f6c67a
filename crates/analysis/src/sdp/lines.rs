//! Sections and lines, whatever is in them.

/// A part of a description: what is said of the session, or of one medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The medium (`application`, `audio`, `video`); `None` for the session.
    pub medium: Option<&'a str>,
    /// Its identification (`a=mid`, RFC 5888), if it has one.
    pub mid: Option<&'a str>,
    /// All lines, also empty and broken ones.
    pub lines: Vec<Line<'a>>,
}

/// A line of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counts from 1, over the whole description.
    pub number: usize,
    /// The whole line, without its end.
    pub text: &'a str,
    /// The name: of an attribute its own, of other lines their letter; empty if it has neither.
    pub name: &'a str,
    /// What follows the name; empty for an attribute that has only a name.
    pub value: &'a str,
    /// Whether it is an attribute (`a=`).
    pub is_attribute: bool,
}

impl<'a> Line<'a> {
    fn new(number: usize, text: &'a str) -> Self {
        let (letter, rest) = text.split_once('=').filter(|(letter, _)| letter.len() == 1).unwrap_or_default();
        let is_attribute = letter == "a";
        let (name, value) = if is_attribute { rest.split_once(':').unwrap_or((rest, "")) } else { (letter, rest) };
        Self { number, text, name, value, is_attribute }
    }

    /// Whether it is this attribute.
    pub fn is(&self, attribute: &str) -> bool {
        self.is_attribute && self.name == attribute
    }
}

impl<'a> Section<'a> {
    /// The value of an attribute's first line, if it has one.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.lines.iter().find(|line| line.is(name)).map(|line| line.value)
    }

    /// The values of all lines of an attribute.
    pub fn attributes(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |line| line.is(name)).map(|line| line.value)
    }

    /// The value of the first line that begins with this letter.
    pub fn line(&self, letter: &str) -> Option<&'a str> {
        self.lines.iter().find(|line| !line.is_attribute && line.name == letter).map(|line| line.value)
    }

    /// What it is, for a heading.
    pub fn title(&self) -> String {
        match (self.medium, self.mid) {
            (None, _) => "session".to_owned(),
            (Some(medium), Some(mid)) => format!("{medium}, mid {mid}"),
            (Some(medium), None) => format!("{medium}, without a mid"),
        }
    }
}

/// Splits a description into its sections: the session's, and one from each `m=` line on.
pub fn sections(sdp: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section { medium: None, mid: None, lines: Vec::new() }];
    for (index, text) in sdp.lines().enumerate() {
        let line = Line::new(index + 1, text);
        if line.name == "m" && !line.is_attribute {
            let medium = line.value.split(' ').next();
            sections.push(Section { medium, mid: None, lines: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            if line.is("mid") && section.mid.is_none() {
                section.mid = Some(line.value);
            }
            section.lines.push(line);
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_split_into_sections_and_named_values() {
        let sdp = "v=0\r\na=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP x\r\na=mid:0\r\na=sendrecv\r\n";
        let sections = sections(sdp);
        assert_eq!(sections.iter().map(Section::title).collect::<Vec<_>>(), ["session", "application, mid 0"]);
        assert_eq!((sections[0].line("v"), sections[0].attribute("group")), (Some("0"), Some("BUNDLE 0")));
        let last = &sections[1].lines[2];
        assert_eq!((last.number, last.name, last.value, last.is_attribute), (5, "sendrecv", "", true));
        assert_eq!(sections[1].attribute("mid"), Some("0"));
    }

    #[test]
    fn broken_lines_are_lines() {
        let sections = sections("nonsense\n\na=\nab=c\nm=\n=x\nm=audio");
        let names: Vec<_> = sections.iter().flat_map(|section| &section.lines).map(|line| line.name).collect();
        assert_eq!(names, ["", "", "", "", "m", "", "m"]);
        assert_eq!(sections.iter().map(|section| section.medium).collect::<Vec<_>>(), [None, Some(""), Some("audio")]);
        assert_eq!(super::sections("")[0].lines, []);
    }
}
