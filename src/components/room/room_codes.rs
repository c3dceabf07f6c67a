use std::rc::Rc;

use registry_client::{ConnectionState, RoomLife};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::code::Code;
use super::expiry::Expiry;
use super::invitation::Invitation;
use super::new_join_code::NewJoinCode;
use super::start_button::StartButton;
use crate::hooks::use_current_settings;
use crate::services::location;
use crate::state::RoomView;

/// Properties of [`RoomCodes`].
#[derive(Properties, PartialEq)]
pub struct RoomCodesProps {
    /// The room.
    pub room: Rc<RoomView>,
    /// How long it lives.
    pub life: RoomLife,
    /// The connection state.
    pub state: ConnectionState,
    /// Whether the peers have not met yet.
    pub waiting: bool,
    /// Whether the join code can be replaced.
    pub replaceable: bool,
}

/// What the host shares, and the start button.
#[component]
pub fn RoomCodes(props: &RoomCodesProps) -> Html {
    let RoomCodesProps { room, life, state, waiting, replaceable } = props;
    let settings = use_current_settings().current;
    html! {
        <div class={classes!("stack", style())} data-testid="room-created-info">
            <div class="codes">
                <Code
                    name="Room code"
                    testid="room-code"
                    copy="copy-room-code"
                    what="the room code"
                    code={room.code.clone()}
                />
                if let Some(join) = &room.join_code {
                    <Code
                        name="Join code"
                        testid="join-code"
                        copy="copy-join-code"
                        what="the join code"
                        code={join.clone()}
                    />
                }
            </div>
            <div class="row life">
                <p>
                    <span class="eyebrow">{ "Expires " }</span>
                    <Expiry life={*life} />
                </p>
                if *replaceable {
                    <NewJoinCode />
                }
            </div>
            if *waiting {
                if let Some(join) = &room.join_code {
                    <Invitation link={location::invitation(&room.code, join, &settings)} />
                }
                <StartButton testid="start-connection-host-btn" state={*state} />
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .life { justify-content: space-between; }
        .codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 10px; }
        "#
    )
}
