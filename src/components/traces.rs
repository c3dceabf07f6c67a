//! Traces as files: to save, to open, to compare.

mod banner;
mod compare;
mod file_button;
mod open;
mod panel;
mod save;

pub use banner::Banner;
pub use panel::Traces;
