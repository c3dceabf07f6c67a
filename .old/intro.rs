use yew::prelude::*;

use crate::markup::markup;

/// What this page is, for somebody who sees it for the first time.
pub fn intro() -> Html {
    markup! {
        <section class="intro" data-testid="intro">
            <h2>{ "Connect two browsers and watch every step." }</h2>
            <p>
                { "Open this page in two windows. In one, " }<strong>{ "host" }</strong>
                { " a room and share its codes; in the other, " }<strong>{ "join" }</strong>
                { " as a guest. Start both, and chat over a direct connection." }
            </p>
        </section>
    }
}
