use registry_client::{ConnectionState, Role};
use yew::prelude::*;

use super::Session;
use crate::components::Codes;

/// What a link with `auto=1` does without a click.
#[derive(Clone, Debug, PartialEq)]
pub struct Auto {
    /// Whether to create or to join a room.
    pub role: Role,
    /// The user name.
    pub name: String,
    /// The room to join; a guest waits until both codes are known.
    pub codes: Codes,
}

/// Creates or joins a room, then starts the connection, each only once: a room that the user closes stays closed.
#[hook]
pub fn use_auto(session: &Session, state: ConnectionState, auto: Option<Auto>) {
    let done = use_mut_ref(|| (false, false));
    let session = session.clone();
    use_effect_with((state, auto), move |(state, auto)| {
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
