use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::services;

/// The wall-clock time in milliseconds since the Unix epoch. Renders the component again every `every_ms` milliseconds.
#[hook]
pub fn use_now(every_ms: u32) -> f64 {
    let tick = use_force_update();
    use_effect_with(every_ms, move |every_ms| {
        let interval = Interval::new(*every_ms, move || tick.force_update());
        move || drop(interval)
    });
    services::now_epoch_ms()
}
