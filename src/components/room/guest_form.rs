use stylist::{StyleSource, css};
use yew::prelude::*;

use super::Codes;
use super::blocked_note::BlockedNote;
use crate::components::{Button, Field};
use crate::hooks::use_current_settings;

/// Properties of [`GuestForm`].
#[derive(Properties, PartialEq)]
pub struct GuestFormProps {
    /// The codes in the form.
    pub codes: UseStateHandle<Codes>,
    /// Whether the room is being joined.
    pub busy: bool,
    /// Whether the settings need attention first.
    pub blocked: bool,
    /// Called when the form is submitted.
    pub onjoin: Callback<()>,
}

/// Joins a room.
#[component]
pub fn GuestForm(props: &GuestFormProps) -> Html {
    let GuestFormProps { codes, busy, blocked, onjoin } = props;
    let settings = use_current_settings();
    let onsubmit = onjoin.reform(|event: SubmitEvent| event.prevent_default());
    let onroom = use_callback(codes.clone(), |text: String, codes| codes.set(codes.with_room(&text)));
    let onjoincode = use_callback(codes.clone(), |text: String, codes| codes.set(codes.with_join(&text)));
    html! {
        <form class={classes!("stack", style())} {onsubmit}>
            <Field
                testid="guest-username"
                label="Your name"
                hint="1 to 32 letters, digits, _ or -."
                value={settings.current.guest_name.clone()}
                linked={settings.sources.linked().guest_name.is_some()}
                disabled={*busy}
                onchange={settings.text(|settings, name| settings.guest_name = name)}
            />
            <div class="codes">
                <Field
                    testid="guest-room-code"
                    label="Room code"
                    hint="8 letters and digits, or paste an invitation."
                    placeholder="ABCD2345"
                    mono={true}
                    value={codes.room.clone()}
                    disabled={*busy}
                    onchange={onroom}
                />
                <Field
                    testid="guest-join-code"
                    label="Join code"
                    hint="6 digits."
                    placeholder="123456"
                    mono={true}
                    inputmode="numeric"
                    value={codes.join.clone()}
                    disabled={*busy}
                    onchange={onjoincode}
                />
            </div>
            <Button testid="join-room-btn" class="primary" submit={true} busy={*busy} disabled={*blocked}>
                { if *busy { "Joining…" } else { "Join the room" } }
            </Button>
            if *blocked {
                <BlockedNote />
            }
        </form>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; }
        "#
    )
}
