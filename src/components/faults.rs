mod held;
mod panel;
mod rules;
mod side;

pub use panel::Faults;
