//! One component a file. What keeps nothing between two drawings is a plain function: Yew makes two kilobytes of
//! WebAssembly of every component.

mod button;
mod candidate_table;
mod chat;
mod copy_button;
mod error_box;
mod facts_panel;
mod field;
mod foreign;
mod guest_panel;
mod header;
mod host_panel;
mod icon;
mod intro;
mod long_text;
mod peer;
mod progress_note;
mod reconnect_bar;
mod role_chooser;
mod room_expiry;
mod settings_panel;
mod start_button;
mod state_map;
mod theme_toggle;
mod ticking;
mod timeline;
mod timeline_list;
mod timeline_row;
mod timeline_tools;

use registry_client::ConnectionState;

pub use button::Button;
pub use candidate_table::candidate_tables;
pub use chat::Chat;
pub use copy_button::CopyButton;
pub use error_box::error_box;
pub use facts_panel::facts_panel;
pub use field::Field;
pub use foreign::{foreign, line};
pub use guest_panel::{Codes, GuestPanel};
pub use header::{masthead, status};
pub use host_panel::host_panel;
pub use icon::{Glyph, icon};
pub use intro::intro;
pub use long_text::said;
pub use peer::{Peer, Place};
pub use progress_note::progress_note;
pub use reconnect_bar::reconnect_bar;
pub use role_chooser::role_chooser;
pub use room_expiry::{countdown, room_expiry};
pub use settings_panel::settings_panel;
pub use start_button::start_button;
pub use state_map::state_map;
pub use theme_toggle::ThemeToggle;
pub use ticking::{elapsed, ticking};
pub use timeline::Timeline;
pub use timeline_row::TimelineRow;
pub use timeline_tools::timeline_tools;

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
