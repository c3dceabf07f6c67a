use registry_analysis::Tracks;
use registry_analysis::recording::Redaction;
use registry_analysis::statistics::internals_dump;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::Button;
use crate::services::{self, download};

/// Properties of [`Save`].
#[derive(Properties, PartialEq)]
pub struct SaveProps {
    /// What is shown.
    pub tracks: Tracks,
}

/// Saves what is shown as a file.
#[component]
pub fn Save(props: &SaveProps) -> Html {
    let redaction = use_state_eq(Redaction::default);
    let onsave = use_callback((props.tracks.clone(), *redaction), |_: MouseEvent, (tracks, redaction)| {
        let written = services::recording(tracks.to_vec()).write(*redaction);
        download::save("registry-harness-trace.json", "application/json", written.as_str());
    });
    let ondump =
        use_callback((props.tracks.clone(), redaction.addresses), |_: MouseEvent, (tracks, without_addresses)| {
            let written = internals_dump(tracks, *without_addresses);
            download::save("webrtc_internals_dump.txt", "application/json", written.as_str());
        });
    let with_addresses = tick(&redaction, |redaction, with| redaction.addresses = !with);
    let with_messages = tick(&redaction, |redaction, with| redaction.messages = !with);
    let empty = props.tracks.iter().all(|track| track.events.is_empty());
    html! {
        <section aria-label="Save">
            <h3>{ "Save" }</h3>
            <p class="muted">
                { "One file to attach to a report. Tokens, join codes and passwords are never in it. Addresses and the texts " }
                { "of messages are replaced, unless you include them. For other tools, peer connections and their statistics are " }
                { "saved in the format of chrome://webrtc-internals." }
            </p>
            <label class="tick">
                <input type="checkbox" data-testid="save-addresses" checked={!redaction.addresses} onchange={with_addresses} />
                { "Include IP addresses" }
            </label>
            <label class="tick">
                <input type="checkbox" data-testid="save-messages" checked={!redaction.messages} onchange={with_messages} />
                { "Include texts of messages" }
            </label>
            <div class="row">
                <Button testid="save-trace" class="small" disabled={empty} onclick={onsave}>{ "Save trace" }</Button>
                <Button testid="save-dump" class="small" disabled={empty} onclick={ondump}>{ "Save for other tools" }</Button>
            </div>
        </section>
    }
}

/// A handler that changes what is redacted.
fn tick(redaction: &UseStateHandle<Redaction>, change: fn(&mut Redaction, bool)) -> Callback<Event> {
    let redaction = redaction.clone();
    Callback::from(move |event: Event| {
        let mut changed = *redaction;
        change(&mut changed, event.target_unchecked_into::<HtmlInputElement>().checked());
        redaction.set(changed);
    })
}
