use yew::prelude::*;

use super::by_link::ByLink;
use super::ice_servers::IceServers;
use super::turn::Turn;
use crate::components::Field;
use crate::hooks::use_current_settings;

/// The Registry and the servers for ICE.
#[component]
pub fn SettingsPanel() -> Html {
    let settings = use_current_settings();
    let (current, problems) = (&settings.current, settings.current.problems());
    let linked = settings.sources.linked();
    html! {
        <form
            class="card stack"
            data-testid="settings"
            aria-label="Connection settings"
            onsubmit={|event: SubmitEvent| event.prevent_default()}
        >
            <h2 class="eyebrow">{ "Connection settings" }</h2>
            if let Some(what) = linked.in_words() {
                <ByLink {what} />
            }
            <Field
                testid="registry-url"
                label="Registry URL"
                kind="url"
                mono={true}
                value={current.registry_url.clone()}
                problem={problems.registry_url}
                linked={linked.registry_url.is_some()}
                onchange={settings.text(|all, text| all.registry_url = text)}
            />
            <Field
                testid="stun-url"
                label="STUN server"
                mono={true}
                hint="Finds your public address. Separate several with commas; leave empty for none."
                value={current.stun_url.clone()}
                problem={problems.stun_url}
                linked={linked.stun_url.is_some()}
                onchange={settings.text(|all, text| all.stun_url = text)}
            />
            <Turn />
            <IceServers />
        </form>
    }
}
