use yew::prelude::*;

use super::Field;
use crate::hooks::SettingsHandle;
use crate::markup::markup;
use crate::services::dom;

/// Where the Registry is, and how paths are found.
pub fn settings_panel(settings: &SettingsHandle) -> Html {
    let (current, problems) = (&settings.current, settings.current.problems());
    let registry = Field {
        testid: "registry-url",
        label: "Registry URL",
        kind: Some("url"),
        mono: true,
        value: current.registry_url.clone().into(),
        problem: problems.registry_url,
        onchange: settings.text(|all, text| all.registry_url = text),
        ..Field::default()
    };
    let stun = Field {
        testid: "stun-url",
        label: "STUN server",
        mono: true,
        hint: "Finds your public address. Several are separated by commas; empty for none.",
        value: current.stun_url.clone().into(),
        problem: problems.stun_url,
        onchange: settings.text(|all, text| all.stun_url = text),
        ..Field::default()
    };
    markup! {
        <form
            class="card stack settings"
            data-testid="settings"
            aria-label="Connection settings"
            onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}
        >
            <h2 class="eyebrow">{ "Connection settings" }</h2>
            { registry.html() }
            { stun.html() }
            { turn(settings) }
        </form>
    }
}

fn turn(settings: &SettingsHandle) -> Html {
    let (current, problems) = (&settings.current, settings.current.problems());
    let onrelay = {
        let settings = settings.clone();
        move |event: Event| settings.update(|all| all.relay_only = dom::is_checked(&event))
    };
    let server = Field {
        testid: "turn-url",
        label: "TURN server",
        mono: true,
        placeholder: "turn:host:3478",
        value: current.turn_url.clone().into(),
        problem: problems.turn_url,
        onchange: settings.text(|all, text| all.turn_url = text),
        ..Field::default()
    };
    let user = Field {
        testid: "turn-username",
        label: "User name",
        value: current.turn_username.clone().into(),
        onchange: settings.text(|all, text| all.turn_username = text),
        ..Field::default()
    };
    let password = Field {
        testid: "turn-credential",
        label: "Password",
        kind: Some("password"),
        value: current.turn_credential.clone().into(),
        onchange: settings.text(|all, text| all.turn_credential = text),
        ..Field::default()
    };
    let in_use = !current.turn_url.trim().is_empty() || current.relay_only;
    let needless = problems.relay_only.map(|text| markup! { <p class="problem" role="status">{ text }</p> });
    markup! {
        <details open={in_use} data-testid="turn-settings">
            <summary>{ "TURN relay" }</summary>
            <div class="stack">
                { server.html() }
                <div class="login">
                    { user.html() }
                    { password.html() }
                </div>
                <p class={if problems.turn_login.is_some() { "problem" } else { "muted small" }} aria-live="polite">
                    { problems.turn_login.unwrap_or("The password is kept for this tab only; the rest is remembered.") }
                </p>
                <label class="tick">
                    <input type="checkbox" data-testid="relay-only" checked={current.relay_only} onchange={Callback::from(onrelay)} />
                    { "Relay only: use no direct path" }
                </label>
                { needless }
            </div>
        </details>
    }
}
