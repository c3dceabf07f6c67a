use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::format;
use crate::hooks::use_now;
use crate::state::Reconnect;
use crate::state::reconnect::Phase;

/// Properties of [`ReconnectBar`].
#[derive(Properties, PartialEq)]
pub struct ReconnectBarProps {
    /// The recovery.
    pub reconnect: Reconnect,
}

/// The recovery of a lost connection: the current step, how long the connection has been lost, and when the next attempt
/// starts.
#[component]
pub fn ReconnectBar(props: &ReconnectBarProps) -> Html {
    let reconnect = &props.reconnect;
    let now = use_now(250);
    let lost = format::clock((now - reconnect.lost_at).max(0.0));
    let (attempt, next) = match reconnect.phase {
        Phase::Healing | Phase::Restarting => (0, None),
        Phase::Scheduled { attempt, at } => (attempt, Some(format::duration((at - now).max(0.0)))),
        Phase::Attempting { attempt } => (attempt, None),
    };
    html! {
        <div class={classes!("tone-warn", style())} data-testid="reconnect" data-attempt={attempt.to_string()}>
            <p role="status">{ reconnect.sentence() }</p>
            <p class="times mono" aria-hidden="true">
                <span data-testid="reconnect-lost">{ format!("lost for {lost}") }</span>
                if let Some(next) = next {
                    <span data-testid="reconnect-countdown">{ format!("next in {next}") }</span>
                }
            </p>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        padding: 8px 11px;
        border-left: 3px solid var(--tone);
        border-radius: 3px;
        background: var(--sunken);
        font-size: 14px;

        .times { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 12.5px; color: var(--muted); }
        "#
    )
}
