use yew::prelude::*;

use super::use_effect_on;
use crate::services::dom;
use crate::services::storage::{self, Keep};

const THEME: &str = "registry-harness.theme";

/// Dark, light, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The one after this in the round.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The theme, remembered; and a callback that goes on to the next one.
#[hook]
pub fn use_theme() -> (Theme, Callback<MouseEvent>) {
    let theme =
        use_state(|| storage::read(Keep::Forever, THEME).map(|word| Theme::from_word(&word)).unwrap_or_default());
    use_effect_on(*theme, |theme| {
        dom::set_root_attribute("data-theme", (*theme != Theme::System).then_some(theme.word()));
    });
    let present = *theme;
    let next = Callback::from(move |_| {
        let next = theme.next();
        storage::write(Keep::Forever, THEME, next.word());
        theme.set(next);
    });
    (present, next)
}
