//! The session panel: choosing a role, creating or joining a room, starting.

mod blocked_note;
mod code;
mod codes;
mod expiry;
mod guest_form;
mod guest_panel;
mod host_form;
mod host_panel;
mod invitation;
mod joined_room;
mod new_join_code;
mod progress_note;
mod qr_code;
mod role_chooser;
mod room_codes;
mod start_button;

pub use codes::Codes;
pub use guest_panel::GuestPanel;
pub use host_panel::HostPanel;
pub use role_chooser::RoleChooser;
