use yew::prelude::*;

use super::ticking;
use crate::format;
use crate::markup::markup;
use crate::services;

/// When the room expires, in milliseconds since the Unix epoch by the Registry's clock, and how long that is from now.
pub fn room_expiry(expires_at: u64) -> Html {
    let at = format::time_of_day(expires_at as f64, services::local_offset_minutes());
    markup! {
        <span class="expiry mono">
            <span data-testid="expires-at">{ at[..8].to_owned() }</span>
            { countdown("expires-in", expires_at) }
        </span>
    }
}

/// From here on the countdown warns, in milliseconds.
const SOON_MS: f64 = 30_000.0;

/// The time until a moment in milliseconds since the Unix epoch, which goes on by itself.
pub fn countdown(testid: &'static str, until: u64) -> Html {
    ticking(500, move |now| {
        let left = until as f64 - now;
        let (class, text) = if left <= 0.0 {
            ("left tone-bad", "expired".to_owned())
        } else {
            (if left < SOON_MS { "left tone-warn" } else { "left tone-idle" }, format!("in {}", format::clock(left)))
        };
        markup! { <span class={class} data-testid={testid}>{ text }</span> }
    })
}
