use yew::prelude::*;

use super::{Button, Field};
use crate::hooks::SettingsHandle;
use crate::markup::markup;
use crate::services::dom;

/// Where the Registry is, and how paths are found.
pub fn settings_panel(settings: &SettingsHandle) -> Html {
    let (current, problems) = (&settings.current, settings.current.problems());
    let linked = settings.sources.linked();
    let registry = Field {
        testid: "registry-url",
        label: "Registry URL",
        kind: Some("url"),
        mono: true,
        value: current.registry_url.clone().into(),
        problem: problems.registry_url,
        linked: linked.registry_url.is_some(),
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
        linked: linked.stun_url.is_some(),
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
            { linked.in_words().map(|what| by_link(&what, settings)) }
            { registry.html() }
            { stun.html() }
            { turn(settings) }
        </form>
    }
}

/// What a link has set, and the way back to what the person has set.
fn by_link(what: &str, settings: &SettingsHandle) -> Html {
    let own = Button {
        testid: "drop-link-settings".into(),
        class: "small",
        onclick: Some(settings.unlink()),
        ..Button::default()
    };
    markup! {
        <div class="linked" data-testid="settings-by-link">
            <p>
                { format!("The link that opened this page has set {what}. That is not remembered; what you change is.") }
            </p>
            { own.html("Use my own settings".into()) }
        </div>
    }
}

fn turn(settings: &SettingsHandle) -> Html {
    let (current, problems) = (&settings.current, settings.current.problems());
    let (login, nowhere) = (current.login().cloned().unwrap_or_default(), current.turn_server().is_none());
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
        linked: settings.sources.linked().turn_url.is_some(),
        onchange: settings.text(|all, text| all.turn_url = text),
        ..Field::default()
    };
    let user = Field {
        testid: "turn-username",
        label: "User name",
        value: login.username.into(),
        disabled: nowhere,
        onchange: settings.text(|all, text| all.change_login(|login| login.username = text)),
        ..Field::default()
    };
    let password = Field {
        testid: "turn-credential",
        label: "Password",
        kind: Some("password"),
        value: login.credential.into(),
        disabled: nowhere,
        onchange: settings.text(|all, text| all.change_login(|login| login.credential = text)),
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
                    { problems.turn_login.unwrap_or("The login belongs to this server alone. Its password is kept for this tab only.") }
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
