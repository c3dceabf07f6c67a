//! A colour in a link.

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// Reads six hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits.then(|| u32::from_str_radix(text, 16).ok()).flatten()?;
        Some(Self([(number >> 16) as u8, (number >> 8) as u8, number as u8]))
    }

    /// As a CSS value.
    pub fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("rgb({red} {green} {blue})")
    }

    /// Black or white, whichever is legible on it.
    pub fn ink(self) -> &'static str {
        let [red, green, blue] = self.0.map(u32::from);
        if red * 299 + green * 587 + blue * 114 > 140_000 { "#000000" } else { "#ffffff" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_its_ink_is_legible() {
        assert_eq!(Colour::parse("2747c7").map(Colour::css).as_deref(), Some("rgb(39 71 199)"));
        assert_eq!((Colour([0, 0, 128]).ink(), Colour([255, 230, 0]).ink()), ("#ffffff", "#000000"));
        for bad in ["", "2747c", "+747c7", "#2747c", "2747c7f"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }
}
