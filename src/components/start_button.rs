use stylist::yew::use_style;
use yew::prelude::*;

use super::Button;
use crate::hooks::use_session;
use registry_client::{ConnectionState, Role};

/// Properties of [`StartButton`].
#[derive(Properties, PartialEq)]
pub struct StartButtonProps {
    /// Whose it is.
    pub role: Role,
    /// The present state.
    pub state: ConnectionState,
}

/// Starts the connection; while that is under way it stays, and says so.
#[component]
pub fn StartButton(props: &StartButtonProps) -> Html {
    let style = use_style!("width: 100%;");
    let session = use_session();
    let start = use_callback(session, |(), session| session.start());
    let busy = props.state == ConnectionState::Connecting;
    html! {
        <Button
            testid={format!("start-connection-{}-btn", props.role.as_str())}
            class={classes!("primary", style)}
            {busy}
            onclick={start}
        >
            { if busy { "Connecting…" } else { "Start the connection" } }
        </Button>
    }
}
