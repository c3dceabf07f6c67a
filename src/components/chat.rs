//! The conversation.

mod bubble;
mod composer;
mod panel;
mod reconnect_bar;

pub use panel::Chat;
