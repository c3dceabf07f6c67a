use stylist::yew::use_style;
use yew::prelude::*;

/// What this page is, for somebody who sees it for the first time.
#[component]
pub fn Intro() -> Html {
    let style = use_style!(
        r#"
        color: var(--muted);
        h2 { font-size: 19px; line-height: 1.25; font-weight: 650; color: var(--ink); margin-bottom: 6px; text-wrap: balance; }
        strong { color: var(--ink); font-weight: 600; }
    "#
    );
    html! {
        <section class={style} data-testid="intro">
            <h2>{ "Connect two browsers and watch every step." }</h2>
            <p>
                { "Open this page in two windows. In one, " }<strong>{ "host" }</strong>
                { " a room and share its codes; in the other, " }<strong>{ "join" }</strong>
                { " as a guest. Start both, and chat over a direct connection." }
            </p>
        </section>
    }
}
