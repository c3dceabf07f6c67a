use stylist::yew::use_style;
use yew::prelude::*;

use super::Field;
use crate::hooks::SettingsHandle;
use crate::services::dom;

/// Properties of [`SettingsPanel`].
#[derive(Properties, PartialEq)]
pub struct SettingsPanelProps {
    /// The settings.
    pub settings: SettingsHandle,
    /// Whether they cannot be changed now.
    pub disabled: bool,
}

/// Where the Registry is, and how paths are found.
#[component]
pub fn SettingsPanel(props: &SettingsPanelProps) -> Html {
    let style = use_style!(
        r#"
        summary { cursor: pointer; font-size: 13px; font-weight: 600; }
        details[open] summary { margin-bottom: 10px; }
        .login { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; }
        .tick { display: flex; gap: 8px; align-items: baseline; font-size: 14px; cursor: pointer; }
        .problem { color: var(--bad); font-size: 12.5px; }
        .small { font-size: 12.5px; }
    "#
    );
    let SettingsPanelProps { settings, disabled } = props;
    let (current, problems) = (&settings.current, settings.current.problems());
    let disabled = *disabled;
    let onrelay = {
        let settings = settings.clone();
        Callback::from(move |event: Event| settings.update(|all| all.relay_only = dom::is_checked(&event)))
    };
    let turn_in_use = !current.turn_url.trim().is_empty() || current.relay_only;
    let problem = |text: Option<&'static str>| text.map(AttrValue::Static);
    html! {
        <form
            class={classes!("card", "stack", style)}
            data-testid="settings"
            aria-labelledby="settings-title"
            onsubmit={|event: SubmitEvent| event.prevent_default()}
        >
            <div>
                <h2 id="settings-title" class="eyebrow">{ "Connection settings" }</h2>
                if disabled {
                    <p class="muted small" data-testid="settings-locked">{ "Fixed while there is a room." }</p>
                }
            </div>
            <Field
                testid="registry-url"
                label="Registry URL"
                kind="url"
                mono=true
                {disabled}
                value={current.registry_url.clone()}
                problem={problem(problems.registry_url)}
                onchange={settings.text(|all, text| all.registry_url = text)}
            />
            <Field
                testid="stun-url"
                label="STUN server"
                mono=true
                {disabled}
                hint="Finds your public address. Several are separated by commas; empty for none."
                value={current.stun_url.clone()}
                problem={problem(problems.stun_url)}
                onchange={settings.text(|all, text| all.stun_url = text)}
            />
            <details open={turn_in_use} data-testid="turn-settings">
                <summary>{ "TURN relay" }</summary>
                <div class="stack">
                    <Field
                        testid="turn-url"
                        label="TURN server"
                        mono=true
                        {disabled}
                        placeholder="turn:host:3478"
                        value={current.turn_url.clone()}
                        problem={problem(problems.turn_url)}
                        onchange={settings.text(|all, text| all.turn_url = text)}
                    />
                    <div class="login">
                        <Field
                            testid="turn-username"
                            label="User name"
                            {disabled}
                            value={current.turn_username.clone()}
                            onchange={settings.text(|all, text| all.turn_username = text)}
                        />
                        <Field
                            testid="turn-credential"
                            label="Password"
                            kind="password"
                            {disabled}
                            value={current.turn_credential.clone()}
                            onchange={settings.text(|all, text| all.turn_credential = text)}
                        />
                    </div>
                    <p class={if problems.turn_login.is_some() { "problem" } else { "muted small" }} aria-live="polite">
                        { problems.turn_login.unwrap_or("The password is kept for this tab only; the rest is remembered.") }
                    </p>
                    <label class="tick">
                        <input
                            type="checkbox"
                            data-testid="relay-only"
                            checked={current.relay_only}
                            {disabled}
                            onchange={onrelay}
                        />
                        { "Relay only: use no direct path" }
                    </label>
                    if let Some(text) = problems.relay_only {
                        <p class="problem" role="status">{ text }</p>
                    }
                </div>
            </details>
        </form>
    }
}
