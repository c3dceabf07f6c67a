//! Both sides' candidates.

mod panel;
mod row;
mod side;

pub use panel::Candidates;
