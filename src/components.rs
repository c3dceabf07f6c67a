//! One component a file, its style below it in the same file. Folders are panels.

mod button;
mod candidates;
mod chat;
mod check;
mod copy_button;
mod countdown;
mod diagram;
mod elapsed;
mod error_box;
mod facts;
mod faults;
mod field;
mod findings;
mod foreign;
mod foreign_text;
mod icon;
mod input;
mod instrument;
mod intro;
mod long_text;
mod masthead;
mod pair;
mod paths;
mod peer;
mod registry;
mod room;
mod sdp;
mod settings;
mod spinner;
mod state;
mod statistics;
mod theme_toggle;
mod timeline;
mod traces;
mod watch;
mod waterfall;
mod work;

use registry_client::ConnectionState;

pub use button::Button;
pub use candidates::Candidates;
pub use chat::Chat;
pub use check::CheckPanel;
pub use copy_button::CopyButton;
pub use countdown::Countdown;
pub use diagram::Diagram;
pub use elapsed::Elapsed;
pub use error_box::ErrorBox;
pub use facts::FactsPanel;
pub use faults::Faults;
pub use field::Field;
pub use findings::Findings;
pub use foreign::{Foreign, Line, line};
pub use foreign_text::{ForeignText, foreign_text};
pub use icon::{Glyph, Icon};
pub use input::Input;
pub use instrument::Instrument;
pub use intro::Intro;
pub use masthead::Masthead;
pub use pair::Pair;
pub use paths::Paths;
pub use peer::{Peer, Place, Seen};
pub use registry::Registry;
pub use room::{Codes, GuestPanel, HostPanel, RoleChooser};
pub use sdp::Sdp;
pub use settings::SettingsPanel;
pub use spinner::Spinner;
pub use state::{CloseButton, PresentState, StateMap};
pub use statistics::Statistics;
pub use theme_toggle::ThemeToggle;
pub use timeline::Timeline;
pub use traces::{Banner, Traces};
pub use waterfall::Waterfall;

/// The class that gives an element the colour of a state (`static/base.css`).
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
