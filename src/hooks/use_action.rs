use yew::prelude::*;

use super::Session;

/// The session of the `Peer` that the component belongs to.
///
/// # Panics
///
/// Outside a `ContextProvider<Session>`.
#[hook]
pub fn use_session() -> Session {
    use_context().expect("the component belongs to a peer")
}

/// A click handler that calls a method of the session.
#[hook]
pub fn use_action(act: fn(&Session)) -> Callback<MouseEvent> {
    let session = use_session();
    use_callback(session, move |_, session| act(session))
}
