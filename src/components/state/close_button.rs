use registry_client::ConnectionState;
use yew::prelude::*;

use crate::components::{Button, Glyph, Icon};
use crate::hooks::{Session, use_action};

/// Properties of [`CloseButton`].
#[derive(Properties, PartialEq)]
pub struct CloseButtonProps {
    /// The connection state; in `idle` there is nothing to close.
    pub state: ConnectionState,
    /// Whether the room is closing and still delivers messages.
    pub closing: bool,
}

/// Closes the room, and shows when that takes a while.
#[component]
pub fn CloseButton(props: &CloseButtonProps) -> Html {
    let onclick = use_action(Session::close);
    html! {
        <div class="close">
            if props.state != ConnectionState::Idle {
                <Button testid="close-room-btn" class="small" busy={props.closing} {onclick}>
                    if props.closing {
                        { "Delivering…" }
                    } else {
                        <Icon glyph={Glyph::Cross} />
                        { "Close room" }
                    }
                </Button>
            }
        </div>
    }
}
