use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::hooks::use_session;

/// Properties of [`RoleChooser`].
#[derive(Properties, PartialEq)]
pub struct RoleChooserProps {
    /// The selected role.
    pub role: Option<Role>,
}

/// Host or guest.
#[component]
pub fn RoleChooser(props: &RoleChooserProps) -> Html {
    let session = use_session();
    let onchoose = use_callback(session, |role, session| session.choose(role));
    let choice = |of, testid, name, what| {
        let chosen = props.role == Some(of);
        html! { <Choice {of} {testid} {name} {what} {chosen} onchoose={&onchoose} /> }
    };
    html! {
        <fieldset class={style()}>
            <legend class="unseen">{ "Your role" }</legend>
            { choice(Role::Host, "role-host", "Host", "Create a room") }
            { choice(Role::Guest, "role-guest", "Guest", "Join a room") }
        </fieldset>
    }
}

#[derive(Properties, PartialEq)]
struct ChoiceProps {
    of: Role,
    testid: &'static str,
    name: &'static str,
    what: &'static str,
    chosen: bool,
    onchoose: Callback<Role>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let of = props.of;
    html! {
        <button
            type="button"
            class={classes!("choice", props.chosen.then_some("chosen"))}
            data-testid={props.testid}
            aria-pressed={props.chosen.to_string()}
            onclick={props.onchoose.reform(move |_| of)}
        >
            <span class="dot" aria-hidden="true" />
            <span class="name">{ props.name }</span>
            <span class="what">{ props.what }</span>
        </button>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;

        .choice {
            position: relative;
            display: flex;
            flex-direction: column;
            padding: 9px 12px 10px 38px;
            border: 1px solid var(--edge);
            border-radius: var(--radius);
            background: var(--panel);
            font: inherit;
            color: inherit;
            text-align: left;
            cursor: pointer;
            transition: background-color 120ms, border-color 120ms;
        }
        .choice:hover { border-color: var(--accent); }
        .choice.chosen {
            border-color: var(--accent);
            background: var(--accent-soft);
            box-shadow: inset 0 0 0 1px var(--accent);
        }
        .dot {
            position: absolute;
            left: 13px;
            top: 13px;
            width: 15px;
            height: 15px;
            border: 2px solid var(--edge);
            border-radius: 50%;
        }
        .chosen .dot { border: 5px solid var(--accent); }
        .name { font-weight: 650; }
        .what { font-size: 12.5px; color: var(--muted); line-height: 1.3; }

        @media (forced-colors: active) {
            .choice.chosen { outline: 2px solid Highlight; outline-offset: -2px; }
        }
        "#
    )
}
