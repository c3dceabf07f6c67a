use stylist::{StyleSource, css};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::turn_row::TurnRow;
use crate::components::Button;
use crate::hooks::use_current_settings;

/// The TURN servers with their logins, and whether to use nothing but relays.
#[component]
pub fn Turn() -> Html {
    let settings = use_current_settings();
    let (current, problems) = (&settings.current, settings.current.problems());
    let onrelay = {
        let settings = settings.clone();
        move |event: Event| {
            let relay_only = event.target_unchecked_into::<HtmlInputElement>().checked();
            settings.update(|all| all.relay_only = relay_only);
        }
    };
    let onadd = {
        let settings = settings.clone();
        move |_: MouseEvent| settings.update(|all| all.add_turn_row())
    };
    let rows = current.turn_rows().count();
    let in_use = rows > 1 || !current.turn_url.trim().is_empty() || current.relay_only;
    html! {
        <details class={style()} open={in_use} data-testid="turn-settings">
            <summary>{ "TURN relay" }</summary>
            <div class="stack">
                for index in 0..rows {
                    <TurnRow key={index} {index} />
                }
                <p class="muted small">{ "Each login is sent to its own server only. Passwords are kept for this tab only." }</p>
                <div class="row">
                    <Button testid="add-turn-server" class="small" onclick={onadd}>{ "Add a TURN server" }</Button>
                </div>
                <label class="tick">
                    <input type="checkbox" data-testid="relay-only" checked={current.relay_only} onchange={onrelay} />
                    { "Relay only: never connect directly" }
                </label>
                if let Some(problem) = problems.relay_only {
                    <p class="problem" role="status">{ problem }</p>
                }
            </div>
        </details>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        summary { cursor: pointer; font-size: 13px; font-weight: 600; }
        &[open] summary { margin-bottom: 10px; }
        .tick { display: flex; gap: 8px; align-items: baseline; font-size: 14px; cursor: pointer; }
        .problem { color: var(--bad); font-size: 12.5px; }
        .small { font-size: 12.5px; }
        "#
    )
}
