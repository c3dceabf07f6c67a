use yew::prelude::*;

use super::{Button, Glyph, icon};
use crate::hooks::{Theme, use_theme};

/// A button that goes round the themes.
#[component]
pub fn ThemeToggle() -> Html {
    let (theme, next) = use_theme();
    let glyph = match theme {
        Theme::System => Glyph::System,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    };
    let button = Button {
        testid: "theme-toggle".into(),
        class: "small bare",
        label: Some(format!("Theme: {}. Change to {}.", theme.word(), theme.next().word()).into()),
        onclick: Some(next),
        ..Button::default()
    };
    button.html(icon(glyph))
}
