//! One component a file.

mod button;
mod candidate_table;
mod chat;
mod copy_button;
mod elapsed;
mod error_box;
mod facts_panel;
mod field;
mod global_style;
mod guest_panel;
mod header;
mod host_panel;
mod icon;
mod intro;
mod progress_note;
mod role_chooser;
mod room_expiry;
mod settings_panel;
mod start_button;
mod state_map;
mod theme_toggle;
mod timeline;
mod timeline_list;
mod timeline_row;
mod timeline_tools;

use registry_client::ConnectionState;

pub use button::Button;
pub use candidate_table::CandidateTables;
pub use chat::Chat;
pub use copy_button::CopyButton;
pub use elapsed::Elapsed;
pub use error_box::ErrorBox;
pub use facts_panel::FactsPanel;
pub use field::Field;
pub use global_style::GlobalStyle;
pub use guest_panel::GuestPanel;
pub use header::Header;
pub use host_panel::HostPanel;
pub use icon::{Glyph, Icon};
pub use intro::Intro;
pub use progress_note::ProgressNote;
pub use role_chooser::RoleChooser;
pub use room_expiry::RoomExpiry;
pub use settings_panel::SettingsPanel;
pub use start_button::StartButton;
pub use state_map::StateMap;
pub use theme_toggle::ThemeToggle;
pub use timeline::Timeline;
pub use timeline_row::TimelineRow;
pub use timeline_tools::TimelineTools;

/// The class that gives an element the colour of a state.
pub(crate) fn tone(state: ConnectionState) -> &'static str {
    match state {
        ConnectionState::Idle => "tone-idle",
        ConnectionState::Created | ConnectionState::Joined => "tone-ready",
        ConnectionState::Creating | ConnectionState::Joining | ConnectionState::Connecting => "tone-busy",
        ConnectionState::Connected => "tone-good",
        ConnectionState::Disconnected => "tone-warn",
        ConnectionState::Error => "tone-bad",
    }
}
