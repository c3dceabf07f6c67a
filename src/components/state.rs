//! The connection state.

mod close_button;
mod map;
mod present_state;
mod station;

pub use close_button::CloseButton;
pub use map::StateMap;
pub use present_state::PresentState;
