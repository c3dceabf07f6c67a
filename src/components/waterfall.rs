//! The waterfall.

mod chart;
mod panel;
mod track;

pub use panel::Waterfall;
