use registry_client::{ConnectionState, Role};
use yew::prelude::*;

use super::Session;
use super::use_effect_on;
use crate::components::Codes;

/// What a link's `auto=1` does without a click.
#[derive(Clone, Debug, PartialEq)]
pub struct Auto {
    /// As whom.
    pub role: Role,
    /// Under which name.
    pub name: String,
    /// The room to join; a guest waits until it is known.
    pub codes: Codes,
}

/// Makes or joins a room, and starts the connection once there is one, each only once: whoever closes the room wants it
/// closed.
#[hook]
pub fn use_auto(session: &Session, state: ConnectionState, auto: Option<Auto>) {
    let done = use_mut_ref(|| (false, false));
    let session = session.clone();
    use_effect_on((state, auto), move |(state, auto)| {
        let Some(auto) = auto else { return };
        let (admitted, started) = *done.borrow();
        match (state, auto.role) {
            (ConnectionState::Idle, Role::Host) if !admitted => session.create(&auto.name),
            (ConnectionState::Idle, Role::Guest) if !admitted && auto.codes.are_known() => {
                session.join(&auto.codes.room, &auto.codes.join, &auto.name);
            }
            (ConnectionState::Created | ConnectionState::Joined, _) if !started => {
                done.replace((true, true));
                return session.start();
            }
            _ => return,
        }
        done.replace((true, started));
    });
}
