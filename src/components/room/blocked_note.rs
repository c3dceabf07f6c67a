use yew::prelude::*;

/// Why a form cannot be submitted.
#[component]
pub fn BlockedNote() -> Html {
    html! { <p class="muted" data-testid="blocked-note">{ "Check the connection settings below first." }</p> }
}
