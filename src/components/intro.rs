use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::services::location;

/// What this page is for, on the first visit.
#[component]
pub fn Intro() -> Html {
    html! {
        <section class={style()} data-testid="intro">
            <h2>{ "Connect two browsers and watch every step." }</h2>
            <p>
                { "Open this page in two windows. In one, " }
                <strong>{ "host" }</strong>
                { " a room and share its codes; in the other, " }
                <strong>{ "join" }</strong>
                { " as a guest. Start both, then chat over a direct connection." }
            </p>
            <p class="alone">
                { "Only one window? " }
                <a href={location::with_two_peers()} data-testid="two-peers">{ "Host and guest in this tab" }</a>
            </p>
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        color: var(--muted);

        h2 {
            margin-bottom: 6px;
            font-size: 19px;
            font-weight: 650;
            line-height: 1.25;
            text-wrap: balance;
            color: var(--ink);
        }
        .alone { margin-top: 6px; }
        strong { color: var(--ink); font-weight: 600; }
        "#
    )
}
