//! The sequence diagram.

mod list;
mod panel;
mod payload;
mod row;

pub use panel::Diagram;
