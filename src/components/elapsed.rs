use yew::prelude::*;

use crate::format;
use crate::hooks::use_now;

/// Properties of [`Elapsed`].
#[derive(Properties, PartialEq)]
pub struct ElapsedProps {
    /// A moment, in milliseconds since the Unix epoch.
    pub since: f64,
    /// What to add, in milliseconds.
    #[prop_or_default]
    pub plus: f64,
}

/// The time that has passed since a moment, counting up.
#[component]
pub fn Elapsed(props: &ElapsedProps) -> Html {
    let now = use_now(500);
    html! { { format::clock(now - props.since + props.plus) } }
}
