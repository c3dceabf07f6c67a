//! The root component: what the page's address asks for.

use registry_client::Role;
use yew::prelude::*;

use crate::components::{Codes, Peer, Place, masthead};
use crate::hooks::{use_effect_on, use_settings};
use crate::link::Link;
use crate::markup::markup;
use crate::services::{dom, location};

/// The whole page: a peer, or two side by side.
#[component]
pub fn App() -> Html {
    let link = use_memo((), |()| location::link());
    let settings = use_settings(&link);
    let invited = use_state_eq(Codes::default);
    use_effect_on(link.clone(), |link| {
        if link.embed {
            dress(link);
        }
    });
    if !link.peers {
        let place = if link.embed { Place::Frame } else { Place::Page };
        let codes = Codes { room: link.room.clone().unwrap_or_default(), join: link.join.clone().unwrap_or_default() };
        return html! { <Peer {place} {settings} link={(*link).clone()} {codes} /> };
    }
    let one = |role| Link { role: Some(role), parent: None, ..(*link).clone() };
    let oncodes = {
        let invited = invited.setter();
        Callback::from(move |codes| invited.set(codes))
    };
    let (host, guest) = (one(Role::Host), one(Role::Guest));
    let codes = (*invited).clone();
    markup! {
        { masthead(Html::default()) }
        <main class="peers">
            { html! { <Peer place={Place::Pair} settings={settings.clone()} link={host} {oncodes} /> } }
            { html! { <Peer place={Place::Pair} {settings} link={guest} {codes} /> } }
        </main>
    }
}

/// Makes the page look like a part of the page around it.
fn dress(link: &Link) {
    dom::set_root_attribute("data-embed", Some(""));
    dom::set_root_attribute("data-theme", link.theme);
    if let Some(accent) = link.accent {
        dom::set_root_style("--accent", &accent.css());
        dom::set_root_style("--on-accent", accent.ink());
        dom::set_root_style("--accent-soft", "color-mix(in srgb, var(--accent) 14%, var(--panel))");
    }
}
