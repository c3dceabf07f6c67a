use yew::prelude::*;

use super::ticking;
use crate::format;
use crate::markup::markup;
use crate::state::Reconnect;
use crate::state::reconnect::Phase;

/// What is done about a lost connection, for how long it has been lost, and when the next attempt begins.
pub fn reconnect_bar(reconnect: Reconnect) -> Html {
    ticking(250, move |now| draw(&reconnect, now))
}

fn draw(reconnect: &Reconnect, now: f64) -> Html {
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
