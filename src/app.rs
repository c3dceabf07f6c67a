//! The root component: one peer or two, as the page's URL asks.

use yew::prelude::*;

use crate::components::{Codes, Pair, Peer, Place};
use crate::hooks::{SettingsHandle, use_settings};
use crate::services::{location, root};

/// The whole page.
#[component]
pub fn App() -> Html {
    let link = use_memo((), |()| location::link());
    let settings = use_settings(&link);
    use_effect_with(link.clone(), |link| {
        if link.embed {
            root::set_attribute("data-embed", Some(""));
            root::dress(link.theme, link.accent);
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
