//! The connection state, and the facts about the current attempt.

mod candidates;
mod close_button;
mod fact;
mod facts_panel;
mod path;
mod present_state;
mod state_map;
mod station;

pub use candidates::Candidates;
pub use close_button::CloseButton;
pub use facts_panel::FactsPanel;
pub use present_state::PresentState;
pub use state_map::StateMap;
