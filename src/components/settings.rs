//! The connection settings.

mod by_link;
mod panel;
mod turn;

pub use panel::SettingsPanel;
