use yew::prelude::*;

use super::{Button, Glyph, Icon};
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
    html! {
        <Button
            testid="theme-toggle"
            class="small bare"
            label={format!("Theme: {}. Change to {}.", theme.word(), theme.next().word())}
            onclick={next}
        >
            <Icon {glyph} />
        </Button>
    }
}
