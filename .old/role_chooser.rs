use yew::prelude::*;

use super::button::yes_or_no;
use crate::hooks::Session;
use crate::markup::markup;
use registry_client::Role;

/// Host or guest.
pub fn role_chooser(session: &Session, role: Option<Role>) -> Html {
    markup! {
        <fieldset class="roles">
            <legend class="unseen">{ "Your role" }</legend>
            { choice("role-host", "Host", "Make a room", role == Some(Role::Host), session.on(|it| it.choose(Role::Host))) }
            { choice("role-guest", "Guest", "Join a room", role == Some(Role::Guest), session.on(|it| it.choose(Role::Guest))) }
        </fieldset>
    }
}

fn choice(
    testid: &'static str,
    name: &'static str,
    what: &'static str,
    chosen: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    markup! {
        <button
            type="button"
            class={if chosen { "choice chosen" } else { "choice" }}
            data-testid={testid}
            aria-pressed={yes_or_no(chosen)}
            onclick={onclick}
        >
            <span class="dot" aria-hidden="true" />
            <span class="name">{ name }</span>
            <span class="what">{ what }</span>
        </button>
    }
}
