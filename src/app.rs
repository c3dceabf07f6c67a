//! The root component: one peer or two, as the page's URL asks.

use yew::prelude::*;

use crate::components::{Codes, Pair, Peer, Place};
use crate::hooks::{SettingsHandle, use_settings};
use crate::link::Link;
use crate::services::{location, root};

/// The whole page.
#[component]
pub fn App() -> Html {
    let link = use_memo((), |()| location::link());
    let settings = use_settings(&link);
    use_effect_with(link.clone(), |link| {
        if link.embed {
            dress(link);
        }
    });
    html! {
        <ContextProvider<SettingsHandle> context={settings}>
            if link.peers {
                <Pair link={(*link).clone()} />
            } else {
                <Peer
                    place={if link.embed { Place::Frame } else { Place::Page }}
                    link={(*link).clone()}
                    codes={Codes {
                        room: link.room.clone().unwrap_or_default(),
                        join: link.join.clone().unwrap_or_default(),
                    }}
                />
            }
        </ContextProvider<SettingsHandle>>
    }
}

/// Makes the page fit into the page that embeds it.
fn dress(link: &Link) {
    root::set_attribute("data-embed", Some(""));
    root::set_attribute("data-theme", link.theme);
    if let Some(accent) = link.accent {
        root::set_property("--accent", &accent.css());
        root::set_property("--on-accent", accent.ink());
        root::set_property("--accent-soft", "color-mix(in srgb, var(--accent) 14%, var(--panel))");
    }
}
