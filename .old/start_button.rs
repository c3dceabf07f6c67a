use yew::prelude::*;

use super::Button;
use crate::hooks::Session;
use registry_client::ConnectionState;

/// Starts the connection; while that is under way it stays, and says so.
pub fn start_button(session: &Session, testid: &'static str, state: ConnectionState) -> Html {
    let busy = state == ConnectionState::Connecting;
    let button = Button {
        testid: testid.into(),
        class: "primary start",
        busy,
        onclick: Some(session.on(Session::start)),
        ..Button::default()
    };
    button.html(if busy { "Connecting…" } else { "Start the connection" }.into())
}
