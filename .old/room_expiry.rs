use registry_client::RoomLife;
use yew::prelude::*;

use super::ticking;
use crate::format;
use crate::markup::{classes, markup};
use crate::services;
use crate::state::life;

/// When the room expires, by the clock of the device that shows it, and how long that is from now.
pub fn room_expiry(life: RoomLife) -> Html {
    let at = if let RoomLife::Until(due) = life { Some(time_of_day(due.as_secs_f64())) } else { None };
    markup! {
        <span class="expiry mono">
            { at.map(|at| markup! { <span data-testid="expires-at">{ at }</span> }) }
            { countdown("expires-in", life) }
        </span>
    }
}

/// The time of day at so many seconds of the client's monotonic clock.
fn time_of_day(seconds: f64) -> String {
    let left = seconds - services::monotonic().as_secs_f64();
    // To the nearest second: what the clocks are read at differs a little from one drawing to the next.
    let epoch_ms = services::now_epoch_ms() + left * 1000.0 + 500.0;
    format::time_of_day(epoch_ms, services::local_offset_minutes())[..8].to_owned()
}

/// How long the room lives on, which goes on by itself.
pub fn countdown(testid: &'static str, life: RoomLife) -> Html {
    ticking(500, move |_| {
        let (tone, text) = life::remaining(life, services::monotonic());
        markup! { <span class={classes(&["left", tone])} data-testid={testid}>{ text }</span> }
    })
}
