use stylist::yew::use_style;
use yew::prelude::*;

use crate::hooks::use_session;
use registry_client::Role;

/// Properties of [`RoleChooser`].
#[derive(Properties, PartialEq)]
pub struct RoleChooserProps {
    /// The role that is chosen.
    pub role: Option<Role>,
}

/// Host or guest.
#[component]
pub fn RoleChooser(props: &RoleChooserProps) -> Html {
    let style = use_style!(
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
        .choice.chosen { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); }
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
    "#
    );
    html! {
        <fieldset class={style}>
            <legend class="unseen">{ "Your role" }</legend>
            <Choice role={Role::Host} name="Host" what="Make a room" chosen={props.role == Some(Role::Host)} />
            <Choice role={Role::Guest} name="Guest" what="Join a room" chosen={props.role == Some(Role::Guest)} />
        </fieldset>
    }
}

#[derive(Properties, PartialEq)]
struct ChoiceProps {
    role: Role,
    name: AttrValue,
    what: AttrValue,
    chosen: bool,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let session = use_session();
    let onclick = use_callback((session, props.role), |_: MouseEvent, (session, role)| session.choose(*role));
    html! {
        <button
            type="button"
            class={classes!("choice", props.chosen.then_some("chosen"))}
            data-testid={format!("role-{}", props.role.as_str())}
            aria-pressed={props.chosen.to_string()}
            {onclick}
        >
            <span class="dot" aria-hidden="true" />
            <span class="name">{ &props.name }</span>
            <span class="what">{ &props.what }</span>
        </button>
    }
}
