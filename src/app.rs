//! The root component: what the page's address asks for.

use yew::prelude::*;

use crate::components::Peer;
use crate::hooks::use_settings;
use crate::services::location;

/// The whole page.
#[component]
pub fn App() -> Html {
    let link = use_memo((), |()| location::link());
    let settings = use_settings(&link);
    html! { <Peer {settings} link={(*link).clone()} /> }
}
