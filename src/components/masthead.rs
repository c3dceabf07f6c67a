use yew::prelude::*;

use super::ThemeToggle;

/// Properties of [`Masthead`].
#[derive(Properties, PartialEq)]
pub struct MastheadProps {
    /// What stands between the name and the theme.
    #[prop_or_default]
    pub children: Html,
}

/// The page's header: its name, some content, the theme. The shell in `index.html` begins with the same header, so its
/// style is in `static/base.css`.
#[component]
pub fn Masthead(props: &MastheadProps) -> Html {
    html! {
        <header class="masthead">
            <h1>
                <svg class="mark" viewBox="0 0 26 18" aria-hidden="true">
                    <path class="wire" d="M5 13C9 2 17 2 21 13" />
                    <circle class="end" cx="5" cy="13" r="3.2" />
                    <circle class="end" cx="21" cy="13" r="3.2" />
                </svg>
                { "Registry harness" }
            </h1>
            { props.children.clone() }
            <ThemeToggle />
        </header>
    }
}
