//! Statistics of the connection over time.

mod chart;
mod panel;

pub use panel::Statistics;
