use yew::prelude::*;

use super::blocked_note::BlockedNote;
use crate::components::{Button, Field};
use crate::hooks::{use_current_settings, use_session};

/// Properties of [`HostForm`].
#[derive(Properties, PartialEq)]
pub struct HostFormProps {
    /// Whether the room is being created.
    pub busy: bool,
    /// Whether the settings need attention first.
    pub blocked: bool,
}

/// Creates a room.
#[component]
pub fn HostForm(props: &HostFormProps) -> Html {
    let HostFormProps { busy, blocked } = *props;
    let session = use_session();
    let settings = use_current_settings();
    let name = settings.current.host_name.clone();
    let onsubmit = use_callback((session, name.clone()), |event: SubmitEvent, (session, name)| {
        event.prevent_default();
        session.create(name);
    });
    html! {
        <form class="stack" {onsubmit}>
            <Field
                testid="host-username"
                label="Your name"
                hint="1 to 32 letters, digits, _ or -. Your guest sees it."
                value={name}
                linked={settings.sources.linked().host_name.is_some()}
                disabled={busy}
                onchange={settings.text(|settings, name| settings.host_name = name)}
            />
            <Button testid="create-room-btn" class="primary" submit={true} {busy} disabled={blocked}>
                { if busy { "Creating…" } else { "Create a room" } }
            </Button>
            if blocked {
                <BlockedNote />
            }
        </form>
    }
}
