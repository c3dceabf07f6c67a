use yew::prelude::*;

use crate::services::root;
use crate::services::storage::{self, Keep};

const THEME: &str = "registry-harness.theme";

/// The colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Follows the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The next theme in the cycle.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Its name, for people and for storage.
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

/// The stored theme, applied to the page, and a click handler that switches to the next one.
#[hook]
pub fn use_theme() -> (Theme, Callback<MouseEvent>) {
    let theme =
        use_state(|| storage::read(Keep::Forever, THEME).map(|word| Theme::from_word(&word)).unwrap_or_default());
    use_effect_with(*theme, |theme| {
        root::set_attribute("data-theme", (*theme != Theme::System).then_some(theme.word()));
    });
    let current = *theme;
    let next = Callback::from(move |_| {
        let next = theme.next();
        storage::write(Keep::Forever, THEME, next.word());
        theme.set(next);
    });
    (current, next)
}
