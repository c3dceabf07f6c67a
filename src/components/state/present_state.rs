use yew::prelude::*;

use crate::components::{Elapsed, tone};
use crate::state::Stays;

/// Properties of [`PresentState`].
#[derive(Properties, PartialEq)]
pub struct PresentStateProps {
    /// The states so far.
    pub stays: Stays,
}

/// The connection state and how long it has lasted. The shell in `index.html` shows the same, so its style is in
/// `static/base.css`.
#[component]
pub fn PresentState(props: &PresentStateProps) -> Html {
    let state = props.stays.present();
    html! {
        <div class={classes!("state", tone(state))} data-testid="state-indicator" data-state={state.as_str()}>
            <span class="lamp" aria-hidden="true" />
            <span class="unseen">{ "State:" }</span>
            <span class="word" data-testid="state-text" data-state={state.as_str()} role="status" aria-live="polite">
                { state.as_str() }
            </span>
            <span class="time mono" aria-hidden="true" data-testid="state-time">
                <Elapsed since={props.stays.since_epoch_ms()} />
            </span>
        </div>
    }
}
