use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::services;

/// The wall-clock time in milliseconds since the Unix epoch, read again every `every_ms`.
#[hook]
pub fn use_now(every_ms: u32) -> f64 {
    let now = use_state(services::now_epoch_ms);
    let setter = now.setter();
    use_effect_with(every_ms, move |every_ms| {
        let ticking = Interval::new(*every_ms, move || setter.set(services::now_epoch_ms()));
        move || drop(ticking)
    });
    // A render between two ticks has a later time at hand, and a clock that is set back must not freeze what is shown.
    services::now_epoch_ms()
}

/// How many milliseconds there are until `epoch_ms`, never less than none; counted down while the component lives.
#[hook]
pub fn use_countdown(epoch_ms: u64) -> f64 {
    (epoch_ms as f64 - use_now(500)).max(0.0)
}
