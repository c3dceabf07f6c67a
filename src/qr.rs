//! A link as a QR code: the path of its dark modules, for an SVG.

use qrcodegen::{QrCode, QrCodeEcc};

/// The light border that scanners need, in modules.
const QUIET: i32 = 4;

/// A QR code as SVG data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width and height including the border, in modules.
    pub side: i32,
    /// The dark modules, as SVG path data.
    pub path: String,
}

/// Encodes `text`; `None` if it is too long for a QR code.
pub fn draw(text: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Some(Drawing { side: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_a_drawing_with_a_quiet_border() {
        let drawing = draw("http://localhost:8787/#room=ABCD2345&join=123456").unwrap();
        assert_eq!(drawing.side, 33 + 2 * QUIET);
        // The finder pattern in the upper left corner begins with seven dark modules.
        assert!(drawing.path.starts_with(&format!("M{QUIET} {QUIET}h7v1h-7z")), "{:.40}", drawing.path);
    }

    #[test]
    fn what_no_code_can_hold_has_no_drawing() {
        assert_eq!(draw(&"x".repeat(10_000)), None);
    }
}
