use yew::prelude::*;

use crate::format;
use crate::hooks::use_countdown;
use crate::markup::markup;
use crate::services;

/// When the room expires, in milliseconds since the Unix epoch by the Registry's clock, and how long that is from now.
pub fn room_expiry(expires_at: u64) -> Html {
    let at = format::time_of_day(expires_at as f64, services::local_offset_minutes());
    markup! {
        <span class="expiry mono">
            <span data-testid="expires-at">{ at[..8].to_owned() }</span>
            { html! { <Countdown testid="expires-in" until={expires_at} /> } }
        </span>
    }
}

/// Properties of [`Countdown`].
#[derive(Properties, PartialEq)]
pub struct CountdownProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// When it ends, in milliseconds since the Unix epoch.
    pub until: u64,
}

/// From here on the countdown warns, in milliseconds.
const SOON_MS: f64 = 30_000.0;

/// The time until a moment, which goes on by itself.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    let left = use_countdown(props.until);
    let (class, text) = if left <= 0.0 {
        ("left tone-bad", "expired".to_owned())
    } else {
        (if left < SOON_MS { "left tone-warn" } else { "left tone-idle" }, format!("in {}", format::clock(left)))
    };
    markup! { <span class={class} data-testid={props.testid}>{ text }</span> }
}
