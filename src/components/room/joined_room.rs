use std::rc::Rc;

use registry_client::{ConnectionState, RoomLife};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::expiry::Expiry;
use super::start_button::StartButton;
use crate::components::Foreign;
use crate::state::RoomView;

/// Properties of [`JoinedRoom`].
#[derive(Properties, PartialEq)]
pub struct JoinedRoomProps {
    /// The room.
    pub room: Rc<RoomView>,
    /// How long it lives.
    pub life: RoomLife,
    /// The connection state.
    pub state: ConnectionState,
    /// Whether the peers have not met yet.
    pub waiting: bool,
}

/// The room that the guest has joined, and the start button.
#[component]
pub fn JoinedRoom(props: &JoinedRoomProps) -> Html {
    let JoinedRoomProps { room, life, state, waiting } = props;
    let host = room.host_name.clone().unwrap_or_else(|| "unknown".to_owned());
    html! {
        <div class={classes!("stack", style())} data-testid="room-joined-info">
            <dl>
                <dt class="eyebrow">{ "Host" }</dt>
                <dd class="value" data-testid="host-name"><Foreign text={host} /></dd>
                <dt class="eyebrow">{ "Room code" }</dt>
                <dd class="value mono" data-testid="joined-room-code">{ &room.code }</dd>
                <dt class="eyebrow">{ "Expires" }</dt>
                <dd><Expiry life={*life} /></dd>
            </dl>
            if *waiting {
                <StartButton testid="start-connection-guest-btn" state={*state} />
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; align-items: baseline; }
        .value { font-size: 17px; font-weight: 600; }
        "#
    )
}
