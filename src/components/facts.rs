//! The facts about the current attempt.

mod fact;
mod panel;
mod path;
mod requests;
mod room;
mod rtc;
mod traffic;

pub use panel::FactsPanel;
