//! The check before there is a peer.

mod panel;
mod report;
mod row;

pub use panel::CheckPanel;
