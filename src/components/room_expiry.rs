use stylist::yew::use_style;
use yew::prelude::*;

use crate::format;
use crate::hooks::use_countdown;
use crate::services;

/// Properties of [`RoomExpiry`].
#[derive(Properties, PartialEq)]
pub struct RoomExpiryProps {
    /// When the room expires, in milliseconds since the Unix epoch by the Registry's clock.
    pub expires_at: u64,
}

/// From here on the countdown warns, in milliseconds.
const SOON_MS: f64 = 30_000.0;

/// When the room expires and how long that is from now.
#[component]
pub fn RoomExpiry(props: &RoomExpiryProps) -> Html {
    let style = use_style!(
        r#"
        display: inline-flex;
        flex-wrap: wrap;
        gap: 0 8px;
        font-size: 13px;
        .left { color: var(--tone); font-weight: 600; }
    "#
    );
    let left = use_countdown(props.expires_at);
    let at = format::time_of_day(props.expires_at as f64, services::local_offset_minutes());
    let (tone, text) = if left <= 0.0 {
        ("tone-bad", "expired".to_owned())
    } else {
        (if left < SOON_MS { "tone-warn" } else { "tone-idle" }, format!("in {}", format::clock(left)))
    };
    html! {
        <span class={classes!(style, "mono", tone)}>
            <span data-testid="expires-at">{ &at[..8] }</span>
            <span class="left" data-testid="expires-in">{ text }</span>
        </span>
    }
}
