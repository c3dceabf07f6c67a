use yew::prelude::*;

use crate::format;
use crate::hooks::use_now;

/// Properties of [`Elapsed`].
#[derive(Properties, PartialEq)]
pub struct ElapsedProps {
    /// Since when, in milliseconds since the Unix epoch.
    pub since: f64,
    /// What is added, in milliseconds.
    #[prop_or_default]
    pub plus: f64,
}

/// The time since a moment, which goes on by itself.
#[component]
pub fn Elapsed(props: &ElapsedProps) -> Html {
    let now = use_now(500);
    format::clock(now - props.since + props.plus).into()
}
