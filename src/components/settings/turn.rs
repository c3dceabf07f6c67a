use stylist::{StyleSource, css};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::Field;
use crate::hooks::use_current_settings;

/// The TURN server with its login, and whether to use nothing but relays.
#[component]
pub fn Turn() -> Html {
    let settings = use_current_settings();
    let (current, problems) = (&settings.current, settings.current.problems());
    let (login, no_server) = (current.login().cloned().unwrap_or_default(), current.turn_server().is_none());
    let onrelay = {
        let settings = settings.clone();
        move |event: Event| {
            let relay_only = event.target_unchecked_into::<HtmlInputElement>().checked();
            settings.update(|all| all.relay_only = relay_only);
        }
    };
    let in_use = !current.turn_url.trim().is_empty() || current.relay_only;
    html! {
        <details class={style()} open={in_use} data-testid="turn-settings">
            <summary>{ "TURN relay" }</summary>
            <div class="stack">
                <Field
                    testid="turn-url"
                    label="TURN server"
                    mono={true}
                    placeholder="turn:host:3478"
                    value={current.turn_url.clone()}
                    problem={problems.turn_url}
                    linked={settings.sources.linked().turn_url.is_some()}
                    onchange={settings.text(|all, text| all.turn_url = text)}
                />
                <div class="login">
                    <Field
                        testid="turn-username"
                        label="User name"
                        value={login.username}
                        disabled={no_server}
                        onchange={settings.text(|all, text| all.change_login(|login| login.username = text))}
                    />
                    <Field
                        testid="turn-credential"
                        label="Password"
                        kind="password"
                        value={login.credential}
                        disabled={no_server}
                        onchange={settings.text(|all, text| all.change_login(|login| login.credential = text))}
                    />
                </div>
                <p class={if problems.turn_login.is_some() { "problem" } else { "muted small" }} aria-live="polite">
                    { problems.turn_login.unwrap_or("Sent to this server only. The password is kept for this tab only.") }
                </p>
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
        .login { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; }
        .tick { display: flex; gap: 8px; align-items: baseline; font-size: 14px; cursor: pointer; }
        .problem { color: var(--bad); font-size: 12.5px; }
        .small { font-size: 12.5px; }
        "#
    )
}
