use registry_client::RoomLife;
use yew::prelude::*;

use crate::hooks::use_now;
use crate::services;
use crate::state::life;

/// Properties of [`Countdown`].
#[derive(Properties, PartialEq)]
pub struct CountdownProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// How long the room lives.
    pub life: RoomLife,
}

/// How long the room has left, counting down.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    use_now(500);
    let (tone, text) = life::remaining(props.life, services::monotonic());
    html! { <span class={classes!("left", tone)} data-testid={props.testid}>{ text }</span> }
}
