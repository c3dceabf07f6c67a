//! The connection settings.

mod by_link;
mod ice_servers;
mod panel;
mod turn;
mod turn_row;

pub use panel::SettingsPanel;
