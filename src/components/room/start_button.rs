use registry_client::ConnectionState;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Button;
use crate::hooks::{Session, use_action};

/// Properties of [`StartButton`].
#[derive(Properties, PartialEq)]
pub struct StartButtonProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// The connection state.
    pub state: ConnectionState,
}

/// Starts the connection, and shows that this is under way.
#[component]
pub fn StartButton(props: &StartButtonProps) -> Html {
    let onclick = use_action(Session::start);
    let busy = props.state == ConnectionState::Connecting;
    html! {
        <Button testid={props.testid} class={classes!("primary", style())} {busy} {onclick}>
            { if busy { "Connecting…" } else { "Start the connection" } }
        </Button>
    }
}

fn style() -> StyleSource {
    css!("width: 100%;")
}
