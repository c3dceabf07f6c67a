//! What is wrong, how that is known, and what to do: the best explanation first, the others folded away.

mod card;
mod evidence;
mod panel;

pub use panel::Findings;
