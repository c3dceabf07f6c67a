use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::hooks::use_effect_on;
use crate::services;

/// Properties of [`Ticking`].
#[derive(Properties, PartialEq)]
pub struct TickingProps {
    /// How often it is drawn, in milliseconds.
    pub every_ms: u32,
    /// Draws it at a time in milliseconds since the Unix epoch.
    pub draw: Callback<f64, Html>,
}

/// Anything that goes on by itself.
#[component]
fn Ticking(props: &TickingProps) -> Html {
    let tick = use_force_update();
    use_effect_on(props.every_ms, move |every_ms| {
        let ticking = Interval::new(*every_ms, move || tick.force_update());
        move || drop(ticking)
    });
    props.draw.emit(services::now_epoch_ms())
}

/// What is drawn again and again, at the time that it then is in milliseconds since the Unix epoch.
pub fn ticking(every_ms: u32, draw: impl Fn(f64) -> Html + 'static) -> Html {
    html! { <Ticking {every_ms} draw={Callback::from(draw)} /> }
}

/// The time since a moment and `plus` milliseconds, which goes on by itself.
pub fn elapsed(since: f64, plus: f64) -> Html {
    ticking(500, move |now| crate::format::clock(now - since + plus).into())
}
