use yew::prelude::*;

use super::{Button, Glyph, Icon};
use crate::hooks::{Theme, use_theme};

/// A button that switches between the themes.
#[component]
pub fn ThemeToggle() -> Html {
    let (theme, onclick) = use_theme();
    let glyph = match theme {
        Theme::System => Glyph::System,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    };
    let label = format!("Theme: {}. Switch to {}.", theme.word(), theme.next().word());
    html! {
        <div class="theme">
            <Button testid="theme-toggle" class="small bare" {label} {onclick}>
                <Icon {glyph} />
            </Button>
        </div>
    }
}
