//! The `data-trunk` elements of `index.html`, so that the page is the same with Trunk and without.

use anyhow::{Result, bail};

/// An element that the build replaces.
#[derive(Debug, PartialEq, Eq)]
pub enum Asset<'a> {
    /// The application itself.
    Rust,
    /// A style sheet.
    Css(&'a str),
    /// The page's icon, with its media type.
    Icon(&'a str, Option<&'a str>),
    /// A module script.
    Script(&'a str),
    /// A file that keeps its name.
    CopyFile(&'a str),
    /// A folder that keeps its name.
    CopyDir(&'a str),
}

/// Replaces every `data-trunk` element by what `replace` returns for it, and adds `preload` at the end of the head.
pub fn render(html: &str, preload: &str, mut replace: impl FnMut(Asset<'_>) -> Result<String>) -> Result<String> {
    let mut page = String::with_capacity(html.len() + preload.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        page.push_str(before);
        if let Some(comment) = tag.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(tag.len(), |end| end + 7);
            page.push_str(&tag[..end]);
            rest = &tag[end..];
            continue;
        }
        let Some(end) = end_of_tag(tag) else { bail!("index.html: a tag is not closed: {tag:.40}") };
        let element = &tag[..end];
        rest = &tag[end..];
        if has_attribute(element, "data-trunk") {
            page.push_str(&replace(asset(element)?)?);
            rest = rest.strip_prefix("</script>").unwrap_or(rest);
        } else {
            if element.eq_ignore_ascii_case("</head>") {
                page.push_str(preload);
            }
            page.push_str(element);
        }
    }
    page.push_str(rest);
    Ok(page)
}

fn asset(element: &str) -> Result<Asset<'_>> {
    let needed = |name: &str| match attribute(element, name) {
        Some(value) => Ok(value),
        None => bail!("index.html: {name} is missing in {element}"),
    };
    if element.starts_with("<script") {
        return Ok(Asset::Script(needed("src")?));
    }
    Ok(match needed("rel")? {
        "rust" => Asset::Rust,
        "css" => Asset::Css(needed("href")?),
        "icon" => Asset::Icon(needed("href")?, attribute(element, "type")),
        "copy-file" => Asset::CopyFile(needed("href")?),
        "copy-dir" => Asset::CopyDir(needed("href")?),
        other => bail!("index.html: cargo xtask does not know rel=\"{other}\""),
    })
}

/// The length of the tag that `text` begins with. A `>` inside a quoted value does not end it.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (index, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return Some(index + 1),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

fn has_attribute(element: &str, name: &str) -> bool {
    let mut words = element.split(|c: char| c.is_whitespace() || c == '>' || c == '/');
    words.any(|word| word == name)
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let key = format!("{name}=\"");
    let at = element.match_indices(&key).map(|(at, _)| at).find(|at| element[..*at].ends_with(char::is_whitespace))?;
    let value = &element[at + key.len()..];
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_replaced_and_the_rest_is_kept() {
        let html = "<html><head><!-- <link data-trunk> --><link\n data-trunk rel=\"css\" href=\"a.css\" />\n\
                    <script data-trunk type=\"module\" src=\"b.js\"></script></head><body>1 > 0</body></html>\n";
        let mut seen = Vec::new();
        let page = render(html, "<preload>", |asset| {
            seen.push(format!("{asset:?}"));
            Ok(format!("<{}>", seen.len()))
        });
        let expected = "<html><head><!-- <link data-trunk> --><1>\n<2><preload></head><body>1 > 0</body></html>\n";
        assert_eq!(page.unwrap(), expected);
        assert_eq!(seen, ["Css(\"a.css\")", "Script(\"b.js\")"]);
    }

    #[test]
    fn a_bracket_in_a_quoted_value_does_not_end_a_tag() {
        assert_eq!(end_of_tag("<a title=\"x > y\">z"), Some(17));
        assert_eq!(end_of_tag("<a title=\"x"), None);
    }

    #[test]
    fn attributes_are_matched_by_their_whole_name() {
        let element = "<link data-trunk rel=\"icon\" data-href=\"no\" href=\"yes\" type=\"image/svg+xml\"/>";
        assert_eq!(asset(element).unwrap(), Asset::Icon("yes", Some("image/svg+xml")));
    }

    #[test]
    fn unknown_elements_are_an_error() {
        assert!(asset("<link data-trunk rel=\"sass\" href=\"x\">").is_err());
        assert!(asset("<link data-trunk rel=\"css\">").is_err());
    }

    #[test]
    fn our_own_page_is_understood() {
        let html = include_str!("../../index.html");
        let mut assets = 0;
        let page = render(html, "", |_| {
            assets += 1;
            Ok(String::new())
        });
        assert!(!page.unwrap().contains("<link data-trunk"));
        assert!(assets >= 4);
    }

    #[test]
    fn our_own_page_has_no_inline_script() {
        for script in include_str!("../../index.html").split("<script").skip(1) {
            let tag = script.split("</script>").next().unwrap_or_default();
            assert!(tag.contains("src=") && tag.trim_end().ends_with('>'), "inline script: {tag}");
        }
    }
}
