use registry_client::RoomLife;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Countdown;
use crate::format;
use crate::services;

/// Properties of [`Expiry`].
#[derive(Properties, PartialEq)]
pub struct ExpiryProps {
    /// How long the room lives.
    pub life: RoomLife,
}

/// When the room expires, by the clock of this device, and how long that is from now.
#[component]
pub fn Expiry(props: &ExpiryProps) -> Html {
    html! {
        <span class={classes!("mono", style())}>
            if let RoomLife::Until(due) = props.life {
                <span data-testid="expires-at">{ time_of_day(due.as_secs_f64()) }</span>
            }
            <Countdown testid="expires-in" life={props.life} />
        </span>
    }
}

/// The local time of day at this moment of the client's monotonic clock, in seconds.
fn time_of_day(seconds: f64) -> String {
    let left = seconds - services::monotonic().as_secs_f64();
    // Rounded to the second: the two clocks are read at slightly different moments.
    let epoch_ms = services::now_epoch_ms() + left * 1000.0 + 500.0;
    format::time_of_day(epoch_ms, services::local_offset_minutes())[..8].to_owned()
}

fn style() -> StyleSource {
    css!(
        r#"
        display: inline-flex;
        flex-wrap: wrap;
        gap: 0 8px;
        font-size: 13px;

        .left { color: var(--tone); font-weight: 600; }
        "#
    )
}
