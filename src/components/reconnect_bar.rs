use yew::prelude::*;

use crate::format;
use crate::hooks::use_now;
use crate::markup::markup;
use crate::state::Reconnect;
use crate::state::reconnect::Phase;

/// Properties of [`ReconnectBar`].
#[derive(Properties, PartialEq)]
pub struct ReconnectBarProps {
    /// What is done about the lost connection.
    pub reconnect: Reconnect,
}

/// What is done about a lost connection, for how long it has been lost, and when the next attempt begins.
#[component]
pub fn ReconnectBar(props: &ReconnectBarProps) -> Html {
    let now = use_now(250);
    let reconnect = &props.reconnect;
    let lost = format::clock((now - reconnect.lost_at).max(0.0));
    let (attempt, next) = match reconnect.phase {
        Phase::Healing | Phase::Restarting => (0, None),
        Phase::Scheduled { attempt, at } => (attempt, Some(format::duration((at - now).max(0.0)))),
        Phase::Attempting { attempt } => (attempt, None),
    };
    let next = next.map(|next| {
        markup! { <span data-testid="reconnect-countdown">{ format!("next in {next}") }</span> }
    });
    markup! {
        <div class="reconnect tone-warn" data-testid="reconnect" data-attempt={attempt.to_string()}>
            <p role="status">{ reconnect.sentence() }</p>
            <p class="times mono" aria-hidden="true">
                <span data-testid="reconnect-lost">{ format!("lost for {lost}") }</span>
                { next }
            </p>
        </div>
    }
}
