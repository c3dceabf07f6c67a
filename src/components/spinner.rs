use stylist::{StyleSource, css};
use yew::prelude::*;

/// Shows that something is under way.
#[component]
pub fn Spinner() -> Html {
    html! { <span class={style()} aria-hidden="true" /> }
}

fn style() -> StyleSource {
    css!(
        r#"
        width: 0.95em;
        height: 0.95em;
        flex: none;
        border: 2px solid currentColor;
        border-right-color: transparent;
        border-radius: 50%;
        animation: turn 0.8s linear infinite;

        @keyframes turn { to { transform: rotate(1turn); } }
        "#
    )
}
