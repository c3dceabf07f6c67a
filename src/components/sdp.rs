//! Offer and answer, line by line.

mod checks;
mod choice;
mod description;
mod difference;
mod explanation;
mod panel;
mod select;

pub use panel::Sdp;
