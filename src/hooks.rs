//! One hook a file.

mod use_action;
mod use_auto;
mod use_check;
mod use_diagnosis;
mod use_filtered;
mod use_follow;
mod use_now;
mod use_opened;
mod use_page;
mod use_parent;
mod use_registry_client;
mod use_reveal;
mod use_settings;
mod use_theme;
mod use_trace;
mod use_tracks;
mod use_view;

pub use use_action::{use_action, use_session};
pub use use_auto::{Auto, use_auto};
pub use use_check::{CheckHandle, use_check};
pub use use_diagnosis::use_diagnosis;
pub use use_filtered::{Filtered, use_filtered};
pub use use_follow::{Follow, Position, use_follow};
pub use use_now::use_now;
pub use use_opened::{OpenedHandle, read as read_trace, use_opened, use_shown_log};
pub use use_page::{Dispatcher, use_page};
pub use use_parent::use_parent;
pub use use_registry_client::{Session, use_registry_client};
pub use use_reveal::{Reveal, Wanted, use_reveal, use_wanted};
pub use use_settings::{SettingsHandle, use_current_settings, use_settings};
pub use use_theme::{Theme, use_theme};
pub use use_trace::use_trace;
pub use use_tracks::use_tracks;
pub use use_view::use_view;
