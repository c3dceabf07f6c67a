use registry_analysis::recording::Recording;
use yew::prelude::*;

use super::file_button::FileButton;
use crate::components::Line;
use crate::foreign::isolated;
use crate::format;
use crate::hooks::OpenedHandle;
use crate::services;

/// Properties of [`Open`].
#[derive(Properties, PartialEq)]
pub struct OpenProps {
    /// The trace that was opened, if any.
    pub opened: OpenedHandle,
}

/// Opens a trace from a file.
#[component]
pub fn Open(props: &OpenProps) -> Html {
    let opened = &props.opened;
    let onfile = {
        let opened = opened.clone();
        Callback::from(move |file| opened.open(file))
    };
    html! {
        <section aria-label="Open">
            <h3>{ "Open" }</h3>
            <p class="muted">{ "A saved trace is shown in the timeline and the views, as if it had just happened. Nothing is uploaded." }</p>
            <FileButton testid="open-trace" label="Open a trace" {onfile} />
            if let Some(problem) = opened.problem() {
                <p class="problem" role="alert" data-testid="open-problem">
                    <Line text={format::sentence(&isolated(&problem))} />
                </p>
            }
            if let Some(opened) = opened.get() {
                <p class="muted" data-testid="opened-about"><Line text={about(&opened.recording)} /></p>
            }
        </section>
    }
}

fn about(recording: &Recording) -> String {
    let at = format::time_of_day(recording.made_at, services::local_offset_minutes());
    let events: usize = recording.tracks.iter().map(|track| track.events.len()).sum();
    let redacted: Vec<_> = recording.redacted.iter().map(|what| what.as_str()).collect();
    let redacted = match redacted.as_slice() {
        [] => "nothing is redacted".to_owned(),
        some => format!("redacted: {}", some.join(" and ")),
    };
    format!("Saved at {at} by {}: {} events, {redacted}.", isolated(&recording.made_by), format::thousands(events))
}
